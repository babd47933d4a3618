/**
 * Pauses between two questions to the GPU. A timer leaves the processor to other work, but browsers delay the timers of background pages
 * by a second or a minute. So a pause uses a timer on a visible page alone, after one timer has fired in time. Otherwise it spends
 * turns of the event loop.
 */

import { laterTask } from '../../platform/later-task.js';

/** The longest pause. The first pause is one turn of the event loop; later pauses grow, and disturb a long computation less. */
const LONGEST_MS = 8;

/** A timer that fires this much too late is one that the browser delays. */
const LATE_MS = 250;

export class Pause {
  #timersAreTimely = false;
  #ms = 0;

  constructor() {
    const start = performance.now();
    setTimeout(() => {
      this.#timersAreTimely = performance.now() - start < LATE_MS;
    });
  }

  /** Resolves after one turn of the event loop at first, and after up to 8 ms later. */
  async next(): Promise<void> {
    const ms = this.#ms;
    this.#ms = Math.min(2 * ms + 1, LONGEST_MS);
    if (!this.#timersAreTimely || isHidden()) return turns(ms);
    const start = performance.now();
    await timer(ms);
    if (performance.now() - start > ms + LATE_MS) this.#timersAreTimely = false;
  }
}

const isHidden = (): boolean => typeof document !== 'undefined' && document.hidden;

/** Waits `ms`, or until the page goes to the background, where the timer may be a minute late. */
function timer(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const page = typeof document === 'undefined' ? null : document;
    const done = () => {
      page?.removeEventListener('visibilitychange', done);
      clearTimeout(id);
      resolve();
    };
    const id = setTimeout(done, ms);
    page?.addEventListener('visibilitychange', done);
  });
}

async function turns(ms: number): Promise<void> {
  const end = performance.now() + ms;
  do await laterTask();
  while (performance.now() < end);
}

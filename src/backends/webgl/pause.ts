/**
 * Waiting between two looks at the GPU. Timers leave the processor to others, but browsers delay those of pages in the
 * background by a second or a minute. So a timer is trusted on a visible page only, after one has fired in time; else turns of
 * the event loop pass the time. It knows nothing of what is waited for.
 */

import { laterTask } from '../../platform/later-task.js';

/** The first pause is one turn of the event loop; later ones are longer, so that a long computation is not disturbed. */
const LONGEST_MS = 8;

/** A timer that fires this much later than it should is one that the browser holds back. */
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

  /** Resolves after a while: at first at once, later after up to 8 ms. */
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

/** Ends early when the page goes to the background, since from then on the timer may be a minute late. */
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

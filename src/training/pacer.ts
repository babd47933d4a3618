/** Lets the event loop run now and then, so that a page draws and answers while a network trains. */

import { laterTask } from '../platform/later-task.js';

/** The longest time that the event loop may wait, in milliseconds: about one frame. */
const LONGEST = 16;

/** Remembers when the event loop last ran. */
export class Pacer {
  #last = performance.now();

  /** Lets the event loop run if it has waited for a frame; otherwise returns undefined at once. */
  pause(): Promise<void> | undefined {
    if (performance.now() - this.#last < LONGEST) return undefined;
    return laterTask().then(() => {
      this.#last = performance.now();
    });
  }
}

/**
 * Lets the event loop run now and then: a page must draw and answer while a network trains. It knows nothing of training.
 */

/** How long the loop may be kept waiting, in milliseconds: about one frame. */
const LONGEST = 16;

/** Continues in a later task, after those that wait already. A timer would add a millisecond or more. */
function laterTask(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve));
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Remembers when the event loop last ran. */
export class Pacer {
  #last = performance.now();

  /** Lets the event loop run if it has waited for a frame; otherwise returns undefined, at once. */
  pause(): Promise<void> | undefined {
    if (performance.now() - this.#last < LONGEST) return undefined;
    return laterTask().then(() => {
      this.#last = performance.now();
    });
  }
}

/** A limit on how much is done at once. */
import { Refusal } from './refusal.js';

/**
 * Makes a function that runs a task: at most `atOnce` of them together, `waiting` more in a queue. Beyond that a task is refused with
 * status 503, at once: a client that is told to come back is better off than one that waits in a long queue.
 */
export function makeGate({ atOnce, waiting }) {
  let running = 0;
  const queue = [];

  /** Waits for a turn, unless the client goes away before. */
  const turn = (signal) =>
    new Promise((resolve, reject) => {
      const leave = () => {
        queue.splice(queue.indexOf(enter), 1);
        reject(new Refusal(400, 'the client went away'));
      };
      const enter = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      if (signal?.aborted) return reject(new Refusal(400, 'the client went away'));
      signal?.addEventListener('abort', leave, { once: true });
      queue.push(enter);
    });

  return async (task, signal) => {
    if (running < atOnce) running++;
    else if (queue.length < waiting) await turn(signal);
    else throw new Refusal(503, 'too many pictures at once', { 'Retry-After': '1' });
    try {
      return await task();
    } finally {
      // A turn goes straight to the next in the queue, so that nobody who comes meanwhile can take it.
      const next = queue.shift();
      if (next) next();
      else running--;
    }
  };
}

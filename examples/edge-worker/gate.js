/** Limits the number of tasks that run at the same time. */
import { Refusal } from './refusal.js';

/**
 * Makes a function that runs a task: at most `atOnce` tasks run together, and `waiting` more wait in a queue. Any
 * further task is refused at once with status 503: a client that is told to come back is better off than one that waits
 * in a long queue.
 */
export function makeGate({ atOnce, waiting }) {
  let running = 0;
  const queue = [];

  /** Waits for a turn, unless the client leaves before. */
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
      // The turn goes directly to the next task in the queue, so no later task can take it.
      const next = queue.shift();
      if (next) next();
      else running--;
    }
  };
}

/**
 * Decodes pictures in threads, on Node, Deno and Bun. The server's own thread stays free for other requests, and a
 * picture that takes too long, or too much memory, ends a thread and not the process.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { FormatError } from 'rensa/inference';
import { Refusal } from './refusal.js';

/** Milliseconds for one picture: 20 times the time of the slowest one within the limits, on an idle machine. */
const TIMEOUT = 2000;

/** Milliseconds until a thread has loaded its modules. */
const START_TIMEOUT = 20_000;

/** Megabytes of objects in a thread. Node enforces this; Deno and Bun ignore the option. */
const MEMORY = 256;

/**
 * The next message of a thread. The time is counted in two halves: if this thread itself is held up all that time, it
 * receives a waiting message before the second half ends.
 */
async function next(worker, timeout) {
  const late = new AbortController();
  let timer = setTimeout(() => {
    timer = setTimeout(() => late.abort(), timeout / 2);
  }, timeout / 2);
  try {
    const [message] = await once(worker, 'message', { signal: late.signal });
    return message;
  } finally {
    clearTimeout(timer);
  }
}

/** The refusal for the end of a thread; null if the picture was not to blame. */
function refusalOf({ name, code }, timeout) {
  if (name === 'AbortError') return new Refusal(422, `the picture takes longer than ${timeout} ms to decode`);
  if (code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new Refusal(422, `the picture takes more than ${MEMORY} MB to decode`);
  return null;
}

/**
 * Makes a function like `pixelsOf`. It has as many threads as it was ever called at once, so its callers limit that.
 *
 * @param {{ timeout?: number }} [options] `timeout`: milliseconds for one picture
 * @returns {(bytes: Uint8Array) => Promise<Float32Array | null>}
 */
export function makePictureWorkers({ timeout = TIMEOUT } = {}) {
  const idle = new Set();

  async function start() {
    const worker = new Worker(new URL('./picture-worker.js', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY },
    });
    worker.on('error', () => {}); // callers that wait for the thread get the error by `once`
    worker.on('exit', () => idle.delete(worker));
    try {
      await next(worker, START_TIMEOUT);
    } catch (cause) {
      worker.terminate();
      throw new Error('a thread that decodes pictures did not start', { cause });
    }
    return worker;
  }

  return async (bytes) => {
    const [waiting] = idle;
    idle.delete(waiting);
    const worker = waiting ?? (await start());
    let reply;
    try {
      worker.postMessage(bytes, [bytes.buffer]);
      reply = await next(worker, timeout);
    } catch (error) {
      worker.terminate();
      throw refusalOf(error, timeout) ?? error;
    }
    idle.add(worker);
    if (reply.damaged) throw new FormatError(reply.damaged);
    return reply.pixels;
  };
}

/** Reads the bodies of requests, within limits of size, of time, and of the memory of all bodies together. */
import { Refusal } from './refusal.js';

/**
 * Makes a function that reads the body of a request.
 *
 * @param options `most`: bytes of one body; `together`: bytes of all bodies that are being read or worked on; `timeout`:
 *   milliseconds within which a body must arrive
 */
export function makeBodyReader({ most, together, timeout }) {
  let held = 0;

  async function collect(request, parts) {
    const reader = request.body.getReader();
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Refusal(408, `the body did not arrive within ${timeout} ms`)), timeout);
    });
    let size = 0;
    try {
      for (;;) {
        const { done, value } = await Promise.race([reader.read(), late]);
        if (done) return size;
        size += value.length;
        held += value.length;
        parts.push(value);
        if (size > most) throw new Refusal(413, `more than ${most} bytes`);
        if (held > together) throw new Refusal(503, 'too many bodies at once', { 'Retry-After': '1' });
      }
    } catch (error) {
      reader.cancel().catch(() => {}); // the rest is not needed
      throw error instanceof Refusal ? error : new Refusal(400, 'the body broke off');
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads the body and calls `use` with its bytes. They count as held until `use` has finished. */
  return async (request, use) => {
    const declared = Number(request.headers.get('content-length') ?? 0);
    if (declared > most) throw new Refusal(413, `${declared} bytes, at most ${most} are read`);
    if (!request.body) throw new Refusal(400, 'the body is empty');
    const parts = [];
    try {
      const size = await collect(request, parts);
      if (size === 0) throw new Refusal(400, 'the body is empty');
      const bytes = new Uint8Array(size);
      let at = 0;
      for (const part of parts) {
        bytes.set(part, at);
        at += part.length;
      }
      return await use(bytes);
    } finally {
      held -= parts.reduce((sum, { length }) => sum + length, 0);
    }
  };
}

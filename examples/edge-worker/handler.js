/**
 * The service, as a function from requests to answers. It keeps nothing between requests, so that any number of copies of it
 * may run; where they run, and where the weights come from, is not its business.
 *
 *     POST /   a PNG or JPEG picture of a digit, or 784 bytes of raw pixels (28 × 28, 0 to 255)
 *     →        { "digit": 7, "probabilities": [ … ten numbers … ] }
 */
import { decodeImage, FormatError } from 'rensa/inference';
import { digitOf } from './digit.js';

/** A phone's photograph has no business here: a digit is small. */
const MOST_BYTES = 1_000_000;
const MOST_PIXELS = 4_000_000;
/** Senders slower than this are not waited for. */
const READ_TIMEOUT_MS = 10_000;

const RAW_PIXELS = 28 * 28;

const USAGE = `POST a picture of a digit: image/png, image/jpeg, or application/octet-stream with ${RAW_PIXELS} bytes.\n`;

/** An answer that says what was wrong with the request. */
class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The body, as far as the limits allow. */
async function readBody(request, timeout) {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > MOST_BYTES) throw new Refusal(413, `${declared} bytes, at most ${MOST_BYTES} are read`);
  if (!request.body) throw new Refusal(400, 'the body is empty');
  const reader = request.body.getReader();
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Refusal(408, `the body did not arrive within ${timeout} ms`)), timeout);
  });
  const parts = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) break;
      size += value.length;
      if (size > MOST_BYTES) throw new Refusal(413, `more than ${MOST_BYTES} bytes`);
      parts.push(value);
    }
  } catch (error) {
    reader.cancel().catch(() => {}); // whatever else comes is not wanted
    throw error;
  } finally {
    clearTimeout(timer);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** How bytes of each type become a picture. */
const DECODERS = {
  'image/png': (bytes) => decodeImage(bytes, 'the picture', { maxPixels: MOST_PIXELS }),
  'image/jpeg': (bytes) => decodeImage(bytes, 'the picture', { maxPixels: MOST_PIXELS }),
  'application/octet-stream': (bytes) => {
    if (bytes.length !== RAW_PIXELS) throw new Refusal(400, `${bytes.length} raw pixels, expected ${RAW_PIXELS}`);
    return { width: 28, height: 28, channels: 1, data: bytes };
  },
};

async function answer(request, read, timeout) {
  const type = (request.headers.get('content-type') ?? '').split(';')[0].trim().toLowerCase();
  const decode = DECODERS[type];
  if (!decode) throw new Refusal(415, `content type '${type}': ${Object.keys(DECODERS).join(', ')} are understood`);
  const bytes = await readBody(request, timeout);
  const pixels = digitOf(await decode(bytes));
  if (!pixels) throw new Refusal(422, 'the picture is blank');
  const probabilities = Array.from(read(pixels));
  return { digit: probabilities.indexOf(Math.max(...probabilities)), probabilities };
}

const json = (status, content, headers = {}) => Response.json(content, { status, headers });

/**
 * Makes a handler of a reader, a function from 784 pixels to ten probabilities.
 *
 * @param options `timeout`: milliseconds within which a body must arrive
 */
export function makeHandler(read, { timeout = READ_TIMEOUT_MS } = {}) {
  return async (request) => {
    if (request.method === 'GET' || request.method === 'HEAD') return new Response(USAGE);
    if (request.method !== 'POST')
      return json(405, { error: `${request.method} is not done here` }, { Allow: 'GET, POST' });
    try {
      return json(200, await answer(request, read, timeout));
    } catch (error) {
      if (error instanceof Refusal) return json(error.status, { error: error.message });
      if (error instanceof FormatError) return json(400, { error: error.message });
      console.error(error);
      return json(500, { error: 'internal error' });
    }
  };
}

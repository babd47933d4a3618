/**
 * The service, as a function from requests to responses. It keeps no data between requests, so any number of copies may
 * run. Callers decide where it runs and where the weights come from.
 *
 *     POST /   a PNG or JPEG picture of a digit, or 784 bytes of raw pixels (28 × 28, 0 to 255)
 *     →        { "digit": 7, "probabilities": [ … ten numbers … ] }
 */
import { FormatError } from 'rensa/inference';
import { empty, json, refused, text } from './answers.js';
import { makeBodyReader } from './body.js';
import { digitOf } from './digit.js';
import { makeGate } from './gate.js';
import { sizeOf } from './picture-size.js';
import { MAX_BYTES, MAX_PIXELS, pixelsOf } from './pictures.js';
import { quoted, Refusal } from './refusal.js';

/** The supported methods, for 405 and for preflights. */
export const ALLOW = 'GET, HEAD, OPTIONS, POST';

const RAW_PIXELS = 28 * 28;
const TYPES = ['image/png', 'image/jpeg', 'application/octet-stream'];
const USAGE = `POST a picture of a digit: image/png, image/jpeg, or application/octet-stream with ${RAW_PIXELS} bytes.\n`;

/** Bytes of all bodies together. */
const MAX_HELD = 32_000_000;

/** Pictures up to this many pixels take milliseconds; they never wait behind larger ones. */
const SMALL = 256 * 256;

/** The path of a request. Bun also passes on invalid addresses, and only the path if the host is invalid. */
function pathOf({ url }) {
  if (!URL.canParse(url, 'http://localhost')) throw new Refusal(400, `${quoted(url)} is not an address`);
  return new URL(url, 'http://localhost').pathname;
}

/** Checks the headers of a request before its body is read. Returns the type of the body. */
function checkHeaders(headers) {
  const coding = headers.get('content-encoding') ?? 'identity';
  if (coding.trim().toLowerCase() !== 'identity')
    throw new Refusal(415, `content encoding ${quoted(coding)}: send the picture as it is`, {
      'Accept-Encoding': 'identity',
    });
  const type = (headers.get('content-type') ?? '').split(';')[0].trim().toLowerCase();
  if (!TYPES.includes(type)) throw new Refusal(415, `content type ${quoted(type)}: ${TYPES.join(', ')} are understood`);
  return type;
}

/** The pixels of a body of raw pixels. */
function rawPixels(bytes) {
  if (bytes.length !== RAW_PIXELS) throw new Refusal(400, `${bytes.length} raw pixels, expected ${RAW_PIXELS}`);
  return digitOf({ width: 28, height: 28, channels: 1, data: bytes });
}

/** The number of pixels that a file declares. */
function declaredPixels(bytes) {
  const size = sizeOf(bytes);
  if (!size) throw new Refusal(400, 'the picture is neither a PNG nor a JPEG file');
  const { width, height } = size;
  if (width * height > MAX_PIXELS)
    throw new Refusal(413, `a picture of ${width} × ${height} pixels, at most ${MAX_PIXELS} are decoded`);
  return width * height;
}

/**
 * Makes a handler of a reader, a function from 784 pixels to ten probabilities.
 *
 * @param {(pixels: Float32Array) => ArrayLike<number>} read
 * @param {object} [options]
 * @param {(bytes: Uint8Array) => Promise<Float32Array | null>} [options.toPixels] decodes a PNG or JPEG file; by default in
 *   the caller's thread
 * @param {string} [options.path] the path of the service
 * @param {string | null} [options.allowOrigin] the origin whose pages may send requests; '*' for all, null for none
 * @param {number} [options.timeout] milliseconds within which a body must arrive
 * @returns {(request: Request) => Promise<Response>}
 */
export function makeHandler(read, { toPixels = pixelsOf, path = '/', allowOrigin = '*', timeout = 10_000 } = {}) {
  const readBody = makeBodyReader({ most: MAX_BYTES, together: MAX_HELD, timeout });
  const small = makeGate({ atOnce: 2, waiting: 64 });
  const large = makeGate({ atOnce: 1, waiting: 4 });
  const cors = allowOrigin === null ? {} : { 'Access-Control-Allow-Origin': allowOrigin };
  const preflight = {
    ...(allowOrigin !== null && {
      'Access-Control-Allow-Methods': ALLOW,
      'Access-Control-Allow-Headers': 'Content-Type',
      'Access-Control-Max-Age': '86400',
    }),
    Allow: ALLOW,
  };

  async function post(request) {
    const type = checkHeaders(request.headers);
    return readBody(request, async (bytes) => {
      const isRaw = type === 'application/octet-stream';
      const gate = isRaw || declaredPixels(bytes) <= SMALL ? small : large;
      const pixels = isRaw ? rawPixels(bytes) : await gate(() => toPixels(bytes), request.signal);
      if (!pixels) throw new Refusal(422, 'the picture is blank');
      const probabilities = Array.from(read(pixels));
      return json(200, { digit: probabilities.indexOf(Math.max(...probabilities)), probabilities });
    });
  }

  function answer(request) {
    if (pathOf(request) !== path) throw new Refusal(404, `nothing is here; the service is at ${path}`);
    switch (request.method) {
      case 'GET':
      case 'HEAD':
        return text(200, USAGE);
      case 'OPTIONS':
        return empty(204, preflight);
      case 'POST':
        return post(request);
      default:
        throw new Refusal(405, `${quoted(request.method)} is not done here`, { Allow: ALLOW });
    }
  }

  /** Makes a response in every case, also after an error. */
  async function answerOrRefusal(request) {
    try {
      return await answer(request);
    } catch (error) {
      if (error instanceof Refusal) return refused(error);
      if (error instanceof FormatError) return refused(new Refusal(400, error.message));
      console.error(error);
      return refused(new Refusal(500, 'internal error'));
    }
  }

  return async (request) => {
    const response = await answerOrRefusal(request);
    for (const [name, value] of Object.entries(cors)) response.headers.set(name, value);
    // HEAD gets the headers of GET and no body.
    return request.method === 'HEAD' ? new Response(null, response) : response;
  };
}

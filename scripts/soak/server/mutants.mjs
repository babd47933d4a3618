// @ts-check
/** Random requests: hostile and honest ones, damaged. A seed decides them. */

/** @typedef {import('./hostile-requests.mjs').HostileRequest} HostileRequest */

/** Every answer that is not a server fault. 501, 503 and 505 say that a server does not do something, or not now. */
const ANY = [200, 204, 400, 404, 405, 408, 411, 413, 414, 415, 417, 422, 426, 431, 501, 503, 505, null];

/** Bytes that mean something in HTTP or in pictures. */
const TELLING = Buffer.from('\r\n\0 :;,/?#%[]@*"\xff\xd8\xda\x80', 'latin1');

/** Numbers from 0 to 1 that a seed decides (a Weyl sequence, mixed as in splitmix32). @param {number} seed @returns {() => number} */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/**
 * A request with one to four damages: a byte changed, a part left out, sent twice, or taken from another request. Most damages hit the
 * first 200 bytes, where the request line and the headers are. The client ends its side after the last byte, so that no server waits.
 *
 * @param {readonly HostileRequest[]} requests what is damaged
 * @param {() => number} random
 * @returns {HostileRequest}
 */
export function mutantOf(requests, random) {
  /** @param {number} below */
  const pick = (below) => Math.floor(random() * below);
  const one = requests[pick(requests.length)];
  const other = requests[pick(requests.length)].bytes;
  let bytes = Buffer.from(one.bytes);
  for (let left = 1 + pick(4); left > 0 && bytes.length > 0; left--) {
    const at = pick(random() < 0.8 ? Math.min(200, bytes.length) : bytes.length);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    const length = pick(random() < 0.5 ? 8 : 500);
    switch (pick(5)) {
      case 0:
        bytes[at] = random() < 0.5 ? TELLING[pick(TELLING.length)] : pick(256);
        break;
      case 1:
        bytes = Buffer.concat([before, after.subarray(length)]);
        break;
      case 2:
        bytes = Buffer.concat([before, after.subarray(0, length), after]);
        break;
      case 3:
        bytes = Buffer.concat([before, other.subarray(pick(200), 200 + length), after]);
        break;
      default:
        bytes = before;
    }
  }
  return { name: `${one.name}, damaged`, bytes, expected: ANY, halfClose: true };
}

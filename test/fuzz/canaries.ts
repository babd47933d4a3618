/** Arrays of known content between the arrays of a case. A kernel that writes beyond its operands changes one. */

import { getDevice } from '../../src/ndarray/device.js';
import { keep } from '../../src/ndarray/lifetime.js';
import { fromHost, type NDArray } from '../../src/ndarray/ndarray.js';
import { Finding } from './target.js';

/** Elements of the canaries: sizes of the smallest blocks, and sizes that cases use. */
const SIZES = [1, 3, 16, 17, 64, 256, 1000, 4096];

interface Canary {
  readonly array: NDArray;
  readonly content: Int32Array;
}

/** Content that no case computes by chance. */
const contentOf = (size: number, k: number): Int32Array =>
  Int32Array.from({ length: size }, (_, i) => Math.imul(i + 1, 0x9e3779b1) ^ k);

/** The canaries of a process. */
export class Canaries {
  readonly #canaries: Canary[] = [];

  /** Puts one more of each size on the heap. */
  add(): void {
    for (const size of SIZES) {
      const content = contentOf(size, this.#canaries.length);
      const array = keep(fromHost(content, [size], 'int32', getDevice()));
      this.#canaries.push({ array, content });
    }
  }

  /** Frees some, so that later cases get blocks between those that stay. */
  thin(): void {
    for (let i = this.#canaries.length - 1; i > 0; i -= 3) this.#canaries.splice(i, 1)[0].array.storage.free();
  }

  /** @throws Finding naming the first array that changed. */
  check(): void {
    for (const [k, { array, content }] of this.#canaries.entries()) {
      const now = array.dataSync();
      for (let i = 0; i < content.length; i++) {
        if (now[i] === content[i]) continue;
        throw new Finding(
          'damaged array',
          `element ${i} of ${content.length} of canary ${k} is ${now[i]}, not ${content[i]}`,
        );
      }
    }
  }
}

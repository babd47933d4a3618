/**
 * The counter-based generator that kernels draw from, written from the paper: J. Salmon, M. Moraes, R. Dror, D. Shaw,
 * "Parallel random numbers: as easy as 1, 2, 3", SC 2011. BigInt arithmetic modulo 2³², so that no step depends on
 * JavaScript's 32-bit operators.
 */
import type { DType } from '../../../src/backends/primitives.js';
import { build, type HostArray, placeOf } from '../host-array.js';

type Words = readonly [bigint, bigint];

/** Rotations of Threefry-2x32, in order, over and over (the paper's table 2). */
const ROTATIONS = [13n, 15n, 26n, 6n, 17n, 29n, 16n, 24n];

/** The constant that makes the third key word, so that no key has words that are all zero. */
const PARITY = 0x1bd11bdan;

const mod32 = (value: bigint) => value & 0xffffffffn;
const rotateLeft = (value: bigint, by: bigint) => mod32(value << by) | (value >> (32n - by));

/** Threefry-2x32 with 20 rounds: a key is injected before the first round and after every fourth. */
export function threefry2x32([key0, key1]: Words, [counter0, counter1]: Words): Words {
  const keys = [key0, key1, key0 ^ key1 ^ PARITY];
  let [x0, x1] = [mod32(counter0 + key0), mod32(counter1 + key1)];
  for (let round = 0; round < 20; round++) {
    x0 = mod32(x0 + x1);
    x1 = rotateLeft(x1, ROTATIONS[round % 8]) ^ x0;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x0 = mod32(x0 + keys[injection % 3]);
      x1 = mod32(x1 + keys[(injection + 1) % 3] + BigInt(injection));
    }
  }
  return [x0, x1];
}

/** The words of element pair `i >> 1` under key (seed, stream). */
function wordsFor(seed: number, stream: number, element: number): [number, number] {
  const counter = [BigInt(Math.floor(element / 2)), 0n] as const;
  const [word0, word1] = threefry2x32([mod32(BigInt(seed)), mod32(BigInt(stream))], counter);
  return [Number(word0), Number(word1)];
}

/** The upper 24 bits of a word. */
const upper = (word: number) => Math.floor(word / 2 ** 8);

/** Uniform in [0, 1): multiples of 2⁻²⁴, exact in every floating dtype. */
export function uniform(seed: number, stream: number, shape: readonly number[], dtype: DType): HostArray {
  return build(shape, dtype, (index) => {
    const element = placeOf(shape, index);
    return upper(wordsFor(seed, stream, element)[element % 2]) / 2 ** 24;
  });
}

/** Standard normal by the method of Box and Muller. */
export function normal(seed: number, stream: number, shape: readonly number[], dtype: DType): HostArray {
  return build(shape, dtype, (index) => {
    const element = placeOf(shape, index);
    const [u0, u1] = wordsFor(seed, stream, element).map((word) => (upper(word) + 1) / 2 ** 24);
    const turn = element % 2 === 0 ? Math.cos(2 * Math.PI * u1) : Math.sin(2 * Math.PI * u1);
    return Math.sqrt(-2 * Math.log(u0)) * turn;
  });
}

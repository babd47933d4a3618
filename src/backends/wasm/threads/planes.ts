/** The cuts of kernels over independent planes or slabs: pooling, softmax, and argMax and argMin. */
import { ITEM_SIZES } from '../../shapes.js';
import { Windows } from '../generated/records.js';
import type { Heap } from '../heap.js';
import type { Kernels } from '../loader.js';
import { ITEM_BYTES, keysOf, sharesOf } from './ranges.js';
import type { ShareMemory } from './share-memory.js';
import type { KernelName, Team } from './team.js';

/** The fewest elements of a share, for a kernel that computes an element almost as fast as it reads it. */
const WORTH = 1 << 14;

/** Max pooling's kernels: bytes of an element, and which of the three operands are the image and the int32 indices. */
const MAXIMUM = {
  maxPoolF32: { item: 4, image: 0, indices: 2 },
  maxPoolF64: { item: 8, image: 0, indices: 2 },
  maxPoolGatherF32: { item: 4, image: 0, indices: 1 },
  maxPoolGatherF64: { item: 8, image: 0, indices: 1 },
  maxPoolGradF32: { item: 4, image: 2, indices: 1 },
  maxPoolGradF64: { item: 8, image: 2, indices: 1 },
} as const;

/** Average pooling's kernels: bytes of an element, and which of the two operands is the image. */
const AVERAGE = {
  averagePoolF32: { item: 4, image: 0 },
  averagePoolF64: { item: 8, image: 0 },
  averagePoolGradF32: { item: 4, image: 1 },
  averagePoolGradF64: { item: 8, image: 1 },
} as const;

/** Softmax's kernels: bytes of an element. */
const SOFTMAX = { softmaxF32: 4, softmaxF64: 8 } as const;

/** The kernels of this file, each of which cuts its calls into shares for a team. */
export function dividePlanes(team: Team, heap: Heap, memory: ShareMemory): Partial<Kernels> {
  const divided: Partial<Kernels> = {};

  /** Runs a pooling kernel. A share has a record with fewer planes, and operands that begin at its first plane. */
  const pool = (
    kernel: KernelName,
    operands: readonly number[],
    planeBytes: readonly ((image: number, out: number) => number)[],
    w: number,
  ) => {
    const words = heap.i32.subarray(w >> 2, (w >> 2) + Windows.words);
    const image = words[Windows.height] * words[Windows.width];
    const out = words[Windows.outHeight] * words[Windows.outWidth];
    let index = 0;
    const shares = sharesOf(team, words[Windows.planes], WORTH / Math.max(1, image), 1, (first, count) => {
      const record = memory.record(index++);
      heap.i32.set(words, record >> 2);
      heap.i32[(record >> 2) + Windows.planes] = count;
      return [...operands.map((address, k) => address + first * planeBytes[k](image, out)), record];
    });
    team.run(kernel, shares);
  };

  for (const kernel of keysOf(MAXIMUM)) {
    const { item, image, indices } = MAXIMUM[kernel];
    const bytes = [0, 1, 2].map((k) => {
      const itemBytes = k === indices ? ITEM_SIZES.int32 : item;
      return (imageSize: number, outSize: number) => itemBytes * (k === image ? imageSize : outSize);
    });
    divided[kernel] = (a, b, c, w) => pool(kernel, [a, b, c], bytes, w);
  }
  for (const kernel of keysOf(AVERAGE)) {
    const { item, image } = AVERAGE[kernel];
    const bytes = [0, 1].map((k) => (size: number, out: number) => item * (k === image ? size : out));
    divided[kernel] = (a, b, w) => pool(kernel, [a, b], bytes, w);
  }
  for (const kernel of keysOf(SOFTMAX)) {
    divided[kernel] = (x, out, outer, n, inner, isLog) => {
      const slab = n * inner * SOFTMAX[kernel];
      const shares = sharesOf(team, outer, WORTH / 4 / Math.max(1, n * inner), 1, (first, count) => [
        x + first * slab,
        out + first * slab,
        count,
        n,
        inner,
        isLog,
      ]);
      team.run(kernel, shares);
    };
  }
  divided.argExtreme = (type, isMax, x, out, outer, n, inner) => {
    const shares = sharesOf(team, outer, WORTH / Math.max(1, n * inner), 1, (first, count) => [
      type,
      isMax,
      x + first * n * inner * ITEM_BYTES[type],
      out + first * inner * ITEM_SIZES.int32,
      count,
      n,
      inner,
    ]);
    team.run('argExtreme', shares);
  };
  return divided;
}

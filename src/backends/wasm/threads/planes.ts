/** Kernels over planes or slabs that have nothing to do with each other: pooling, and what looks along one axis. */
import { Windows } from '../generated/records.js';
import type { Heap } from '../heap.js';
import type { Kernels } from '../loader.js';
import { cut, ITEM_BYTES } from './ranges.js';
import type { ShareMemory } from './share-memory.js';
import type { KernelName, Team } from './team.js';

/** Elements that are worth a part, where each costs little more than its way from memory. */
const WORTH = 1 << 14;

/** Which of a pooling kernel's three operands are images; the others have the size of what was pooled. */
const POOLING = {
  maxPoolF32: { item: 4, images: [0] },
  maxPoolF64: { item: 8, images: [0] },
  maxPoolGatherF32: { item: 4, images: [0] },
  maxPoolGatherF64: { item: 8, images: [0] },
  maxPoolGradF32: { item: 4, images: [2] },
  maxPoolGradF64: { item: 8, images: [2] },
} as const;
/** Of these three, the one that is int32. */
const INDICES = {
  maxPoolF32: 2,
  maxPoolF64: 2,
  maxPoolGatherF32: 1,
  maxPoolGatherF64: 1,
  maxPoolGradF32: 1,
  maxPoolGradF64: 1,
} as const;

const AVERAGE = {
  averagePoolF32: { item: 4, image: 0 },
  averagePoolF64: { item: 8, image: 0 },
  averagePoolGradF32: { item: 4, image: 1 },
  averagePoolGradF64: { item: 8, image: 1 },
} as const;

const SOFTMAX = { softmaxF32: 4, softmaxF64: 8 } as const;

const keysOf = <K extends string>(table: Readonly<Record<K, unknown>>): K[] => Object.keys(table) as K[];

/** The kernels of this file, divided. */
export function dividePlanes(team: Team, heap: Heap, memory: ShareMemory): Partial<Kernels> {
  const divided: Partial<Kernels> = {};

  /** Records of fewer planes, and operands moved by those before. */
  const pool = (
    kernel: KernelName,
    operands: readonly number[],
    planeBytes: readonly ((image: number, out: number) => number)[],
    w: number,
  ) => {
    const words = heap.i32.subarray(w >> 2, (w >> 2) + Windows.words);
    const image = words[Windows.height] * words[Windows.width];
    const out = words[Windows.outHeight] * words[Windows.outWidth];
    let part = 0;
    const parts = cut(team, words[Windows.planes], WORTH / Math.max(1, image), 1, (first, count) => {
      const record = memory.record(part++);
      heap.i32.set(words, record >> 2);
      heap.i32[(record >> 2) + Windows.planes] = count;
      return [...operands.map((address, k) => address + first * planeBytes[k](image, out)), record];
    });
    team.run(kernel, parts);
  };

  for (const kernel of keysOf(POOLING)) {
    const { item, images } = POOLING[kernel];
    const bytes = [0, 1, 2].map((k) => (image: number, out: number) => {
      const size = k === INDICES[kernel] ? 4 : item;
      return size * (k === images[0] ? image : out);
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
      const parts = cut(team, outer, WORTH / 4 / Math.max(1, n * inner), 1, (first, count) => [
        x + first * slab,
        out + first * slab,
        count,
        n,
        inner,
        isLog,
      ]);
      team.run(kernel, parts);
    };
  }
  divided.argExtreme = (type, isMax, x, out, outer, n, inner) => {
    const parts = cut(team, outer, WORTH / Math.max(1, n * inner), 1, (first, count) => [
      type,
      isMax,
      x + first * n * inner * ITEM_BYTES[type],
      out + first * inner * 4,
      count,
      n,
      inner,
    ]);
    team.run('argExtreme', parts);
  };
  return divided;
}

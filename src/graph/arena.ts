/**
 * Memory for the computed buffers of a graph. Buffers that are never alive together may share it. Where a device can hand
 * out parts of a block, all buffers lie in one, the arena; elsewhere blocks of one size are used again.
 */

import type { Backend } from '../backends/backend.js';
import type { Memory } from '../backends/primitives.js';
import { bytesOf } from '../backends/shapes.js';
import type { GraphBuffer } from './graph.js';
import type { Lifetime } from './lifetimes.js';

/** Where each buffer lies in an arena. */
export interface ArenaPlan {
  readonly offsets: ReadonlyMap<GraphBuffer, number>;
  readonly bytes: number;
}

/** Blocks begin where a cache line does. */
const LINE = 64;

const roundUp = (bytes: number): number => Math.ceil(bytes / LINE) * LINE;

/**
 * Places buffers one after another, each into the smallest gap that fits between those placed before that are alive at the same
 * time. The order decides: the largest first is best for most networks, the longest-lived first for some.
 */
function place(order: readonly Lifetime[]): ArenaPlan {
  const placed: { lifetime: Lifetime; from: number; to: number }[] = [];
  let bytes = 0;
  for (const lifetime of order) {
    const size = Math.max(LINE, roundUp(bytesOf(lifetime.buffer)));
    const { first, last } = lifetime;
    let best = { from: -1, room: Number.POSITIVE_INFINITY };
    let end = 0;
    // `placed` is kept in the order of addresses.
    for (const other of placed) {
      if (other.lifetime.first > last || other.lifetime.last < first) continue;
      const room = other.from - end;
      if (room >= size && room < best.room) best = { from: end, room };
      end = Math.max(end, other.to);
    }
    const from = best.from >= 0 ? best.from : end;
    const behind = placed.findIndex((other) => other.from > from);
    placed.splice(behind < 0 ? placed.length : behind, 0, { lifetime, from, to: from + size });
    bytes = Math.max(bytes, from + size);
  }
  return { offsets: new Map(placed.map(({ lifetime, from }) => [lifetime.buffer, from])), bytes };
}

/** Graphs of more buffers than this are not placed by {@link place}, whose time grows as their square. */
const MANY = 2 ** 12;

/**
 * Blocks for buffers, each of the first block of its kind that is free when the buffer begins; `lifetimes` are in the order they
 * begin. The time grows with their number alone.
 */
function reusedBlocks<B>(
  lifetimes: readonly Lifetime[],
  kindOf: (buffer: GraphBuffer) => string,
  make: (buffer: GraphBuffer) => B,
): Map<GraphBuffer, B> {
  const blocks = new Map<GraphBuffer, B>();
  const free = new Map<string, B[]>();
  const freeOf = (buffer: GraphBuffer): B[] => {
    const kind = kindOf(buffer);
    const list = free.get(kind) ?? [];
    free.set(kind, list);
    return list;
  };
  const ends = lifetimes.toSorted((a, b) => a.last - b.last);
  let ended = 0;
  for (const { buffer, first } of lifetimes) {
    for (; ends[ended].last < first; ended++) {
      const block = blocks.get(ends[ended].buffer);
      if (block !== undefined) freeOf(ends[ended].buffer).push(block);
    }
    blocks.set(buffer, freeOf(buffer).pop() ?? make(buffer));
  }
  return blocks;
}

/** Bytes rounded up by an eighth at most, so that buffers of nearly one size share blocks. */
function roundedSize(buffer: GraphBuffer): number {
  const step = Math.max(LINE, 2 ** (Math.floor(Math.log2(bytesOf(buffer))) - 3));
  return Math.max(LINE, Math.ceil(bytesOf(buffer) / step) * step);
}

function placeMany(lifetimes: readonly Lifetime[]): ArenaPlan {
  let bytes = 0;
  const offsets = reusedBlocks(
    lifetimes,
    (buffer) => `${roundedSize(buffer)}`,
    (buffer) => {
      const from = bytes;
      bytes += roundedSize(buffer);
      return from;
    },
  );
  return { offsets, bytes };
}

/** The smallest arena that any of three orders gives; of very many buffers, one that is found at once. */
export function planArena(lifetimes: readonly Lifetime[]): ArenaPlan {
  const length = ({ first, last }: Lifetime) => last - first;
  const inTime = lifetimes.toSorted((a, b) => a.first - b.first);
  if (lifetimes.length > MANY) return placeMany(inTime);
  const orders = [
    lifetimes.toSorted((a, b) => bytesOf(b.buffer) - bytesOf(a.buffer) || a.first - b.first),
    lifetimes.toSorted((a, b) => length(b) - length(a) || bytesOf(b.buffer) - bytesOf(a.buffer)),
    inTime,
  ];
  return orders.map(place).reduce((best, plan) => (plan.bytes < best.bytes ? plan : best));
}

/** Blocks for buffers, what must be freed in the end, and how many bytes that is. */
export interface Room {
  readonly memories: ReadonlyMap<GraphBuffer, Memory>;
  readonly owned: readonly Memory[];
  readonly bytes: number;
}

/** Allocates memory for buffers, which are in the order they begin; `reserve` is told how many bytes before. */
export function makeRoom(lifetimes: readonly Lifetime[], device: Backend, reserve: (bytes: number) => void): Room {
  const slice = device.slice?.bind(device);
  if (!slice) return makeBlocks(lifetimes, device, reserve);
  if (lifetimes.length === 0) return { memories: new Map(), owned: [], bytes: 0 };
  const { offsets, bytes } = planArena(lifetimes);
  reserve(bytes);
  const arena = device.alloc(bytes, 'uint8');
  const memories = new Map(
    Array.from(offsets, ([buffer, offset]) => [buffer, slice(arena, offset, buffer.size, buffer.dtype)]),
  );
  return { memories, owned: [arena], bytes };
}

/** Blocks that are used again for buffers of the same size and dtype: a device may lay a block out by these. */
function makeBlocks(lifetimes: readonly Lifetime[], device: Backend, reserve: (bytes: number) => void): Room {
  const sizes: GraphBuffer[] = [];
  const numbers = reusedBlocks(
    lifetimes,
    ({ size, dtype }) => `${size} ${dtype}`,
    (buffer) => sizes.push(buffer) - 1,
  );
  const bytes = sizes.reduce((sum, buffer) => sum + bytesOf(buffer), 0);
  reserve(bytes);
  const owned = sizes.map(({ size, dtype }) => device.alloc(size, dtype));
  return { memories: new Map(Array.from(numbers, ([buffer, n]) => [buffer, owned[n]])), owned, bytes };
}

/**
 * The memory of a graph's computed buffers. Buffers that are never alive together share memory. On devices with `slice`, all
 * buffers lie in one block, the arena; on others, buffers of one size and dtype share blocks.
 */

import type { Backend } from '../backends/backend.js';
import type { Memory } from '../backends/primitives.js';
import { bytesOf } from '../backends/shapes.js';
import type { GraphBuffer } from './graph.js';
import type { Lifetime } from './lifetimes.js';

/** The place of each buffer in an arena. */
export interface ArenaPlan {
  /** Bytes from the start of the arena to each buffer. */
  readonly offsets: ReadonlyMap<GraphBuffer, number>;
  /** Bytes of the arena. */
  readonly bytes: number;
}

/** Bytes of a cache line. Each buffer starts at one. */
const LINE = 64;

const roundUp = (bytes: number): number => Math.ceil(bytes / LINE) * LINE;

/**
 * Places buffers in the given order. Each goes into the smallest gap that fits between buffers that are placed already and alive at
 * the same time. The order decides the result: largest first is best for most networks, longest-lived first for some.
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

/** The most buffers that {@link place} gets: its time grows with their square. */
const MANY = 2 ** 12;

/**
 * A block for each buffer: one of the buffer's kind that is free when the buffer begins, or a new one. `lifetimes` are in the order
 * in which they begin. The time is linear in their number.
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

/** The bytes of a buffer, rounded up by an eighth at most, so that buffers of nearly the same size share blocks. */
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

/** The smallest arena of three orders; for more than {@link MANY} buffers, one found in linear time. */
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

/** The allocated memory of buffers. */
export interface BufferMemory {
  readonly memories: ReadonlyMap<GraphBuffer, Memory>;
  /** The blocks to free in the end. */
  readonly owned: readonly Memory[];
  /** Bytes of the blocks. */
  readonly bytes: number;
}

/**
 * Allocates memory for buffers.
 *
 * @param lifetimes in the order in which they begin
 * @param reserve told the number of bytes before they are allocated
 */
export function allocateBuffers(
  lifetimes: readonly Lifetime[],
  device: Backend,
  reserve: (bytes: number) => void,
): BufferMemory {
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

/** Blocks for buffers of the same size and dtype, which may decide how a device lays a block out. */
function makeBlocks(lifetimes: readonly Lifetime[], device: Backend, reserve: (bytes: number) => void): BufferMemory {
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

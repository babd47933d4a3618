/**
 * Memory for the computed buffers of a graph. Buffers that are never alive together may share it. Where a device can hand
 * out parts of a block, all buffers lie in one, the arena; elsewhere blocks of one size are used again.
 */
import type { Backend, Memory } from '../backends/backend.js';
import { bytesOf } from '../backends/item-sizes.js';
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

/** The smallest arena that any of three orders gives. */
export function planArena(lifetimes: readonly Lifetime[]): ArenaPlan {
  const length = ({ first, last }: Lifetime) => last - first;
  const orders = [
    lifetimes.toSorted((a, b) => bytesOf(b.buffer) - bytesOf(a.buffer) || a.first - b.first),
    lifetimes.toSorted((a, b) => length(b) - length(a) || bytesOf(b.buffer) - bytesOf(a.buffer)),
    lifetimes.toSorted((a, b) => a.first - b.first),
  ];
  return orders.map(place).reduce((best, plan) => (plan.bytes < best.bytes ? plan : best));
}

/** Blocks for buffers, what must be freed in the end, and how many bytes that is. */
export interface Room {
  readonly memories: ReadonlyMap<GraphBuffer, Memory>;
  readonly owned: readonly Memory[];
  readonly bytes: number;
}

/** Allocates memory for buffers. */
export function makeRoom(lifetimes: readonly Lifetime[], device: Backend): Room {
  const slice = device.slice?.bind(device);
  if (!slice) return makeBlocks(lifetimes, device);
  if (lifetimes.length === 0) return { memories: new Map(), owned: [], bytes: 0 };
  const { offsets, bytes } = planArena(lifetimes);
  const arena = device.alloc(bytes, 'uint8');
  const memories = new Map(
    [...offsets].map(([buffer, offset]) => [buffer, slice(arena, offset, buffer.size, buffer.dtype)]),
  );
  return { memories, owned: [arena], bytes };
}

/** Blocks that are used again for buffers of the same size and dtype: a device may lay a block out by these. */
function makeBlocks(lifetimes: readonly Lifetime[], device: Backend): Room {
  const memories = new Map<GraphBuffer, Memory>();
  const owned: Memory[] = [];
  const free: Memory[] = [];
  let busy: { last: number; memory: Memory }[] = [];
  for (const { buffer, first, last } of lifetimes) {
    free.push(...busy.filter((b) => b.last < first).map((b) => b.memory));
    busy = busy.filter((b) => b.last >= first);
    const found = free.findIndex((m) => m.dtype === buffer.dtype && m.size === buffer.size);
    const memory = found >= 0 ? free.splice(found, 1)[0] : device.alloc(buffer.size, buffer.dtype);
    if (found < 0) owned.push(memory);
    memories.set(buffer, memory);
    busy.push({ last, memory });
  }
  return { memories, owned, bytes: owned.reduce((sum, memory) => sum + bytesOf(memory), 0) };
}

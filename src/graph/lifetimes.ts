/** The lifetime of each buffer, and the least memory that lifetimes need. */
import { bytesOf } from '../backends/shapes.js';
import { type Graph, type GraphBuffer, readsOf, writesOf } from './graph.js';

/** A buffer with the numbers of the first and the last node that use it. */
export interface Lifetime {
  readonly buffer: GraphBuffer;
  readonly first: number;
  readonly last: number;
}

/** The lifetimes of all computed buffers, in the order in which they begin. Outputs live to the end. */
export function lifetimesOf({ nodes, outputs }: Graph): Lifetime[] {
  const spans = new Map<GraphBuffer, { first: number; last: number }>();
  nodes.forEach((node, i) => {
    for (const { buffer } of [...writesOf(node), ...readsOf(node)]) {
      const span = spans.get(buffer);
      if (span) span.last = i;
      else spans.set(buffer, { first: i, last: i });
    }
  });
  for (const { buffer } of outputs) {
    const span = spans.get(buffer);
    if (span) span.last = nodes.length;
  }
  return [...spans]
    .filter(([buffer]) => buffer.kind === 'computed')
    .map(([buffer, span]) => ({ buffer, ...span }))
    .sort((a, b) => a.first - b.first);
}

/** The most bytes that are alive at one node. No plan needs less. */
export function leastBytes(lifetimes: readonly Lifetime[]): number {
  const changes = lifetimes.flatMap(({ buffer, first, last }): [number, number][] => [
    [first, bytesOf(buffer)],
    [last + 1, -bytesOf(buffer)],
  ]);
  // At one node, lifetimes end before others begin.
  changes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let [now, most] = [0, 0];
  for (const [, change] of changes) {
    now += change;
    most = Math.max(most, now);
  }
  return most;
}

/** When the content of each buffer counts, and what memory that needs at the least. */
import { bytesOf } from '../backends/shapes.js';
import { type Graph, type GraphBuffer, readsOf, writesOf } from './graph.js';

/** A buffer with the first and the last node at which its content counts. */
export interface Lifetime {
  readonly buffer: GraphBuffer;
  readonly first: number;
  readonly last: number;
}

/** The lifetimes of all computed buffers, in the order they begin; outputs live to the end. */
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

/** The most bytes that are alive at one node: no plan needs less. */
export function leastBytes(lifetimes: readonly Lifetime[]): number {
  const changes = lifetimes.flatMap(({ buffer, first, last }): [number, number][] => [
    [first, bytesOf(buffer)],
    [last + 1, -bytesOf(buffer)],
  ]);
  // What ends makes room before what begins at the same node.
  changes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let [now, most] = [0, 0];
  for (const [, change] of changes) {
    now += change;
    most = Math.max(most, now);
  }
  return most;
}

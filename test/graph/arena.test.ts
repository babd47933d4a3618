/** Plans of memory: buffers that are alive together do not overlap, and little memory is wasted. */
import { describe, expect, it } from 'vitest';
import { LeNet5 } from '../../examples/lenet5.js';
import { bytesOf } from '../../src/backends/shapes.js';
import { planArena } from '../../src/graph/arena.js';
import type { GraphBuffer } from '../../src/graph/graph.js';
import { type Lifetime, leastBytes } from '../../src/graph/lifetimes.js';
import { compile, np } from '../../src/index.js';
import fc from '../support/properties.js';

function buffer(id: number, size: number): GraphBuffer {
  return { id, size, dtype: 'float32', kind: 'computed', constant: null };
}

const lifetimes = fc
  .array(fc.tuple(fc.nat(2000), fc.nat(30), fc.nat(8)), { maxLength: 60 })
  .map((list) =>
    list.map(([size, first, more], id): Lifetime => ({ buffer: buffer(id, size), first, last: first + more })),
  );

describe('planArena', () => {
  it('gives buffers that are alive together memory of their own, on lines of 64 bytes', () => {
    fc.assert(
      fc.property(lifetimes, (list) => {
        const { offsets, bytes } = planArena(list);
        for (const [i, a] of list.entries()) {
          const from = offsets.get(a.buffer) ?? -1;
          expect(from % 64).toBe(0);
          expect(from + bytesOf(a.buffer)).toBeLessThanOrEqual(bytes);
          for (const b of list.slice(0, i)) {
            if (a.first > b.last || b.first > a.last) continue;
            const other = offsets.get(b.buffer) ?? -1;
            const apart = from + bytesOf(a.buffer) <= other || other + bytesOf(b.buffer) <= from;
            expect(apart, `${from} and ${other}`).toBe(true);
          }
        }
        // Each step counted by itself, as an oracle of the bound.
        const alive = Array.from({ length: 40 }, (_, step) =>
          list.filter((l) => l.first <= step && step <= l.last).reduce((sum, l) => sum + bytesOf(l.buffer), 0),
        );
        expect(leastBytes(list)).toBe(Math.max(0, ...alive));
        expect(bytes).toBeGreaterThanOrEqual(leastBytes(list));
      }),
      { numRuns: 100 },
    );
  });

  it('a chain takes as much as its two largest neighbours', () => {
    const sizes = [16, 64, 128, 32, 96, 16];
    const chain = sizes.map((size, i): Lifetime => ({ buffer: buffer(i, size), first: i, last: i + 1 }));
    expect(planArena(chain).bytes).toBe(4 * (64 + 128));
    expect(leastBytes(chain)).toBe(4 * (64 + 128));
  });
});

describe('compiled models', () => {
  it('have one arena, and report its use', () => {
    const x = np.ones([4, 1, 28, 28]);
    const predict = compile(new LeNet5(), [x]);
    const { peak, naive, bound } = predict.summary().arena;
    expect(bound).toBeLessThanOrEqual(peak);
    expect(peak).toBeLessThan(naive);
    expect(peak).toBeLessThan(bound * 1.1);
  });
});

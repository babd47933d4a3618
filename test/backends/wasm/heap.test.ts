/** The allocator of linear memory, against a model that records which blocks are alive. */
import { describe, expect, test } from 'vitest';
import { listOf } from '../../../src/backends/wasm/free-lists.js';
import { Heap } from '../../../src/backends/wasm/heap.js';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { MemoryError } from '../../../src/errors.js';
import fc from '../../support/properties.js';

const PAGE = 65_536;
const MIB = 2 ** 20;

function makeHeap({ initial = 1, maximum = 1024, base = 1000 } = {}): Heap {
  return new Heap(new WebAssembly.Memory({ initial, maximum }), base, maximum);
}

/** Live blocks, each filled with a byte of its own, so that an overlap destroys what is read back. */
class Model {
  readonly live: { address: number; bytes: number; mark: number }[] = [];
  #marks = 0;

  constructor(readonly heap: Heap) {}

  alloc(bytes: number): void {
    const address = this.heap.alloc(bytes);
    this.#marks = (this.#marks + 1) % 251;
    this.heap.u8.fill(this.#marks, address, address + bytes);
    this.live.push({ address, bytes, mark: this.#marks });
  }

  free(which: number): void {
    const [{ address, bytes, mark }] = this.live.splice(which % this.live.length, 1);
    const spoilt = this.heap.u8.subarray(address, address + bytes).findIndex((byte) => byte !== mark);
    expect(spoilt, 'the first byte that another block overwrote').toBe(-1);
    this.heap.free(address);
  }

  check(): void {
    const sorted = [...this.live].sort((a, b) => a.address - b.address);
    const wrong = sorted.filter(({ address, bytes }, i) => {
      const endOfLast = i > 0 ? sorted[i - 1].address + sorted[i - 1].bytes : 1000;
      // Kernels read up to a vector beyond an end, also of the last block.
      return address % 64 !== 0 || address < endOfLast || address + bytes + 16 > this.heap.reserved;
    });
    expect(wrong).toEqual([]);
    const total = sorted.reduce((sum, { bytes }) => sum + bytes, 0);
    expect({ blocks: this.heap.blocks, bytes: this.heap.bytes }).toEqual({ blocks: sorted.length, bytes: total });
  }
}

describe('lists of free blocks', () => {
  test('are numbered in the order of their sizes, without gaps', () => {
    let last = listOf(1);
    for (let size = 2; size < 5000; size++) {
      const list = listOf(size);
      expect(list - last === 0 || list - last === 1, `${size}: ${last} → ${list}`).toBe(true);
      last = list;
    }
  });

  test('hold sizes that differ by at most a sixteenth', () => {
    for (const size of [16, 100, 1000, 123_456, 2 ** 26 - 1]) {
      const list = listOf(size);
      let smallest = size;
      while (listOf(smallest - 1) === list && smallest > size * 0.9) smallest--;
      expect(smallest).toBeGreaterThan(size * (1 - 1 / 16) - 1);
    }
  });
});

describe('heap', () => {
  test('agrees with a model under any course of allocations', () => {
    const bytes = fc.oneof(fc.nat(200), fc.nat(5000), fc.nat(300_000));
    const step = fc.oneof(
      { weight: 3, arbitrary: bytes.map((n) => ({ alloc: n })) },
      fc.nat().map((n) => ({ free: n })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const model = new Model(makeHeap());
        for (const [i, action] of steps.entries()) {
          if ('alloc' in action) model.alloc(action.alloc);
          else if (model.live.length > 0) model.free(action.free);
          if (i % 8 === 0) model.check();
        }
        while (model.live.length > 0) model.free(7);
        model.check();
      }),
      { numRuns: 60 },
    );
  });

  test('freed blocks become one block again, in any order', () => {
    for (const order of [(i: number) => i, (i: number) => 99 - i, (i: number) => (i * 37) % 100]) {
      const heap = makeHeap({ initial: 64 });
      const addresses = Array.from({ length: 100 }, (_, i) => heap.alloc(1000 + 321 * i));
      for (let i = 0; i < 100; i++) heap.free(addresses[order(i)]);
      const { reserved } = heap;
      const whole = heap.alloc(reserved - 2 * 1000 - 256);
      expect(heap.reserved).toBe(reserved);
      heap.free(whole);
    }
  });

  test('long loops of varied sizes do not grow the memory', () => {
    const heap = makeHeap();
    let state = 1;
    const next = (n: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state >>> 8) % n;
    };
    const live: number[] = [];
    const round = () => {
      for (let i = 0; i < 2000; i++) {
        if (live.length < 60) live.push(heap.alloc(next(4) === 0 ? next(200_000) : next(2000)));
        else heap.free(live.splice(next(live.length), 1)[0]);
      }
    };
    for (let i = 0; i < 5; i++) round();
    const { reserved } = heap;
    for (let i = 0; i < 20; i++) round();
    expect(heap.reserved).toBeLessThanOrEqual(reserved * 1.3);
    for (const address of live) heap.free(address);
    expect({ bytes: heap.bytes, blocks: heap.blocks }).toEqual({ bytes: 0, blocks: 0 });
  });

  test('a value that is not a size is refused, and leaves the heap unchanged', () => {
    const heap = makeHeap();
    const before = { bytes: heap.bytes, blocks: heap.blocks, reserved: heap.reserved };
    for (const bytes of [-1, -4096, 0.5, Number.NaN, Number.POSITIVE_INFINITY, -Infinity, 2 ** 53, 2 ** 32 + 64]) {
      expect(() => heap.alloc(bytes), String(bytes)).toThrow(MemoryError);
    }
    expect({ bytes: heap.bytes, blocks: heap.blocks, reserved: heap.reserved }).toEqual(before);
  });

  test('the same sizes in turn use the same memory', () => {
    const heap = makeHeap({ initial: 200 });
    const sizes = [3_000_000, 17, 1_234_567, 64, 999_999, 4096];
    const once = () => {
      const addresses = sizes.map((bytes) => heap.alloc(bytes));
      for (const address of addresses) heap.free(address);
      return addresses;
    };
    const first = once();
    for (let i = 0; i < 50; i++) expect(once()).toEqual(first);
  });

  test('growing keeps the contents, and renews the views', () => {
    const heap = makeHeap();
    const address = heap.alloc(1000);
    heap.f32.fill(1.5, address / 4, address / 4 + 250);
    const before = heap.f32;
    const large = heap.alloc(3 * MIB);
    expect(heap.reserved).toBeGreaterThan(3 * MIB);
    expect(before.length).toBe(0); // detached
    expect(heap.f32.byteLength).toBe(heap.reserved);
    expect(heap.f32.subarray(address / 4, address / 4 + 250).every((x) => x === 1.5)).toBe(true);
    expect(heap.f64.byteLength).toBe(heap.reserved);
    heap.free(large);
    heap.free(address);
  });

  test('a free block at the end counts when the memory grows', () => {
    const heap = makeHeap({ initial: 16, maximum: 32 });
    // 1 MiB is there and 2 MiB are allowed: only together with the free end does this fit.
    expect(() => heap.free(heap.alloc(Math.floor(1.9 * MIB)))).not.toThrow();
  });

  test('blocks of no bytes have addresses of their own', () => {
    const heap = makeHeap();
    const [a, b] = [heap.alloc(0), heap.alloc(0)];
    expect(a).not.toBe(b);
    heap.free(a);
    heap.free(b);
    expect(heap.blocks).toBe(0);
  });

  test('freeing twice, or freeing a block that was never allocated, throws a MemoryError', () => {
    const heap = makeHeap();
    const [a, b] = [heap.alloc(100), heap.alloc(100)];
    heap.free(a);
    expect(() => heap.free(a)).toThrow(MemoryError);
    expect(() => heap.free(a)).toThrow(String(a));
    heap.free(b); // merges with a: the header of b lies inside a free block now
    expect(() => heap.free(b)).toThrow(MemoryError);
    for (const address of [0, 64, 1001, a + 4, 100 * MIB, -64, Number.NaN]) {
      expect(() => heap.free(address)).toThrow(MemoryError);
    }
    expect(heap.blocks).toBe(0);
  });

  test('an allocation beyond the maximum throws a MemoryError with the sizes, and changes nothing', () => {
    const heap = makeHeap({ initial: 1, maximum: 16 });
    const address = heap.alloc(MIB / 2);
    const { reserved } = heap;
    expect(() => heap.alloc(MIB)).toThrow(MemoryError);
    expect(() => heap.alloc(MIB)).toThrow(
      /1048576 bytes \(1\.0 MiB\).*0\.5 MiB are in use in 1 blocks.*at most 1\.0 MiB/,
    );
    for (const bytes of [Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => heap.alloc(bytes)).toThrow(MemoryError);
    }
    expect({ blocks: heap.blocks, reserved: heap.reserved }).toEqual({ blocks: 1, reserved });
    heap.free(address);
  });

  test('all pages may be used, up to the last', () => {
    const heap = makeHeap({ initial: 1, maximum: 8 });
    const addresses = [];
    expect(() => {
      for (;;) addresses.push(heap.alloc(10_000));
    }).toThrow(MemoryError);
    expect(addresses.length).toBeGreaterThanOrEqual(Math.floor((8 * PAGE - 2000) / 10_112));
    expect(heap.reserved).toBe(8 * PAGE);
  });
});

describe('memory of the backend', () => {
  test('freeing twice is a MemoryError', () => {
    const backend = createWasmBackend();
    const memory = backend.alloc(10, 'float32');
    backend.free(memory);
    expect(() => backend.free(memory)).toThrow(MemoryError);
    expect(() => backend.readSync(memory)).toThrow(/10 elements of float32 was used after it was freed/);
  });

  test('memory of another device is refused', () => {
    const backend = createWasmBackend();
    expect(() => backend.readSync({ dtype: 'int32', size: 3 })).toThrow(
      /3 elements of int32 belongs to another device/,
    );
  });

  test('contents survive growing', () => {
    const backend = createWasmBackend();
    const small = backend.alloc(3, 'float64');
    backend.write(small, Float64Array.of(1, 2, 3));
    const large = backend.alloc(5_000_000, 'float32');
    expect(backend.readSync(small)).toEqual(Float64Array.of(1, 2, 3));
    backend.binary('add', { shape: [3], dtype: 'float64', memory: small }, 1, {
      shape: [3],
      dtype: 'float64',
      memory: small,
    });
    expect(backend.readSync(small)).toEqual(Float64Array.of(2, 3, 4));
    backend.free(large);
    backend.free(small);
  });
});

/** A device of a hundred bytes runs out of memory. */
import { describe, expect, it } from 'vitest';
import { type Backend, MemoryError, np } from '../../src/index.js';
import { keep } from '../../src/ndarray/lifetime.js';
import { LooseArrays } from '../../src/ndarray/loose-arrays.js';
import { allocate } from '../../src/ndarray/ndarray.js';
import { Storage } from '../../src/ndarray/storage.js';

class Cell {
  readonly data: Float32Array;
  constructor(
    readonly size: number,
    readonly dtype: 'float32',
  ) {
    this.data = new Float32Array(size);
  }
}

/** A backend that can allocate and copy, and nothing else. */
function smallDevice(capacity: number, name: 'wasm' | 'webgl' = 'wasm') {
  const live = new Set<Cell>();
  const bytes = () => [...live].reduce((sum, { size }) => sum + 4 * size, 0);
  const device = {
    name,
    dtypes: ['float32'],
    alloc(size: number, dtype: 'float32') {
      if (bytes() + 4 * size > capacity) throw new MemoryError(`small: cannot allocate ${4 * size} bytes`);
      const cell = new Cell(size, dtype);
      live.add(cell);
      return cell;
    },
    free: (cell: Cell) => {
      if (!live.delete(cell)) throw new MemoryError('small: freed twice');
    },
    readSync: (cell: Cell) => cell.data.slice(),
    write: (cell: Cell, data: Float32Array) => cell.data.set(data),
    stats: () => ({ bytes: bytes(), blocks: live.size, reserved: capacity }),
  };
  return { device: device as unknown as Backend, bytes, live };
}

describe('an allocation that fails', () => {
  it('moves loose arrays to the host first; their values come back, and nothing is lost', () => {
    const { device, bytes } = smallDevice(100);
    const [a, b, c] = [1, 2, 3].map((value) => {
      const x = allocate([10], 'float32', device);
      x.set(new Float32Array(10).fill(value));
      return x;
    });
    expect(bytes()).toBe(40);
    expect(c.dataSync()[9]).toBe(3);
    expect(a.dataSync()[0]).toBe(1);
    expect(bytes()).toBe(80);
    // Two are back and one is on the host: there is no place for the third, and its values stay where they are.
    expect(() => b.dataSync()).toThrow(MemoryError);
    a.dispose();
    expect(b.dataSync()[5]).toBe(2);
    b.dispose();
    c.dispose();
    expect(bytes()).toBe(0);
  });

  it('leaves kept arrays alone; the error says who holds the memory and what to do', () => {
    const { device, bytes } = smallDevice(4 * 2 ** 20);
    const x = keep(allocate([2 ** 20], 'float32', device));
    expect(() => allocate([1], 'float32', device)).toThrow(
      /cannot allocate 4 bytes; held by: .*other arrays \d+\.\d MiB.*(scope\(root, fn\)|free\(\))/,
    );
    expect(bytes()).toBe(4 * 2 ** 20);
    x.dispose();
    expect(() => x.dataSync()).toThrow(/disposed/);
    allocate([1], 'float32', device).dispose();
  });
});

describe('a list of loose arrays', () => {
  const fill = (list: LooseArrays, device: Backend, count: number) =>
    Array.from({ length: count }, (_, i) => {
      const storage = new Storage(device, 1, 'float32');
      device.write(storage.memory, Float32Array.of(i));
      list.add(storage);
      return storage;
    });

  it('keeps the newest on the device, and gives each its own values back', () => {
    const { device, live } = smallDevice(1e6);
    const list = new LooseArrays(true);
    const storages = fill(list, device, 1000);
    expect(live.size).toBeLessThanOrEqual(128);
    expect(storages.map((s) => device.readSync(s.memory)[0])).toEqual(storages.map((_, i) => i));
    for (const storage of storages) storage.free();
    expect([live.size, list.size]).toEqual([0, 0]);
  });

  it('on a GPU leaves arrays of earlier jobs to finalizers', async () => {
    const { device, live } = smallDevice(1e6, 'webgl');
    const list = new LooseArrays(false);
    const early = fill(list, device, 100);
    await null;
    await null;
    const late = fill(list, device, 200);
    expect(early.some((s) => s.onNet)).toBe(true);
    expect(late.some((s) => s.onNet)).toBe(false);
    expect(live.size).toBeGreaterThanOrEqual(100);
    for (const storage of [...early, ...late]) storage.free();
    expect(live.size).toBe(0);
  });

  it('forgets arrays that are kept or freed', () => {
    const { device } = smallDevice(1e6);
    const list = new LooseArrays(false);
    const [a, b, c] = fill(list, device, 3);
    a.catchByNet();
    b.free();
    expect([...list]).toEqual([c]);
    a.free();
    c.free();
  });
});

it('np.memory gives the bytes of arrays', () => {
  const before = np.memory().held.arrays;
  const x = np.zeros([250]);
  expect(np.memory().held.arrays - before).toBe(1000);
  x.dispose();
  expect(np.memory().held.arrays).toBe(before);
});

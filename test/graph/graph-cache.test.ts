/** The cache of graphs. Oracle: a list of what was made and freed. */
import { describe, expect, it } from 'vitest';
import { GraphCache } from '../../src/graph/graph-cache.js';
import { MemoryError, type NDArray, np, ValueError } from '../../src/index.js';

/** A graph for vectors of one length, which notes that it is freed. */
const graphOf = (length: number, freed: number[]) => ({
  length,
  accepts: ([x]: readonly NDArray[]) => x?.size === length,
  free: () => void freed.push(length),
});

const vectors = (length: number) => [np.zeros([length])];

describe('a cache of graphs', () => {
  it('makes a graph once for each shape, and frees the one unused for longest', () => {
    const [made, freed]: [number[], number[]] = [[], []];
    const cache = new GraphCache<ReturnType<typeof graphOf>>('test', 2);
    const use = (length: number) =>
      cache.of(vectors(length), () => {
        made.push(length);
        return graphOf(length, freed);
      });
    for (const length of [1, 2, 1, 1, 3, 1, 2]) expect(use(length).length).toBe(length);
    expect(made).toEqual([1, 2, 3, 2]);
    expect(freed).toEqual([2, 3]);
    expect(cache.latest?.length).toBe(2);
    expect(cache.find(vectors(3))).toBeNull();
    cache.free();
    cache.free();
    expect(freed).toEqual([2, 3, 2, 1]);
  });

  it('is not used after free, and names its owner', () => {
    const cache = new GraphCache('onnx');
    cache.free();
    expect(() => cache.latest).toThrow(MemoryError);
    expect(() => cache.find([])).toThrow('onnx: this compiled model was freed');
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '2', null])('has no room for %s shapes', (maxShapes) => {
    expect(() => new GraphCache('test', maxShapes as number)).toThrow(ValueError);
  });

  it('keeps no graph whose making failed', () => {
    const cache = new GraphCache('test');
    const failing = () => {
      throw new RangeError('by the maker');
    };
    expect(() => cache.of(vectors(1), failing)).toThrow('by the maker');
    expect(cache.latest).toBeNull();
  });
});

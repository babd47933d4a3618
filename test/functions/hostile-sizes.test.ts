/** Impossible result sizes are refused at once, before the host allocates a list of that size. */
import { describe, expect, it } from 'vitest';
import { F, MemoryError, np, RensaError } from '../../src/index.js';

const image = () => np.ones([1, 1, 2, 2]);
const rois = () => np.array([[0, 0, 1, 1]], { dtype: 'float32' });
const first = () => np.array([0], { dtype: 'int32' });

const CASES: Record<string, () => unknown> = {
  'arange(2**31)': () => np.arange(2 ** 31),
  'arange(2**31 - 1)': () => np.arange(2 ** 31 - 1),
  'arange of a tiny step': () => np.arange(0, 1, 1e-12),
  'linspace(0, 1, 2**32)': () => np.linspace(0, 1, 2 ** 32),
  'linspace(0, 1, 2**31 - 1)': () => np.linspace(0, 1, 2 ** 31 - 1),
  'random.permutation(2**32)': () => np.random.permutation(2 ** 32),
  'random.permutation(2**31 - 1)': () => np.random.permutation(2 ** 31 - 1),
  'random.choice(2**31 - 1, 2**31 - 1)': () => np.random.choice(2 ** 31 - 1, 2 ** 31 - 1),
  'random.rand(2**31 - 1)': () => np.random.rand(2 ** 31 - 1),
  'random.randint(5, null, 2**31 - 1)': () => np.random.randint(5, null, 2 ** 31 - 1),
  'RandomState.permutation(2**32)': () => new np.random.RandomState(1).permutation(2 ** 32),
  'RandomState.bytes(2**40)': () => new np.random.RandomState(1).bytes(2 ** 40),
  'eye(2**31)': () => np.eye(2 ** 31),
  'eye(2**20)': () => np.eye(2 ** 20),
  'zeros([2**31, 0, 2**31])': () => np.zeros([2 ** 31, 0, 2 ** 31]),
  'zeros([2**16, 0, 2**16])': () => np.zeros([2 ** 16, 0, 2 ** 16]),
  'zeros([-1, -1])': () => np.zeros([-1, -1]),
  'zeros([2**53])': () => np.zeros([2 ** 53]),
  'broadcastTo(1, [2**31 - 1])': () => np.broadcastTo(np.ones([1]), [2 ** 31 - 1]),
  'broadcastTo(1, [-1])': () => np.broadcastTo(np.ones([1]), [-1]),
  'reshape(1, [-1, -1])': () => np.ones([1]).reshape([-1, -1]),
  'pad(1, 2**31)': () => np.pad(np.ones([1]), 2 ** 31),
  'array of a list of 2**32 - 1 holes': () => np.array(new Array(2 ** 32 - 1) as number[]),
  'array of 2**31 - 1 holes': () => np.array(new Array(2 ** 31 - 1) as number[]),
  'array of an endless generator': () =>
    np.array(
      (function* () {
        for (;;) yield 1;
      })(),
    ),
  'array of a view that repeats one element': () => np.array({ data: [1], shape: [2 ** 31 - 1], stride: [0] }),
  'array of a view beyond its data': () => np.array({ data: [1, 2], shape: [2], stride: [5] }),
  'array of a negative shape': () => np.array({ data: [1, 2], shape: [-1, -2] }),
  'array of more values than the shape': () => np.array([{ data: [1, 2, 3], shape: [2] }, np.ones([2])]),
  'x.at of too long a slice of a list': () => np.ones([4]).at([0, 1, 2, 3, 4]),
  'F.tile(2**31)': () => F.tile(np.ones([2]), 2 ** 31),
  'F.repeat(2**31 - 1)': () => F.repeat(np.ones([4]), 2 ** 31 - 1),
  'F.repeat(each)': () => F.repeat(np.ones([2]), [1, 2 ** 31 - 2]),
  'F.pad, reflect': () =>
    F.pad(
      image(),
      [
        [0, 0],
        [0, 0],
        [0, 2 ** 30],
        [0, 0],
      ],
      'reflect',
    ),
  'F.pad, constant': () => F.pad(image(), 2 ** 30),
  'F.resizeImages': () => F.resizeImages(image(), [2 ** 31 - 1, 1]),
  'F.resizeImages, both sides': () => F.resizeImages(image(), [2 ** 17, 2 ** 17]),
  'F.spatialTransformerGrid': () => F.spatialTransformerGrid(np.ones([1, 2, 3]), [2 ** 16, 2 ** 16]),
  'F.spatialPyramidPooling2d': () => F.spatialPyramidPooling2d(image(), 2 ** 31),
  'F.splitAxis of an empty array': () => F.splitAxis(np.ones([0]), 2 ** 31, 0),
  'F.roiMaxPooling2d': () => F.roiMaxPooling2d(image(), rois(), first(), 2 ** 30, 1),
  'F.roiMaxAlign2d, points': () => F.roiMaxAlign2d(image(), rois(), first(), 2, 1, { samplingRatio: 2 ** 30 }),
  'F.im2col of a wide pad': () => F.im2col(image(), 2, 1, 2 ** 30),
  'F.maxPooling2d of a wide pad': () => F.maxPooling2d(image(), 2, 1, 2 ** 20),
  'F.convolution2d of a wide pad': () => F.convolution2d(image(), np.ones([1, 1, 1, 1]), null, 1, 2 ** 20),
  'F.averagePoolingNd of a wide pad': () => F.averagePoolingNd(np.ones([1, 1, 2]), 1, 1, 2 ** 31, { padValue: null }),
  'F.classificationSummary of a high label': () =>
    F.classificationSummary(np.ones([1, 2]), np.array([2 ** 31 - 2], { dtype: 'int32' })),
  'F.asStrided with strides that are none': () => F.asStrided(np.ones([4]), [2], [Number.NaN]),
  'F.asStrided with a fraction': () => F.asStrided(np.ones([4]), [2], [1], 0.5),
  'new NDArray of another size': () => new np.NDArray(np.ones([2]).storage, [1000], 'float32'),
};

/** The memory of the process; 0 in pages, which are not told. */
const residentBytes = (): number => globalThis.process?.memoryUsage?.().rss ?? 0;

describe('sizes that cannot be', () => {
  for (const [name, run] of Object.entries(CASES)) {
    it(name, () => {
      const before = np.ones([8]);
      const resident = residentBytes();
      let error: unknown;
      try {
        run();
      } catch (caught) {
        error = caught;
      }
      expect(error instanceof RensaError || error instanceof TypeError, String(error)).toBe(true);
      expect(error).toHaveProperty('message', expect.stringMatching(/^[A-Za-z]\w*( heap)?( host)?.*[: ]/));
      expect((residentBytes() - resident) / 2 ** 20).toBeLessThan(100);
      expect(before.tolist()).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
    });
  }

  it('the process grows by no more than the refused request', () => {
    expect(() => np.zeros([2 ** 30])).toThrow(MemoryError);
    expect(np.ones([3]).sum().item()).toBe(3);
  });
});

describe('repeat', () => {
  it('as numpy repeats, with and without an axis', () => {
    const x = np.array([[1, 2, 3], [4, 5, 6]]); // biome-ignore format: rows
    expect(F.repeat(x, 2).array.tolist()).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
    expect(F.repeat(x, 2, 0).array.tolist()).toEqual([[1, 2, 3], [1, 2, 3], [4, 5, 6], [4, 5, 6]]); // biome-ignore format: rows
    expect(F.repeat(x, 2, 1).array.tolist()).toEqual([[1, 1, 2, 2, 3, 3], [4, 4, 5, 5, 6, 6]]); // biome-ignore format: rows
    expect(F.repeat(x, 0, 1).array.shape).toEqual([2, 0]);
    expect(F.repeat(x, [1, 0, 2], 1).array.tolist()).toEqual([[1, 3, 3], [4, 6, 6]]); // biome-ignore format: rows
  });
});

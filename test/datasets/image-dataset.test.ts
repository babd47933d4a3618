/** Pictures in files and archives as examples. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  datasets,
  F,
  FormatError,
  IndexError,
  iterators,
  KeyError,
  L,
  np,
  optimizers,
  training,
  ValueError,
} from '../../src/index.js';

/** A 2×3 picture whose channel c has the value 10·k + c in its first row and 100 more in its second. */
const picture = (k: number, channels = 3) =>
  encode({
    width: 3,
    height: 2,
    channels,
    data: Uint8Array.from({ length: 6 * channels }, (_, i) => 10 * k + (i % channels) + (i >= 3 * channels ? 100 : 0)),
  });

const planes = (k: number, channels = 3) =>
  Array.from({ length: channels }, (_, c) => [Array(3).fill(10 * k + c), Array(3).fill(10 * k + c + 100)]);

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rensa-'));
  await mkdir(join(directory, 'in'));
  for (const k of [0, 1, 2]) await writeFile(join(directory, 'in', `${k}.png`), picture(k));
  await writeFile(join(directory, 'paths.txt'), 'in/0.png\n\n in/2.png \n');
  await writeFile(join(directory, 'labels.txt'), 'in/1.png 5\nin/0.png -1\n');
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

describe('ImageDataset', () => {
  it('has pictures as (channels, height, width), decoded when they are fetched', async () => {
    const dataset = new datasets.ImageDataset(['in/0.png', 'in/1.png'], { root: directory });
    expect(dataset.length).toBe(2);
    const image = await dataset.fetch(1);
    expect([image.dtype, image.tolist()]).toEqual(['float32', planes(1)]);
    expect(() => dataset.get(0)).toThrow(/fetch\(0\)/);
    await expect(dataset.fetch(2)).rejects.toThrow(IndexError);
  });

  it('takes absolute paths, bytes and Blobs, and gives other dtypes and grey pictures', async () => {
    const sources = [join(directory, 'in', '2.png'), picture(4, 1), new Blob([new Uint8Array(picture(5, 1))])];
    const dataset = new datasets.ImageDataset(sources, { root: '/nowhere', dtype: 'uint8' });
    const fetched = await dataset.load(Int32Array.of(2, 0, 1));
    expect([0, 1, 2].map((k) => fetched.get(k).tolist())).toEqual([planes(5, 1), planes(2), planes(4, 1)]);
    expect(fetched.get(0).dtype).toBe('uint8');
  });

  it('reads a list of paths', async () => {
    const dataset = await datasets.ImageDataset.fromList(join(directory, 'paths.txt'), { root: directory });
    expect(dataset.length).toBe(2);
    expect((await dataset.fetch(1)).tolist()).toEqual(planes(2));
  });

  it('names a missing file and a file that is not a picture', async () => {
    const dataset = new datasets.ImageDataset(['in/9.png', 'paths.txt'], { root: directory });
    await expect(dataset.fetch(0)).rejects.toMatchObject({ name: 'FileError', code: 'ENOENT' });
    await expect(dataset.fetch(1)).rejects.toThrow(FormatError);
  });
});

describe('LabeledImageDataset', () => {
  it('has pictures and labels', async () => {
    const dataset = await datasets.LabeledImageDataset.fromList(join(directory, 'labels.txt'), { root: directory });
    const batch = await new datasets.Batch(dataset, Int32Array.of(1, 0)).load();
    const [x, t] = datasets.concatExamples(batch);
    expect([x.shape, t.tolist(), t.dtype]).toEqual([[2, 3, 2, 3], [-1, 5], 'int32']);
    expect(x.tolist()).toEqual([planes(0), planes(1)]);
  });

  it('refuses lines that are something else', async () => {
    for (const [text, message] of [
      ['a.png', /list\.txt: line 4: expected a path and a label/],
      ['a.png 1 2', /line 4: expected a path and a label.*got a\.png 1 2/],
      ['a b.png 1', /line 4: expected a path and a label/],
      ['a.png x', /line 4: expected an integer of 32 bits as label, got x/],
      ['a.png 1.5', /got 1\.5/],
      ['a.png 4294967296', /integer of 32 bits/],
    ] as const) {
      for (const end of ['\n', '\r\n', '\r']) {
        const list = new File([['b.png 1', '', '  ', text, 'c.png 2'].join(end)], 'list.txt');
        await expect(datasets.LabeledImageDataset.fromList(list)).rejects.toThrow(ValueError);
        await expect(datasets.LabeledImageDataset.fromList(list)).rejects.toThrow(message);
      }
    }
    const latin = Uint8Array.of(0xe9, 0x2e, 0x70, 0x20, 0x31);
    await expect(datasets.LabeledImageDataset.fromList(latin)).rejects.toThrow(/not a text in UTF-8/);
    await expect(datasets.LabeledImageDataset.fromList(zipSync({}))).rejects.toThrow(/expected a text file.*a zip/);
  });

  it('trains a network: what was fetched is freed', async () => {
    const dataset = new datasets.LabeledImageDataset(
      [0, 1, 2].map((k) => [`in/${k}.png`, k] as const),
      { root: directory },
    );
    const scaled = new datasets.TransformDataset(dataset, ([x, t]) => [x.div(255), t] as const);
    const model = new L.Linear(18, 3);
    const optimizer = new optimizers.Adam(0.05).setup(model);
    const lossFunc = (x: np.NDArray, t: np.NDArray) => F.softmaxCrossEntropy(model(x.reshape(x.shape[0], -1)), t);
    for (const make of [iterators.SerialIterator, iterators.MultithreadIterator]) {
      const updater = new training.StandardUpdater(new make(scaled, 3), optimizer, { lossFunc });
      await updater.update();
      const { arrays } = np.memory();
      for (let i = 0; i < 20; i++) await updater.update();
      expect(np.memory().arrays).toBe(arrays);
    }
  });
});

describe('zipped pictures', () => {
  const archive = () =>
    zipSync({ 'in/0.png': picture(0), 'in/': new Uint8Array(), 'in/1.png': picture(1), 'x.png': picture(7) });

  it('in the order of the archive', async () => {
    const dataset = await datasets.ZippedImageDataset.open(archive());
    expect(dataset.length).toBe(3);
    expect((await dataset.fetch(2)).tolist()).toEqual(planes(7));
    await expect(datasets.ZippedImageDataset.open(picture(0))).rejects.toThrow(FormatError);
  });

  it('with labels', async () => {
    const labels = new TextEncoder().encode('x.png 3\nin/0.png 4\n');
    const dataset = await datasets.LabeledZippedImageDataset.open(archive(), labels);
    const batch = await new datasets.Batch(dataset, Int32Array.of(0, 1)).load();
    const [x, t] = datasets.concatExamples(batch);
    expect([x.tolist(), t.tolist()]).toEqual([
      [planes(7), planes(0)],
      [3, 4],
    ]);
    const missing = new TextEncoder().encode('y.png 3\n');
    await expect(datasets.LabeledZippedImageDataset.open(archive(), missing)).rejects.toThrow(KeyError);
    await expect(datasets.LabeledZippedImageDataset.open(archive(), missing)).rejects.toThrow(
      /line 1: there is no 'y\.png' in the archive/,
    );
  });

  it('in several archives', async () => {
    const dataset = await datasets.MultiZippedImageDataset.open([archive(), zipSync({ 'a.png': picture(9) })]);
    expect(dataset.length).toBe(4);
    const batch = await new datasets.Batch(dataset, Int32Array.of(3, 1)).load();
    expect(datasets.concatExamples(batch).tolist()).toEqual([planes(9), planes(1)]);
  });
});

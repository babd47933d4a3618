/** Batches decoded in a page's workers. Oracle: SerialIterator, which has no workers. */
import { expect, it } from 'vitest';
import { datasets, FormatError, iterators, type NDArray } from '../../src/index.js';

const module = new URL('./examples-module.mjs', import.meta.url).href;

async function draw(type: string, colour: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(6, 4);
  const context = canvas.getContext('2d');
  if (context) context.fillStyle = colour;
  context?.fillRect(0, 0, 6, 4);
  return canvas.convertToBlob({ type });
}

it.each(['image/png', 'image/jpeg', 'image/webp'])('pictures, %s', async (type) => {
  const dataset = new datasets.ImageDataset(await Promise.all(['#102030', '#a05060'].map((c) => draw(type, c))));
  const [serial] = new iterators.SerialIterator(dataset, 2, { shuffle: false, repeat: false });
  using iterator = new iterators.MultithreadIterator(dataset, 2, { shuffle: false, nThreads: 2 });
  const { value } = await iterator.next();
  expect(value && datasets.concatExamples(value).tolist()).toEqual(
    datasets.concatExamples(await serial.load()).tolist(),
  );
});

it('a dataset that a module makes in workers', async () => {
  const dataset = new datasets.ModuleDataset<[NDArray, number, number]>(module, 6, { args: [42] });
  using iterator = new iterators.MultithreadIterator(dataset, 3, { shuffle: false, nThreads: 2 });
  await iterator.next();
  const { value } = await iterator.next();
  const [x, label, inWorker] = value ? datasets.concatExamples(value) : [];
  expect(x?.tolist()).toEqual([
    [3, 4],
    [4, 5],
    [5, 6],
  ]);
  expect([label?.tolist(), inWorker?.tolist()]).toEqual([
    [42, 42, 42],
    [1, 1, 1],
  ]);
});

it('errors come typed', async () => {
  const dataset = new datasets.ImageDataset([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1)]);
  using iterator = new iterators.MultithreadIterator(dataset, 1);
  await expect(iterator.next()).rejects.toThrow(FormatError);
});

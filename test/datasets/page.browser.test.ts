/** Datasets in a page: pictures that the browser decodes, and its cache. */
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/formats/image.js';
import { datasets, iterators } from '../../src/index.js';
import { JPEG_CASES } from '../support/jpeg-cases.js';
import { AVIF, AVIF_EXIF, WEBP } from '../support/pictures.js';

const [width, height] = [20, 12];

/** A picture of two colours, in a format of the browser's. */
async function draw(type: string, colours: [string, string]): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  colours.forEach((colour, i) => {
    if (!context) return;
    context.fillStyle = colour;
    context.fillRect((i * width) / 2, 0, width / 2, height);
  });
  return canvas.convertToBlob({ type, quality: 1 });
}

const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

describe('pictures', () => {
  it.each(['image/png', 'image/jpeg', 'image/webp'])('%s', async (type) => {
    const blob = await draw(type, ['#ff0000', '#0000ff']);
    expect(blob.type).toBe(type);
    const image = await decodeImage(await bytesOf(blob));
    expect([image.width, image.height]).toEqual([width, height]);
    for (const [x, colour] of [[2, [255, 0, 0]] as const, [width - 3, [0, 0, 255]] as const]) {
      const off = colour.map((value, c) => Math.abs(image.data[x * image.channels + c] - value));
      expect(Math.max(...off)).toBeLessThan(12);
    }
    expect(image.channels).toBe(type === 'image/png' ? 4 : 3);
  });

  it.each(JPEG_CASES)('JPEG: %s', async (_, bytes, channels, halves) => {
    const image = await decodeImage(bytes, 'a.jpg');
    expect([image.width, image.height, image.channels]).toEqual([16, 8, channels]);
    for (const [x, colour] of [[0, halves[0]] as const, [15, halves[1]] as const]) {
      const off = colour.map((value, c) => Math.abs(image.data[(3 * 16 + x) * channels + c] - value));
      expect(Math.max(...off)).toBeLessThan(3);
    }
  });

  it.each([
    ['WebP with EXIF', WEBP, 16, 8],
    ['AVIF with EXIF', AVIF_EXIF, 16, 8],
    ['AVIF whose own transform turns it', AVIF, 8, 16],
  ])('%s: EXIF turns nothing', async (_, bytes, wide, high) => {
    const image = await decodeImage(bytes, 'a picture');
    expect([image.width, image.height, image.channels]).toEqual([wide, high, 3]);
  });

  it('a page’s files are a dataset', async () => {
    const blobs = await Promise.all(['#102030', '#405060'].map((colour) => draw('image/jpeg', [colour, colour])));
    const dataset = new datasets.ImageDataset(blobs.map((blob, i) => new File([blob], `${i}.jpg`)));
    const iterator = new iterators.MultithreadIterator(dataset, 2, { shuffle: false, repeat: false });
    for await (const batch of iterator) {
      const x = datasets.concatExamples(batch);
      expect(x.shape).toEqual([2, 3, height, width]);
      expect(Math.abs(x.at(1, 2, 3, 4).item() - 0x60)).toBeLessThan(4);
    }
  });
});

it('a download stays in the browser’s cache', async () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5);
  const url = URL.createObjectURL(new Blob([bytes]));
  const md5 = '7cfdd07889b3295d6a550914ab35e068';
  expect(await datasets.cachedDownload(url, { md5 })).toEqual(bytes);
  URL.revokeObjectURL(url);
  expect(await datasets.cachedDownload(url, { md5 })).toEqual(bytes);
  await expect(datasets.cachedDownload(url, { md5: '0'.repeat(32) })).rejects.toThrow();
});

/** Pictures decoded by threads: the same pixels, and decoding that takes too long is stopped. */
import jpeg from 'jpeg-js';
import { expect, it } from 'vitest';
import { makePictureWorkers } from '../../../examples/edge-worker/picture-workers.js';
import { flatJpeg, flatPng } from '../../../scripts/soak/server/bombs.mjs';
import { FormatError } from '../../../src/index.js';

/** A white picture of 28 × 28 pixels with a black square of 8 × 8: the pixels of the digit are its ink. */
function square(): Uint8Array {
  const data = new Uint8Array(28 * 28 * 4).fill(255);
  for (let y = 8; y < 16; y++) for (let x = 8; x < 16; x++) data.fill(0, 4 * (28 * y + x), 4 * (28 * y + x) + 3);
  return new Uint8Array(jpeg.encode({ width: 28, height: 28, data }, 100).data);
}

it('gives the ink of a picture, null for a blank one, and FormatError for a damaged one, on as many threads as are asked', async () => {
  const toPixels = makePictureWorkers();
  const [ink, blank, damaged] = await Promise.allSettled([
    toPixels(square()),
    toPixels(new Uint8Array(flatPng(64, 64))),
    toPixels(new Uint8Array(flatPng(64, 64, 10))),
  ]);
  expect(ink.status).toBe('fulfilled');
  const pixels = await toPixels(square());
  expect(pixels).toHaveLength(784);
  pixels?.forEach((level, i) => {
    const [x, y] = [i % 28, Math.floor(i / 28)];
    expect(level).toBeCloseTo(x >= 8 && x < 16 && y >= 8 && y < 16 ? 1 : 0, 1);
  });
  expect(blank).toMatchObject({ status: 'fulfilled', value: null });
  expect(damaged).toMatchObject({ status: 'rejected', reason: expect.any(FormatError) });
});

it('ends the thread of a picture that takes too long, and decodes the next', { timeout: 60_000 }, async () => {
  const hasty = makePictureWorkers({ timeout: 2 });
  await expect(hasty(new Uint8Array(flatJpeg(1024, 1024)))).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('longer than 2 ms'),
  });
  const patient = makePictureWorkers({ timeout: 30_000 });
  expect(await patient(square())).toHaveLength(784);
});

/** Resizing pictures. Oracle: Pillow 12.3 (`Image.resize`, bicubic by default), whose bytes are given by their MD5 sums. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { resizeBicubic } from '../../../../src/links/model/vision/resize.js';

/** A picture without any smoothness: (7i² + 13i + 29⌊i/11⌋) mod 256. */
function picture(height: number, width: number): Uint8Array {
  return Uint8Array.from(
    { length: height * width * 3 },
    (_, i) => (7 * i * i + 13 * i + 29 * Math.floor(i / 11)) % 256,
  );
}

test('a shrunk picture, pixel by pixel', () => {
  expect(Array.from(resizeBicubic(picture(4, 9), [4, 9, 3], [4, 2]))).toEqual([
    98, 120, 139, 109, 179, 117, 161, 87, 172, 139, 94, 128, 85, 126, 135, 50, 104, 125, 141, 139, 64, 132, 104, 70,
  ]);
});

test.each([
  [[5, 7], [9, 4], 'fe43ba84dc6dd45961b21e25209efa27'],
  [[3, 3], [8, 8], 'd0ea545cf4fb6794f4fe91a324e28aa4'],
  [[31, 17], [4, 3], '977a5558cbe98218fd8a02cae55e1041'],
  [[1, 1], [2, 3], 'c046cc2b20637e6f3bc407447d13303f'],
  [[6, 5], [6, 5], 'a293533fbdbeb9a7851a6a317a8a18d1'],
  [[300, 220], [224, 224], 'c72a4b3e0843285c6bb2558e2c120854'],
  [[97, 131], [256, 256], '08edaffa27330f6b65e61ec3537d245e'],
] as const)('(%s) to (%s)', ([height, width], size, md5) => {
  const resized = resizeBicubic(picture(height, width), [height, width, 3], size);
  expect(createHash('md5').update(resized).digest('hex')).toBe(md5);
});

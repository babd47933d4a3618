/** MAT-files that SciPy wrote; see test/fixtures/mat/README.md. */
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import { FormatError } from '../../src/errors.js';
import { parseMat } from '../../src/formats/mat.js';

const file = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/mat/${name}.mat`, import.meta.url)));

describe.each(['plain', 'compressed'])('%s', (name) => {
  it('has the arrays with their axes in reverse', async () => {
    const arrays = await parseMat(file(name));
    const X = arrays.get('X');
    expect([X?.shape, X?.dtype]).toEqual([[6, 3, 5, 4], 'uint8']);
    let at = 0;
    for (let n = 0; n < 6; n++) {
      for (let c = 0; c < 3; c++) {
        for (let w = 0; w < 5; w++) {
          for (let h = 0; h < 4; h++) expect(X?.data[at++]).toBe((7 * h + 13 * w + 29 * c + 31 * n) % 256);
        }
      }
    }
    expect(arrays.get('y')?.shape).toEqual([1, 6]);
    expect(Array.from({ length: 6 }, (_, i) => Number(arrays.get('y')?.data[i]))).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

test('arrays without numbers are skipped', async () => {
  const arrays = await parseMat(file('mixed'));
  expect([...arrays.keys()].sort()).toEqual(['e', 'f', 'i']);
  expect(arrays.get('f')?.data).toEqual(Float32Array.of(1.5, -2.25, 3));
  expect(arrays.get('i')?.data).toEqual(BigInt64Array.of(-1n, 2n ** 40n));
  expect(arrays.get('e')?.shape).toEqual([3, 0]);
});

describe('refuses', () => {
  it.each([
    ['no MAT-file', new Uint8Array(200)],
    ['a file cut short', file('plain').subarray(0, 300)],
    ['a compressed element cut short', file('compressed').subarray(0, 160)],
  ])('%s', async (_, bytes) => {
    await expect(parseMat(bytes, 'x.mat')).rejects.toThrow(FormatError);
    await expect(parseMat(bytes, 'x.mat')).rejects.toThrow(/x\.mat/);
  });

  it('a matrix that declares more than its bytes can become', async () => {
    const bytes = file('compressed').slice();
    // A zlib stream of stored bytes: a matrix tag that claims two gigabytes.
    const tag = [14, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f];
    const stream = deflateSync(Uint8Array.from(tag), { level: 0 });
    const hostile = Uint8Array.from([...bytes.subarray(0, 128), 15, 0, 0, 0, stream.length, 0, 0, 0, ...stream]);
    await expect(parseMat(hostile)).rejects.toThrow(/cannot become/);
  });
});

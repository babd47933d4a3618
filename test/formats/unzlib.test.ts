/** zlib streams decoded by Node's zlib and by the platform's DecompressionStream. */
import { deflateSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FormatError } from '../../src/errors.js';
import { unzlib } from '../../src/formats/unzlib.js';
import fc from '../support/properties.js';

afterEach(() => vi.restoreAllMocks());

describe.each(['at once', 'as a stream'])('%s', (way) => {
  const inflate = async (compressed: Uint8Array, size: number) => {
    if (way === 'as a stream') vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    return unzlib('x', new Uint8Array(compressed), size);
  };

  test('gives the uncompressed bytes', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 5000 }), async (bytes) => {
        expect(Array.from(await inflate(deflateSync(bytes), bytes.length))).toEqual(Array.from(bytes));
      }),
    ));

  test('gives megabytes, which come in many parts', async () => {
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * i) >> 8);
    expect(Buffer.compare(await inflate(deflateSync(bytes), bytes.length), bytes)).toBe(0);
  });

  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
  const compressed = deflateSync(bytes);

  test.each([1, 8, 999])('gives the first %i bytes of more', async (size) => {
    expect(Array.from(await inflate(compressed, size))).toEqual(Array.from(bytes.subarray(0, size)));
  });

  const wrong = Uint8Array.from(compressed);
  wrong[wrong.length - 1] ^= 1;

  test.each<[string, Uint8Array, number, string]>([
    ['a stream that ends too soon', compressed, 1001, 'inflates to 1000 bytes, but 1001 are declared'],
    ['a stream cut short', compressed.subarray(0, 40), 1000, 'the deflate stream of 38 bytes is broken'],
    ['a wrong checksum', wrong, 1000, `the deflate stream of ${wrong.length} bytes is broken`],
    ['no stream', Uint8Array.of(1, 2, 3, 4), 4, 'the deflate stream of 4 bytes is broken'],
    ['more than a stream can become', compressed, 2 ** 30, `bytes cannot become the declared ${2 ** 30}`],
  ])('refuses %s', async (_, stream, size, message) => {
    await expect(inflate(stream, size)).rejects.toThrow(FormatError);
    await expect(inflate(stream, size)).rejects.toThrow(message);
  });
});

/** The size that a picture declares, read before it is decoded. Oracles: the sizes given to two encoders. */
import fc from 'fast-check';
import { encode } from 'fast-png';
import jpeg from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../../examples/edge-worker/picture-size.js';
import { disguised, flatPng } from '../../../scripts/soak/server/bombs.mjs';

describe('the size of a picture', () => {
  it.each([
    [1, 1],
    [300, 7],
    [16, 513],
  ])('%i × %i', (width, height) => {
    const data = new Uint8Array(width * height * 4);
    expect(sizeOf(encode({ width, height, data, channels: 4, depth: 8 }))).toEqual({ width, height });
    const file = new Uint8Array(jpeg.encode({ width, height, data }, 90).data);
    expect(sizeOf(file)).toEqual({ width, height });
    expect(sizeOf(disguised(file))).toEqual({ width, height });
  });

  it('as large as a header can say', () => {
    expect(sizeOf(flatPng(2 ** 32 - 1, 2 ** 31, 0))).toEqual({ width: 2 ** 32 - 1, height: 2 ** 31 });
  });

  it('is null for other files, whatever their first bytes', () => {
    for (const text of ['', 'GIF89a', 'RIFF....WEBP']) expect(sizeOf(new TextEncoder().encode(text))).toBe(null);
    const beginnings = [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], [0xff, 0xd8, 0xff], []];
    fc.assert(
      fc.property(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 60 }), (beginning, rest) => {
        const size = sizeOf(Uint8Array.from([...beginning, ...rest]));
        if (beginning.length === 0 && rest[0] !== 0x89 && rest[0] !== 0xff) expect(size).toBe(null);
        if (size) for (const side of [size.width, size.height]) expect(Number.isInteger(side) && side >= 0).toBe(true);
      }),
    );
  });
});

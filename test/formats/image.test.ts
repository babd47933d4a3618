/** Pictures of every kind that PNG has, written by hand, and JPEGs of smooth colours. */
import { crc32, deflateSync } from 'node:zlib';
import jpeg from 'jpeg-js';
import { describe, expect, it, test } from 'vitest';
import { FormatError } from '../../src/errors.js';
import { decodeImage } from '../../src/formats/image.js';
import { RandomState } from '../../src/ndarray/random-state.js';

const big = (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];

function chunk(type: string, data: Uint8Array): number[] {
  const body = [...type].map((c) => c.charCodeAt(0)).concat([...data]);
  return [...big(data.length), ...body, ...big(crc32(Uint8Array.from(body)))];
}

/** A PNG whose rows of packed bytes are given, unfiltered. */
function png(width: number, depth: number, colourType: number, rows: number[][], palette?: number[][]): Uint8Array {
  const header = Uint8Array.from([...big(width), ...big(rows.length), depth, colourType, 0, 0, 0]);
  const pixels = deflateSync(Uint8Array.from(rows.flatMap((row) => [0, ...row])));
  return Uint8Array.from([
    0x89,
    0x50,
    0x4e,
    0x47,
    0x0d,
    0x0a,
    0x1a,
    0x0a,
    ...chunk('IHDR', header),
    ...(palette ? chunk('PLTE', Uint8Array.from(palette.flat())) : []),
    ...chunk('IDAT', pixels),
    ...chunk('IEND', new Uint8Array()),
  ]);
}

describe('PNG', () => {
  it.each([
    ['grey', 0, 1],
    ['colour', 2, 3],
    ['grey with alpha', 4, 2],
    ['colour with alpha', 6, 4],
  ])('%s', async (_, colourType, channels) => {
    const rows = [0, 1, 2].map((y) => [...new RandomState(y).bytes(5 * channels)]);
    const image = await decodeImage(png(5, 8, colourType, rows));
    expect(image).toEqual({ width: 5, height: 3, channels, data: Uint8Array.from(rows.flat()) });
  });

  it.each([1, 2, 4])('grey of %d bits, rows that end within a byte', async (depth) => {
    const width = 5;
    const max = 2 ** depth - 1;
    const levels = Array.from(new RandomState(depth).randint(0, max + 1, 2 * width));
    const pack = (row: number[]) => {
      const bits = row.map((level) => level.toString(2).padStart(depth, '0')).join('');
      return (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
    };
    const { data, channels } = await decodeImage(
      png(width, depth, 0, [pack(levels.slice(0, 5)), pack(levels.slice(5))]),
    );
    expect(channels).toBe(1);
    expect(Array.from(data)).toEqual(levels.map((level) => (255 / max) * level));
  });

  it('16 bits are cut to 8', async () => {
    const { data } = await decodeImage(png(2, 16, 0, [[0x12, 0x34, 0xff, 0xff]]));
    expect(Array.from(data)).toEqual([0x12, 0xff]);
  });

  it('a palette becomes colours', async () => {
    const image = await decodeImage(
      png(
        3,
        2,
        3,
        [[0b00011000]],
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ],
      ),
    );
    expect([image.channels, Array.from(image.data)]).toEqual([3, [1, 2, 3, 4, 5, 6, 7, 8, 9]]);
  });

  it('refuses damage, and sizes beyond reason', async () => {
    const bytes = png(5, 8, 0, [[1, 2, 3, 4, 5]]);
    const flipped = bytes.slice();
    flipped[45] ^= 1;
    for (const damaged of [bytes.subarray(0, 20), bytes.subarray(0, 50), flipped]) {
      await expect(decodeImage(damaged, 'a.png')).rejects.toThrow(FormatError);
      await expect(decodeImage(damaged, 'a.png')).rejects.toThrow(/a\.png/);
    }
    const huge = bytes.slice();
    huge.set([0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff], 16);
    await expect(decodeImage(huge)).rejects.toThrow(/not decoded/);
  });
});

/** A slope of colours: what JPEG keeps. */
function slope(width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: width * height * 4 }, (_, i) => {
    const [x, y, c] = [(i >> 2) % width, Math.floor((i >> 2) / width), i & 3];
    return [40 + 3 * x, 200 - 2 * y, 90 + x + y, 255][c];
  });
}

describe('JPEG', () => {
  const [width, height] = [24, 17];

  it('has three channels, close to what was written', async () => {
    const bytes = new Uint8Array(jpeg.encode({ width, height, data: slope(width, height) }, 95).data);
    const image = await decodeImage(bytes);
    expect([image.width, image.height, image.channels]).toEqual([width, height, 3]);
    const wanted = slope(width, height).filter((_, i) => (i & 3) < 3);
    image.data.forEach((value, i) => {
      expect(Math.abs(value - wanted[i])).toBeLessThan(8);
    });
  });

  it('refuses what is cut short', async () => {
    const bytes = new Uint8Array(jpeg.encode({ width, height, data: slope(width, height) }, 95).data);
    for (const end of [3, 20, 300]) await expect(decodeImage(bytes.subarray(0, end))).rejects.toThrow(FormatError);
  });
});

test('other formats are refused where nobody knows them', async () => {
  await expect(decodeImage(Uint8Array.of(0x47, 0x49, 0x46, 0x38), 'a.gif')).rejects.toThrow(
    /a\.gif: neither PNG nor JPEG.*47 49 46 38/,
  );
  await expect(decodeImage(new Uint8Array())).rejects.toThrow(/begins with nothing/);
});

/** Pictures of every kind that PNG has, written by hand, and JPEGs of smooth colours. */
import { crc32, deflateSync } from 'node:zlib';
import { encode } from 'fast-png';
import jpeg from 'jpeg-js';
import { describe, expect, it, test } from 'vitest';
import { FormatError } from '../../src/errors.js';
import { decodeImage } from '../../src/formats/image.js';
import { concatenated } from '../../src/formats/joined-bytes.js';
import { RandomState } from '../../src/ndarray/random-state.js';
import { JPEG_CASES } from '../support/jpeg-cases.js';
import { exif, YCBCR } from '../support/pictures.js';

const big = (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];

function chunk(type: string, data: Uint8Array): number[] {
  const body = [...type].map((c) => c.charCodeAt(0)).concat([...data]);
  return [...big(data.length), ...body, ...big(crc32(Uint8Array.from(body)))];
}

/** A PNG whose rows of packed bytes are given, all of one filter. */
function png(
  width: number,
  depth: number,
  colourType: number,
  rows: number[][],
  palette?: number[][],
  filter = 0,
): Uint8Array {
  const header = Uint8Array.from([...big(width), ...big(rows.length), depth, colourType, 0, 0, 0]);
  const pixels = deflateSync(Uint8Array.from(rows.flatMap((row) => [filter, ...row])));
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

  it.each([1, 2, 3, 4])('interlaced, %d channels, of sizes that leave passes empty', async (channels) => {
    for (const [width, height] of [
      [1, 1],
      [3, 2],
      [5, 9],
      [17, 8],
    ]) {
      const data = new RandomState(width).bytes(width * height * channels);
      const image = await decodeImage(encode({ width, height, channels, data }, { interlace: 'Adam7' }));
      expect(image).toEqual({ width, height, channels, data });
    }
  });

  it.each([0, 1, 2, 3, 4])('rows of filter %d', async (filter) => {
    const [width, channels] = [6, 3];
    const pixels = [0, 1, 2].map((y) => [...new RandomState(y).bytes(width * channels)]);
    // Filters by their definitions: what is written is the pixel less its prediction.
    const at = (y: number, i: number) => (y < 0 || i < 0 ? 0 : pixels[y][i]);
    const rows = pixels.map((row, y) =>
      row.map((value, i) => {
        const [a, b, c] = [at(y, i - channels), at(y - 1, i), i < channels ? 0 : at(y - 1, i - channels)];
        const p = a + b - c;
        const nearest = [a, b, c].reduce((best, v) => (Math.abs(p - v) < Math.abs(p - best) ? v : best));
        return value - [0, a, b, (a + b) >> 1, nearest][filter];
      }),
    );
    expect(Array.from((await decodeImage(png(width, 8, 2, rows, undefined, filter))).data)).toEqual(pixels.flat());
  });

  it('EXIF turns nothing', async () => {
    const plain = png(2, 8, 0, [[1, 2]]);
    const at = 8 + 25; // behind IHDR
    const turned = chunk('eXIf', exif(6).subarray(10));
    const bytes = concatenated([plain.subarray(0, at), turned, plain.subarray(at)]);
    expect(await decodeImage(bytes)).toEqual({ width: 2, height: 1, channels: 1, data: Uint8Array.of(1, 2) });
  });

  it('a palette may have alphas, for its first colours', async () => {
    const palette = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const plain = png(2, 8, 3, [[1, 0]], palette);
    const at = plain.length - 12 - 12 - deflateSync(Uint8Array.of(0, 1, 0)).length; // before IDAT and IEND
    const bytes = Uint8Array.from([
      ...plain.subarray(0, at),
      ...chunk('tRNS', Uint8Array.of(9)),
      ...plain.subarray(at),
    ]);
    const { channels, data } = await decodeImage(bytes);
    expect([channels, Array.from(data)]).toEqual([4, [4, 5, 6, 255, 1, 2, 3, 9]]);
    await expect(decodeImage(png(1, 8, 3, [[2]], palette))).rejects.toThrow(/colour 2 of a palette of 2/);
    await expect(decodeImage(png(1, 8, 3, [[0]]))).rejects.toThrow(/without the palette/);
  });

  it('refuses damage, and sizes beyond reason', async () => {
    const bytes = png(5, 8, 0, [[1, 2, 3, 4, 5]]);
    const flipped = bytes.slice();
    flipped[45] ^= 1;
    for (const damaged of [bytes.subarray(0, 20), bytes.subarray(0, 50), flipped]) {
      await expect(decodeImage(damaged, 'a.png')).rejects.toThrow(FormatError);
      await expect(decodeImage(damaged, 'a.png')).rejects.toThrow(/a\.png/);
    }
    for (const [width, height, message] of [
      [
        60_000,
        60_000,
        /a picture of 60000 × 60000 pixels needs 3.60 G, more than limits.pixels \(100 M\): pass { limits/,
      ],
      [2 ** 31 - 1, 2 ** 31 - 1, /its sides are 1 to 1000000 pixels/],
      [0, 1, /0 × 1 pixels is not decoded: its sides/],
    ] as const) {
      const header = chunk('IHDR', Uint8Array.from([...big(width), ...big(height), 8, 2, 0, 0, 0]));
      await expect(decodeImage(Uint8Array.from([...bytes.subarray(0, 8), ...header]))).rejects.toThrow(message);
    }
    for (const options of [{ maxPixels: 4 }, { limits: { pixels: 4 } }, { maxPixels: 9, limits: { pixels: 4 } }]) {
      await expect(decodeImage(bytes, 'a.png', options)).rejects.toThrow(/5 × 1 pixels needs 5, .*limits.pixels \(4\)/);
    }
    await expect(decodeImage(bytes, 'a.png', { limits: { bytes: 4 } })).rejects.toThrow(/needs 5 B.*limits.bytes/);
    expect((await decodeImage(bytes, 'a.png', { maxPixels: 4, limits: { pixels: 5 } })).width).toBe(5);
    // biome-ignore lint/suspicious/noExplicitAny: what a program without types may pass
    await expect(decodeImage(bytes, 'a.png', { maxPixel: 4 } as any)).rejects.toThrow(/no option 'maxPixel'/);
    const tooMany = png(100_000, 8, 0, [[1, 2, 3]]);
    await expect(decodeImage(tooMany)).rejects.toThrow(/cannot become the declared 100001/);
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

  it('refuses sizes that its bytes cannot hold, and scans without end', async () => {
    const bytes = new Uint8Array(jpeg.encode({ width, height, data: slope(width, height) }, 95).data);
    const frame = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
    const huge = bytes.slice();
    huge.set([0xea, 0x60, 0xea, 0x60], frame + 5);
    await expect(decodeImage(huge, 'a.jpg')).rejects.toThrow(
      /a\.jpg: a picture of 60000 × 60000 pixels.*limits\.pixels/,
    );
    huge.set([0x27, 0x10, 0x27, 0x10], frame + 5);
    await expect(decodeImage(huge)).rejects.toThrow(
      /10000 × 10000 pixels has \d+ blocks, but its \d+ bytes hold fewer/,
    );
    const scan = bytes.subarray(
      bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xda),
      -2,
    );
    const scans = concatenated([bytes.subarray(0, -2), ...Array.from({ length: 200 }, () => scan), bytes.subarray(-2)]);
    await expect(decodeImage(scans)).rejects.toThrow(/a JPEG of more than 100 scans/);
  });

  it.each(JPEG_CASES)('%s', async (_, bytes, channels, halves) => {
    const { width, height, channels: got, data } = await decodeImage(bytes, 'a.jpg');
    expect([width, height, got]).toEqual([16, 8, channels]);
    for (const [x, colour] of [[0, halves[0]] as const, [15, halves[1]] as const]) {
      const off = colour.map((value, c) => Math.abs(data[(3 * 16 + x) * channels + c] - value));
      expect(Math.max(...off)).toBeLessThan(3);
    }
  });

  it.each([
    ['12 bits a sample', 0xc0, 4, 12, /12 bits a sample/],
    ['arithmetic coding', 0xc0, 1, 0xc9, /frame FFC9 .*arithmetic/],
    ['lossless', 0xc0, 1, 0xc3, /frame FFC3 \(lossless/],
    ['a segment beyond the end', 0xdb, 2, 0x7f, /segment of 32579 bytes at byte \d+ of a file of/],
  ])('refuses %s', async (_, marker, place, value, message) => {
    const bytes = YCBCR.slice();
    bytes[bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === marker) + place] = value;
    await expect(decodeImage(bytes, 'a.jpg')).rejects.toThrow(message);
  });

  it('refuses truncated files', async () => {
    const bytes = new Uint8Array(jpeg.encode({ width, height, data: slope(width, height) }, 95).data);
    for (const end of [3, 20, 300]) await expect(decodeImage(bytes.subarray(0, end))).rejects.toThrow(FormatError);
  });
});

test('formats that the platform does not decode are refused', async () => {
  await expect(decodeImage(Uint8Array.of(0x47, 0x49, 0x46, 0x38), 'a.gif')).rejects.toThrow(
    /a\.gif: expected a picture, but the file is a GIF picture.*convert it to PNG or JPEG/,
  );
  await expect(decodeImage(Uint8Array.of(1, 2, 3), 'a.raw')).rejects.toThrow(/a\.raw: neither PNG nor JPEG.*01 02 03/);
  await expect(decodeImage(new Uint8Array())).rejects.toThrow(/the file is empty \(0 bytes\)/);
});

/**
 * The JPEG decoder against libjpeg, bit for bit; damaged pictures; pictures that cost more than their bytes are worth.
 */
import jpeg from 'jpeg-js';
import { describe, expect, it, test } from 'vitest';
import { FormatError } from '../../../src/errors.js';
import { decodeImage } from '../../../src/formats/image.js';
import { concatenated } from '../../../src/formats/joined-bytes.js';
import { LIBJPEG_PICTURES } from '../../support/libjpeg-pictures.js';
import { segment } from '../../support/pictures.js';

const [SOF0, SOF2, DHT, SOS, DQT, DRI] = [0xc0, 0xc2, 0xc4, 0xda, 0xdb, 0xdd];
const [START, END] = [
  [0xff, 0xd8],
  [0xff, 0xd9],
];

test.each(LIBJPEG_PICTURES)('%s: the pixels of libjpeg', async (_, file, pixels) => {
  const { width, height, data } = await decodeImage(file);
  expect([width, height]).toEqual([19, 21]);
  expect(Buffer.compare(data, pixels)).toBe(0);
});

test.each(LIBJPEG_PICTURES)('%s: cut anywhere, it is refused', async (_, file) => {
  for (let length = 3; length < file.length - 2; length += 11) {
    await expect(decodeImage(file.subarray(0, length))).rejects.toThrow(FormatError);
    // With an end marker behind it, only the decoder can know.
    const ended = concatenated([file.subarray(0, length), END]);
    await decodeImage(ended).catch((error) => expect(error).toBeInstanceOf(FormatError));
  }
});

const two = (n: number) => [n >> 8, n & 255];
/** A code of one symbol: a single bit 0. */
const code = (kind: number, symbol = 0) => segment(DHT, [kind, 1, ...Array(15).fill(0), symbol]);

/** A grey picture of a code of one bit for each symbol. */
function grey(side: number, marker: number, ...scans: (readonly [header: readonly number[], data: Uint8Array])[]) {
  return concatenated([
    START,
    segment(DQT, [0, ...Array(64).fill(1)]),
    segment(marker, [8, ...two(side), ...two(side), 1, 1, 0x11, 0]),
    code(0x00),
    code(0x10),
    ...scans.flatMap(([header, data]) => [segment(SOS, [1, 1, 0, ...header]), data]),
    END,
  ]);
}

describe('scans', () => {
  it('two bits a block are the least of a sequential one', async () => {
    const blocks = (80 / 8) ** 2;
    const flat = (bytes: number) => grey(80, SOF0, [[0, 63, 0], new Uint8Array(bytes)]);
    expect((await decodeImage(flat((2 * blocks) / 8))).data).toEqual(new Uint8Array(6400).fill(128));
    await expect(decodeImage(flat((2 * blocks) / 8 - 1))).rejects.toThrow(
      'scan 0 of a JPEG of 80 × 80 pixels has 100 blocks, but its 24 bytes hold fewer',
    );
  });

  it('progressive ones need a bit a block for DC, and for AC a code for 32767 blocks', async () => {
    const dc = (bytes: number) => [[0, 0, 0], new Uint8Array(bytes)] as const;
    expect((await decodeImage(grey(80, SOF2, dc(13)))).data[0]).toBe(128);
    await expect(decodeImage(grey(80, SOF2, dc(12)))).rejects.toThrow(/100 blocks, but its 12 bytes/);
    const ac = [[1, 63, 0], new Uint8Array()] as const;
    await expect(decodeImage(grey(80, SOF2, dc(13), ac))).rejects.toThrow(/scan 1 .* its 0 bytes/);
  });

  it.each<[string, number, (readonly number[])[]]>([
    ['DC and AC together', SOF2, [[0, 63, 0]]],
    ['AC before DC', SOF2, [[1, 63, 0]]],
    [
      'the same coefficients twice',
      SOF2,
      [
        [0, 0, 0],
        [1, 5, 0],
        [5, 6, 0],
      ],
    ],
    [
      'a refinement that leaves bits out',
      SOF2,
      [
        [0, 0, 2],
        [0, 0, 0x20],
      ],
    ],
    ['a refinement without a first scan', SOF2, [[0, 0, 0x10]]],
    [
      'coefficients beyond 63',
      SOF2,
      [
        [0, 0, 0],
        [1, 64, 0],
      ],
    ],
    [
      'a component twice',
      SOF0,
      [
        [0, 63, 0],
        [0, 63, 0],
      ],
    ],
  ])('refuses %s', async (_, marker, headers) => {
    const scans = headers.map((header) => [header, new Uint8Array(100)] as const);
    await expect(decodeImage(grey(16, marker, ...scans))).rejects.toThrow(
      /scan \d of a JPEG codes .* is not allowed there/,
    );
  });

  it('refuses blocks that end behind their last coefficient, bits that are not a codeword, wrong restarts', async () => {
    const withCodes = (ac: number, data: readonly number[], ...more: Uint8Array[]) =>
      concatenated([
        START,
        segment(DQT, [0, ...Array(64).fill(1)]),
        segment(SOF0, [8, ...two(8), ...two(16), 1, 1, 0x11, 0]),
        code(0x00),
        code(0x10, ac),
        ...more,
        segment(SOS, [1, 1, 0, 0, 63, 0]),
        data,
        END,
      ]);
    // Fifteen zeros and a coefficient of one bit, over and over.
    await expect(decodeImage(withCodes(0xf1, [0, 0, 0, 0]))).rejects.toThrow(/coefficient \d+ of 63/);
    await expect(decodeImage(withCodes(0, [0b1000_0000]))).rejects.toThrow(/not a codeword/);
    const restarts = segment(DRI, [0, 1]);
    expect((await decodeImage(withCodes(0, [0x3f, 0xff, 0xd0, 0x3f], restarts))).width).toBe(16);
    await expect(decodeImage(withCodes(0, [0x3f, 0xff, 0xd1, 0x3f], restarts))).rejects.toThrow(
      /lacks restart marker 0/,
    );
    await expect(decodeImage(withCodes(0, [0x3f, 0x3f], restarts))).rejects.toThrow(/lacks restart marker 0/);
  });
});

describe('tables and headers', () => {
  const file = new Uint8Array(jpeg.encode({ width: 9, height: 9, data: new Uint8Array(324) }, 50).data);
  const at = (marker: number) => file.findIndex((byte, i) => byte === 0xff && file[i + 1] === marker);

  it.each<[string, number, number, number, RegExp]>([
    ['a quantization table of an unknown width', DQT, 4, 0x20, /damaged quantization segment/],
    ['a quantization table of slot 9', DQT, 4, 9, /damaged quantization segment/],
    ['a Huffman table of slot 9', DHT, 4, 9, /damaged Huffman segment/],
    ['more codewords of one bit than there are', DHT, 5, 3, /too many words of 1 bits|damaged Huffman segment/],
    ['a sampling factor of 0', SOF0, 11, 0x01, /sampling factors/],
    ['a sampling factor of 5', SOF0, 11, 0x15, /sampling factors/],
    ['a component without its table', SOF0, 12, 3, /without the quantization table of component 0/],
    ['a scan of a component that is not there', SOS, 5, 77, /component 77/],
    ['a scan of five components', SOS, 4, 5, /scan header/],
    ['a scan with a code that is not there', SOS, 6, 0x33, /a Huffman code that is not there/],
  ])('refuses %s', async (_, marker, place, value, message) => {
    const bytes = file.slice();
    bytes[at(marker) + place] = value;
    await expect(decodeImage(bytes, 'a.jpg')).rejects.toThrow(message);
    await expect(decodeImage(bytes, 'a.jpg')).rejects.toThrow(FormatError);
  });

  it('refuses tables without end', async () => {
    const bytes = concatenated([file.subarray(0, 2), ...Array(5000).fill(segment(DHT, [])), file.subarray(2)]);
    await expect(decodeImage(bytes)).rejects.toThrow(/more than 1300 tables/);
  });
});

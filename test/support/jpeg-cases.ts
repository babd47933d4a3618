/**
 * JPEGs that express one thing in different ways, and the pixels that every decoder must give, in Node and in pages.
 */
import { concatenated } from '../../src/formats/joined-bytes.js';
import { CMYK, exif, GREY, insertBefore, noise, PROGRESSIVE, RGB, segment, without, YCBCR } from './pictures.js';

const [SOF0, DQT, SOS, APP0, APP14, EOI] = [0xc0, 0xdb, 0xda, 0xe0, 0xee, 0xd9];

/** The colours of the halves, left and right. */
export type Halves = readonly [left: readonly number[], right: readonly number[]];

const HALVES: Halves = [
  [200, 40, 90],
  [30, 160, 220],
];

/** The halves as their bytes are read for YCbCr; by the definition of JFIF. */
const asYcbcr = ([y, cb, cr]: readonly number[]): number[] =>
  [y + 1.402 * (cr - 128), y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128), y + 1.772 * (cb - 128)].map((v) =>
    Math.min(255, Math.max(0, v)),
  );

/** Inks as RGB: what each leaves of the light, times what black leaves. */
const printed = ([c, m, y, k]: readonly number[]) => [c, m, y].map((ink) => ((255 - ink) * (255 - k)) / 255);
const INKS = [
  [10, 200, 60, 0],
  [250, 20, 130, 100],
];

/** The same bytes as YCCK: what they give as YCbCr are the inks. */
const printedFromYcck = ([c, m, y, k]: readonly number[]) => printed([...asYcbcr([255 - c, 255 - m, 255 - y]), k]);

function patched(jpeg: Uint8Array, marker: number, places: readonly number[], values: readonly number[]): Uint8Array {
  const at = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === marker);
  const out = jpeg.slice();
  places.forEach((place, i) => {
    out[at + place] = values[i];
  });
  return out;
}

/** The components' names, in frame and scan. */
const named = (jpeg: Uint8Array, names: readonly number[]) =>
  patched(patched(jpeg, SOF0, [10, 13, 16], names), SOS, [5, 7, 9], names);

const jfif = segment(APP0, [...Array.from('JFIF\0', (c) => c.charCodeAt(0)), 1, 1, 0, 0, 1, 0, 1, 0, 0]);

/** A thumbnail within EXIF is a JPEG within a segment. */
const withThumbnail = segment(0xe1, concatenated([Array.from('Exif\0\0', (c) => c.charCodeAt(0)), PROGRESSIVE]));

const scans = (n: number) => Array.from({ length: n }, () => [0xff, SOS]).flat();

/** Name, file, channels, halves. */
export const JPEG_CASES: readonly (readonly [name: string, bytes: Uint8Array, channels: number, halves: Halves])[] = [
  ['YCbCr', YCBCR, 3, HALVES],
  ['progressive, with restarts', PROGRESSIVE, 3, HALVES],
  ['grey', GREY, 1, [[94], [128]]],
  ['RGB by Adobe transform 0 and names', RGB, 3, HALVES],
  ['RGB by Adobe transform 0 alone', named(RGB, [1, 2, 3]), 3, HALVES],
  ['RGB by names alone', without(RGB, APP14), 3, HALVES],
  [
    'YCbCr, as neither Adobe nor names say other',
    without(named(RGB, [1, 2, 3]), APP14),
    3,
    [asYcbcr(HALVES[0]), asYcbcr(HALVES[1])],
  ],
  ['YCbCr, as JFIF says', insertBefore(RGB, APP14, jfif), 3, [asYcbcr(HALVES[0]), asYcbcr(HALVES[1])]],
  ['CMYK', CMYK, 3, [printed(INKS[0]), printed(INKS[1])]],
  ['CMYK without a word of Adobe', without(CMYK, APP14), 3, [printed(INKS[0]), printed(INKS[1])]],
  ['YCCK', patched(CMYK, APP14, [15], [2]), 3, [printedFromYcck(INKS[0]), printedFromYcck(INKS[1])]],
  ...[1, 2, 3, 4, 5, 6, 7, 8].map(
    (n) => [`orientation ${n}`, insertBefore(YCBCR, DQT, exif(n, n % 2 === 0)), 3, HALVES] as const,
  ),
  ['a thumbnail', insertBefore(YCBCR, DQT, withThumbnail), 3, HALVES],
  [
    'markers in XMP, ICC and comments',
    insertBefore(YCBCR, DQT, ...[0xe1, 0xe2, 0xfe].map((m) => segment(m, scans(300)))),
    3,
    HALVES,
  ],
  ['a film behind it', concatenated([YCBCR, noise(3_000_000)]), 3, HALVES],
  ['another JPEG behind it', concatenated([YCBCR, GREY]), 3, HALVES],
  [
    'bytes before each kind of segment',
    [DQT, SOF0, SOS].reduce<Uint8Array>((jpeg, m) => insertBefore(jpeg, m, [0, 0xd9, 7]), YCBCR),
    3,
    HALVES,
  ],
  [
    'fill before each kind of segment',
    [DQT, SOF0, SOS, EOI].reduce<Uint8Array>((jpeg, m) => insertBefore(jpeg, m, [0xff, 0xff]), YCBCR),
    3,
    HALVES,
  ],
  [
    'noise with bytes FF between segments',
    insertBefore(YCBCR, DQT, [0xff, 0x37, 0x80, 0xff, 1, 0xff, 0xd3]),
    3,
    HALVES,
  ],
  ['bytes between scan and end', insertBefore(YCBCR, EOI, [0, 7, 0xff, 0, 9]), 3, HALVES],
  ['a stuffed zero between segments', insertBefore(YCBCR, SOF0, [0xff, 0]), 3, HALVES],
];

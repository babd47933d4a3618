/** JPEGs taken apart into segments and reassembled with wrong sizes, tables and scans. */
import fc from 'fast-check';
import { concatenated } from '../../src/formats/joined-bytes.js';
import { LIBJPEG_PICTURES } from '../support/libjpeg-pictures.js';
import { CMYK, GREY, PROGRESSIVE, RGB, YCBCR } from '../support/pictures.js';
import { sometimes } from './hostile-values.js';

/** One change. Segments are counted from the front, modulo how many there are. */
type Edit =
  | { readonly what: 'size'; readonly width: number; readonly height: number }
  | { readonly what: 'byte'; readonly segment: number; readonly at: number; readonly value: number }
  | { readonly what: 'repeat'; readonly segment: number; readonly times: number }
  | { readonly what: 'drop'; readonly segment: number }
  | { readonly what: 'move'; readonly segment: number; readonly to: number }
  | { readonly what: 'length'; readonly segment: number; readonly value: number }
  | { readonly what: 'coded'; readonly segment: number; readonly length: number; readonly fill: number };

export interface JpegCase {
  readonly kind: 'jpeg';
  readonly base: number;
  readonly edits: readonly Edit[];
  readonly end: boolean;
}

const BASES: readonly Uint8Array[] = [YCBCR, RGB, PROGRESSIVE, GREY, CMYK, ...LIBJPEG_PICTURES.map(([, file]) => file)];

const segment = fc.nat({ max: 15 });
const side = fc.constantFrom(0, 1, 7, 8, 9, 16, 17, 64, 500, 3000, 11_585, 30_000, 65_535);

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ what: fc.constant('size' as const), width: side, height: side }),
  fc.record({
    what: fc.constant('byte' as const),
    segment,
    at: fc.nat({ max: 24 }),
    value: fc.constantFrom(0, 1, 2, 3, 4, 17, 34, 63, 64, 68, 127, 128, 255),
  }),
  fc.record({
    what: fc.constant('repeat' as const),
    segment,
    times: sometimes(fc.constantFrom(2, 3), fc.constantFrom(50, 300, 2000), 4),
  }),
  fc.record({ what: fc.constant('drop' as const), segment }),
  fc.record({ what: fc.constant('move' as const), segment, to: segment }),
  fc.record({ what: fc.constant('length' as const), segment, value: fc.constantFrom(0, 1, 2, 3, 100, 65_535) }),
  fc.record({
    what: fc.constant('coded' as const),
    segment,
    length: fc.constantFrom(0, 1, 100, 10_000, 200_000),
    fill: fc.constantFrom(0, 1, 0x55, 0xaa, 0xfe, 256),
  }),
);

export const jpegCase: fc.Arbitrary<JpegCase> = fc.record({
  kind: fc.constant('jpeg' as const),
  base: fc.nat({ max: BASES.length - 1 }),
  edits: fc.array(edit, { maxLength: 4 }),
  end: sometimes(fc.constant(true), fc.constant(false), 12),
});

interface Segment {
  readonly marker: number;
  readonly data: Uint8Array;
  /** The coded data behind a scan's header. */
  readonly coded: Uint8Array;
  /** The declared length of `data`; null for the true length. */
  readonly length: number | null;
}

const SOS = 0xda;
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xc2;

/** The segments between start and end. */
function segmentsOf(jpeg: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  for (let at = 2; jpeg[at] === 0xff && jpeg[at + 1] !== 0xd9; ) {
    const length = (jpeg[at + 2] << 8) | jpeg[at + 3];
    const end = at + 2 + length;
    let next = end;
    if (jpeg[at + 1] === SOS)
      while (next < jpeg.length && !(jpeg[next] === 0xff && jpeg[next + 1] !== 0 && (jpeg[next + 1] & 0xf8) !== 0xd0))
        next++;
    segments.push({ marker: jpeg[at + 1], data: jpeg.slice(at + 4, end), coded: jpeg.slice(end, next), length: null });
    at = next;
  }
  return segments;
}

/** Bytes of coded data: all of one value, or (256) of values that look random; 0xFF is never among them. */
const coded = (length: number, fill: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (fill < 256 ? fill : (Math.imul(i + 1, 0x9e3779b1) >>> 24) % 255));

function edited(segments: readonly Segment[], change: Edit): Segment[] {
  if (segments.length === 0) return [];
  if (change.what === 'size') {
    const { width, height } = change;
    return segments.map((one) => {
      if (!isFrame(one.marker)) return one;
      const data = one.data.slice();
      data.set([height >> 8, height & 255, width >> 8, width & 255], 1);
      return { ...one, data };
    });
  }
  const k = change.segment % segments.length;
  const [one, before, after] = [segments[k], segments.slice(0, k), segments.slice(k + 1)];
  switch (change.what) {
    case 'byte': {
      const data = one.data.slice();
      if (data.length > 0) data[change.at % data.length] = change.value;
      return [...before, { ...one, data }, ...after];
    }
    case 'repeat':
      return [...before, ...new Array<Segment>(change.times).fill(one), ...after];
    case 'drop':
      return [...before, ...after];
    case 'move': {
      const rest = [...before, ...after];
      rest.splice(change.to % (rest.length + 1), 0, one);
      return rest;
    }
    case 'length':
      return [...before, { ...one, length: change.value }, ...after];
    case 'coded':
      return [...before, { ...one, coded: coded(change.length, change.fill) }, ...after];
    default:
      return change satisfies never;
  }
}

export function encodeJpegCase({ base, edits, end }: JpegCase): Uint8Array {
  const segments = edits.reduce<Segment[]>(edited, segmentsOf(BASES[base]));
  const parts = segments.flatMap(({ marker, data, coded: rest, length }) => {
    const says = length ?? data.length + 2;
    return [Uint8Array.of(0xff, marker, says >> 8, says & 255), data, rest];
  });
  return concatenated([[0xff, 0xd8], ...parts, end ? [0xff, 0xd9] : []]);
}

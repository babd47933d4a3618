/**
 * Takes a JPEG file apart (ITU-T T.81, annex B) and reassembles only the parts that make its pixels. Decoders differ in
 * their treatment of the rest: EXIF's orientation, colour profiles, thumbnails, bytes between segments, a video after
 * the picture.
 */

import { FormatError } from '../../errors.js';
import { joined } from '../joined-bytes.js';
import { type JpegFrame, type JpegScan, readFrame, readScan } from './frame.js';
import { TableReader } from './tables.js';

/** The colours of three or four components, with Adobe's number for them, by which decoders recognise them. */
const ADOBE_TRANSFORMS = { rgb: 0, ycbcr: 1, cmyk: 0, ycck: 2 } as const;

/** The colours of a picture's components. */
export type JpegColours = 'grey' | keyof typeof ADOBE_TRANSFORMS;

/** A file's description of its picture, and the bytes of its pixels. */
export interface JpegPicture {
  readonly frame: JpegFrame;
  readonly colours: JpegColours;
  readonly scans: readonly JpegScan[];
  /** A JPEG of the same pixels: tables, frame header, scans, and one APP14 segment that names the colours. */
  readonly bytes: Uint8Array;
}

/** The second bytes of markers. */
const MARKERS = { dht: 0xc4, soi: 0xd8, eoi: 0xd9, sos: 0xda, dqt: 0xdb, dri: 0xdd, app0: 0xe0, app14: 0xee } as const;
const MARKER_START = 0xff;

/** Second bytes that begin no segment: below C0 only TEM is defined, and RST0 to RST7 and SOI stand alone. */
const isNoSegment = (marker: number) =>
  marker < 0xc0 || (marker >= 0xd0 && marker <= MARKERS.soi) || marker === MARKER_START;
const isRestart = (marker: number) => marker >= 0xd0 && marker <= 0xd7;

/** C0 to CF, except tables of Huffman codes, JPEG's extensions, and arithmetic codes. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![MARKERS.dht, 0xc8, 0xcc].includes(marker);

/** Each scan covers the whole picture, however short it is. Encoders make about ten. */
const MAX_SCANS = 100;
/** No scan can use more than twelve tables, each in a segment of its own, and a restart interval. */
const MAX_TABLES = 13 * MAX_SCANS;

const beginsWith = (data: ArrayLike<number>, text: string) =>
  Array.from(text).every((c, i) => data[i] === c.charCodeAt(0));

/** One segment: a marker and what belongs to it. */
interface Segment {
  readonly marker: number;
  /** The segment, beginning with its marker. */
  readonly whole: Uint8Array;
  /** The bytes after the segment's length. */
  readonly data: Uint8Array;
  /** The offset at which to look for the next segment. */
  readonly end: number;
}

/**
 * The first segment at or after `at`, or null at the picture's end. Bytes that are not a marker, and fill bytes of
 * 0xFF, are skipped, as libjpeg does.
 */
function nextSegment(bytes: Uint8Array, at: number, what: string): Segment | null {
  for (let from = bytes.indexOf(MARKER_START, at); from >= 0; from = bytes.indexOf(MARKER_START, from + 1)) {
    const marker = bytes[from + 1];
    if (marker === undefined) break;
    if (isNoSegment(marker)) continue;
    if (marker === MARKERS.eoi) return null;
    const length = (bytes[from + 2] << 8) | bytes[from + 3];
    const end = from + 2 + length;
    if (length < 2 || !(end <= bytes.length)) {
      throw new FormatError(`${what}: a JPEG segment of ${length} bytes at byte ${from} of a file of ${bytes.length}`);
    }
    return { marker, whole: bytes.subarray(from, end), data: bytes.subarray(from + 4, end), end };
  }
  throw new FormatError(`${what}: the JPEG is cut short: its ${bytes.length} bytes have no end marker`);
}

/**
 * The end of the compressed data of a scan: the next marker that is not a restart. Inside the data a zero follows each
 * 0xFF.
 */
function scanEnd(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(MARKER_START, start); at >= 0; at = bytes.indexOf(MARKER_START, at + 1)) {
    const next = bytes[at + 1];
    if (next !== 0 && next !== MARKER_START && !isRestart(next)) return at;
  }
  return bytes.length;
}

/**
 * The components' colours, by libjpeg's rules: a JFIF segment counts first, then Adobe's, then the components'
 * identifiers.
 */
function coloursOf({ components }: JpegFrame, isJfif: boolean, transform: number | null, what: string): JpegColours {
  switch (components.length) {
    case 1:
      return 'grey';
    case 3:
      if (isJfif) return 'ycbcr';
      if (transform !== null) return transform === ADOBE_TRANSFORMS.rgb ? 'rgb' : 'ycbcr';
      return beginsWith(
        components.map(({ id }) => id),
        'RGB',
      )
        ? 'rgb'
        : 'ycbcr';
    case 4:
      return transform === null || transform === ADOBE_TRANSFORMS.cmyk ? 'cmyk' : 'ycck';
    default:
      throw new FormatError(`${what}: a JPEG of ${components.length} components, expected 1, 3 or 4`);
  }
}

/** Adobe's segment, version 100 without flags. */
function adobeSegment(transform: number): Uint8Array {
  const text = Array.from('Adobe', (c) => c.charCodeAt(0));
  return Uint8Array.of(MARKER_START, MARKERS.app14, 0, 14, ...text, 0, 100, 0, 0, 0, 0, transform);
}

/**
 * Takes a JPEG apart, up to its end marker.
 *
 * @param what names the file in errors.
 * @throws FormatError if it is cut short or of an unsupported kind.
 */
export function readJpeg(bytes: Uint8Array, what: string): JpegPicture {
  const parts: Uint8Array[] = [];
  const tables = new TableReader(what);
  const scans: JpegScan[] = [];
  let isJfif = false;
  let transform: number | null = null;
  let frame: JpegFrame | null = null;
  for (let at = 2, segment = nextSegment(bytes, at, what); segment; segment = nextSegment(bytes, at, what)) {
    const { marker, whole, data } = segment;
    at = segment.end;
    if (marker === MARKERS.app0 && beginsWith(data, 'JFIF\0')) isJfif = true;
    else if (marker === MARKERS.app14 && beginsWith(data, 'Adobe') && data.length >= 12) transform = data[11];
    else if (marker === MARKERS.sos) {
      if (!frame) throw new FormatError(`${what}: a JPEG whose scan comes before the frame header`);
      const start = at;
      at = scanEnd(bytes, start);
      const coded = bytes.subarray(start, at);
      scans.push(readScan(frame, data, tables.current(), coded, what));
      if (scans.length > MAX_SCANS) {
        throw new FormatError(`${what}: a JPEG of more than ${MAX_SCANS} scans`);
      }
      parts.push(whole, coded);
    } else if (isFrame(marker)) {
      if (frame) throw new FormatError(`${what}: a JPEG with two frame headers`);
      frame = readFrame(marker, data, what);
      parts.push(whole);
    } else if (marker === MARKERS.dht || marker === MARKERS.dqt || marker === MARKERS.dri) {
      if (marker === MARKERS.dqt) tables.readSteps(data);
      else if (marker === MARKERS.dht) tables.readCodes(data);
      else tables.readRestartInterval(data);
      parts.push(whole);
      if (parts.length > MAX_TABLES) throw new FormatError(`${what}: a JPEG of more than ${MAX_TABLES} tables`);
    }
  }
  if (!frame) throw new FormatError(`${what}: a JPEG without a frame header`);
  const colours = coloursOf(frame, isJfif, transform, what);
  const named = colours === 'grey' ? new Uint8Array(0) : adobeSegment(ADOBE_TRANSFORMS[colours]);
  const start = Uint8Array.of(MARKER_START, MARKERS.soi);
  const end = Uint8Array.of(MARKER_START, MARKERS.eoi);
  return { frame, colours, scans, bytes: joined([start, named, ...parts, end]) };
}

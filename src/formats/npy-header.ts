/**
 * The header of a .npy file: a magic number, a version, and a Python dict literal with dtype, order and shape (NumPy's
 * `numpy.lib.format`, versions 1.0, 2.0, 3.0). See npy.ts for the elements.
 */
import { FormatError } from '../errors.js';
import { beginningOf } from './beginning.js';
import type { HostDType } from './host-array.js';
import { quoted } from './quoted.js';
import { UnsupportedKind } from './unsupported.js';

/** The header's description of the elements. */
export interface NpyHeader {
  readonly dtype: HostDType;
  /** Bytes of one element; 0 for `none`, whose elements are one pickle. */
  readonly width: number;
  readonly littleEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** The offset of the elements, in bytes. */
  readonly dataOffset: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const; // \x93NUMPY

/** NumPy refuses longer headers by default, too: a dtype and a shape never need so much. */
export const MAX_HEADER = 10_000;

/** NumPy's own limit. */
const MAX_DIMENSIONS = 64;

/** Kind and width as numpy.dtype.str has them, without the byte order. */
const DTYPES: ReadonlyMap<string, HostDType> = new Map<string, HostDType>([
  ['b1', 'bool'],
  ['u1', 'uint8'],
  ['i1', 'int8'],
  ['u2', 'uint16'],
  ['i2', 'int16'],
  ['u4', 'uint32'],
  ['i4', 'int32'],
  ['u8', 'uint64'],
  ['i8', 'int64'],
  ['f2', 'float16'],
  ['f4', 'float32'],
  ['f8', 'float64'],
]);

/** The little-endian `descr` of each numeric dtype that NumPy has. */
export function descrOf(dtype: HostDType): string | undefined {
  for (const [code, name] of DTYPES) if (name === dtype) return (code.endsWith('1') ? '|' : '<') + code;
  return undefined;
}

/** Reads the header; `what` names the file in errors. */
export function parseNpyHeader(what: string, bytes: Uint8Array): NpyHeader {
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new UnsupportedKind(`${what}: not a .npy file: it ${beginningOf(bytes)}`);
  }
  const [major, minor] = [bytes[6], bytes[7]];
  if (major < 1 || major > 3 || minor !== 0) {
    throw new UnsupportedKind(`${what}: .npy version ${major}.${minor} is unknown; expected 1.0, 2.0 or 3.0`);
  }
  const lengthBytes = major === 1 ? 2 : 4;
  const start = 8 + lengthBytes;
  let length = 0;
  for (let i = start - 1; i >= 8; i--) length = length * 256 + (bytes[i] ?? 0);
  if (length > MAX_HEADER || start + length > bytes.length) {
    throw new FormatError(
      `${what}: a header of ${length} bytes does not fit (the file has ${bytes.length}, the limit is ${MAX_HEADER})`,
    );
  }
  const text = new TextDecoder(major === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(start, start + length));
  return { ...interpret(what, parseDict(what, text)), dataOffset: start + length };
}

/** The three values of a header; shapes as numbers, the rest as text. */
interface Fields {
  descr?: string;
  fortran_order?: boolean;
  shape?: number[];
}

const TOKEN = /\s*(?:(?<string>'[^'\\]*'|"[^"\\]*")|(?<int>\d+)L?|(?<word>True|False)|(?<mark>[{}():,[\]]))/y;

/** Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }` with its keys in any order. */
function parseDict(what: string, text: string): Fields {
  const fail = (expected: string, at: number): never => {
    throw new FormatError(`${what}: header has no ${expected} at character ${at}: ${quoted(text.trimEnd())}`);
  };
  let position = 0;
  const next = (): Record<string, string | undefined> => {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (!match?.groups) return {};
    position = TOKEN.lastIndex;
    return match.groups;
  };
  const expectMark = (mark: string) => next().mark === mark || fail(`'${mark}'`, position);
  const parseTuple = (): number[] => {
    expectMark('(');
    const items: number[] = [];
    for (;;) {
      const token = next();
      if (token.mark === ')') return items;
      if (token.int === undefined) return fail('size', position);
      items.push(Number(token.int));
      const after = next().mark;
      if (after === ')') return items;
      if (after !== ',') return fail("',' or ')'", position);
    }
  };

  const fields: Fields = {};
  expectMark('{');
  for (;;) {
    const token = next();
    if (token.mark === '}') break;
    const key = token.string?.slice(1, -1);
    expectMark(':');
    if (key === 'descr') {
      const value = next();
      if (value.mark === '[')
        throw new UnsupportedKind(`${what}: structured dtypes are not supported: ${quoted(text.trimEnd())}`);
      fields.descr = value.string?.slice(1, -1) ?? fail('dtype', position);
    } else if (key === 'fortran_order') {
      const value = next().word ?? fail('True or False', position);
      fields.fortran_order = value === 'True';
    } else if (key === 'shape') {
      fields.shape = parseTuple();
    } else {
      fail("'descr', 'fortran_order' or 'shape'", position);
    }
    const after = next().mark;
    if (after === '}') break;
    if (after !== ',') fail("',' or '}'", position);
  }
  if (text.slice(position).trim() !== '') fail('end', position);
  return fields;
}

type Meaning = Omit<NpyHeader, 'dataOffset'>;

function interpret(what: string, { descr, fortran_order: fortranOrder, shape }: Fields): Meaning {
  if (descr === undefined || fortranOrder === undefined || shape === undefined) {
    throw new FormatError(`${what}: header lacks one of 'descr', 'fortran_order', 'shape'`);
  }
  if (shape.length > MAX_DIMENSIONS || !shape.every(Number.isSafeInteger)) {
    throw new FormatError(`${what}: shape of ${shape.length} dimensions is out of range: ${quoted(shape.join(', '))}`);
  }
  return { ...parseDescr(what, descr), fortranOrder, shape };
}

function parseDescr(what: string, descr: string): Pick<Meaning, 'dtype' | 'width' | 'littleEndian'> {
  const match = /^([<>|=])?([a-zA-Z])(\d{0,9})$/.exec(descr);
  if (match) {
    const [, order, kind, digits] = match;
    const littleEndian = order !== '>';
    const dtype = DTYPES.get(kind + digits);
    if (dtype !== undefined) return { dtype, width: Number(digits), littleEndian };
    if (kind === 'U' && digits) return { dtype: 'str', width: 4 * Number(digits), littleEndian };
    if (kind === 'S' && digits) return { dtype: 'bytes', width: Number(digits), littleEndian };
    if (kind === 'O') return { dtype: 'none', width: 0, littleEndian };
  }
  throw new UnsupportedKind(`${what}: dtype ${quoted(descr)} is not supported`);
}

/**
 * Header bytes as NumPy writes them: version 1.0 (2.0 if necessary), padded so that elements begin at a multiple of 64
 * bytes.
 */
export function encodeNpyHeader(descr: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const padded = (preamble: number) => Math.ceil((preamble + dict.length + 1) / 64) * 64;
  const isV1 = padded(10) - 10 <= 0xffff;
  const preamble = isV1 ? 10 : 12;
  const total = padded(preamble);
  const bytes = new Uint8Array(total).fill(0x20);
  bytes.set(MAGIC);
  bytes.set([isV1 ? 1 : 2, 0], 6);
  const view = new DataView(bytes.buffer);
  if (isV1) view.setUint16(8, total - preamble, true);
  else view.setUint32(8, total - preamble, true);
  bytes.set(new TextEncoder().encode(dict), preamble);
  bytes[total - 1] = 0x0a;
  return bytes;
}

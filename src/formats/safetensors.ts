/**
 * The safetensors format: eight bytes with the header's length, a JSON header of names, dtypes, shapes and offsets,
 * then the elements, little endian and row-major. Bytes to {@link HostArray}s and back.
 */
import { FormatError, KeyError, ValueError } from '../errors.js';
import { formatShape, sizeOf } from '../ndarray/shape.js';
import { beginningOf } from './beginning.js';
import { checkFilled, decodeElements, encodeElements, requireNumeric, WIDTHS } from './elements.js';
import type { HostArray, HostArrayOf, NumericDType } from './host-array.js';
import { parseJson } from './json.js';
import { Budget, type Limits } from './limits.js';
import { quoted } from './quoted.js';
import { UnsupportedKind } from './unsupported.js';

/** The contents of a safetensors file: arrays by name, in the file's order, and texts about them. */
export interface Safetensors {
  readonly arrays: Map<string, HostArrayOf<NumericDType>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The format's names of dtypes. */
const NAMES = {
  bool: 'BOOL',
  uint8: 'U8',
  int8: 'I8',
  uint16: 'U16',
  int16: 'I16',
  uint32: 'U32',
  int32: 'I32',
  uint64: 'U64',
  int64: 'I64',
  float16: 'F16',
  bfloat16: 'BF16',
  float32: 'F32',
  float64: 'F64',
} as const satisfies Record<NumericDType, string>;

const isNumericDType = (name: string): name is NumericDType => name in NAMES;

const DTYPES: ReadonlyMap<unknown, NumericDType> = new Map<unknown, NumericDType>(
  Object.keys(NAMES)
    .filter(isNumericDType)
    .map((dtype) => [NAMES[dtype], dtype]),
);

const METADATA = '__metadata__';

/** The limit in the format's own implementation. */
const MAX_HEADER = 100_000_000;

/** Dimensions of an array: NumPy's own limit. */
const MAX_DIMENSIONS = 64;

/** The location of an array, checked by itself. */
interface Entry {
  readonly name: string;
  /** Null for a dtype that this reader does not support. */
  readonly dtype: NumericDType | null;
  /** The dtype's name in the header. */
  readonly dtypeName: unknown;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function readHeader(what: string, bytes: Uint8Array, depth?: number): { header: Json; dataOffset: number } {
  if (bytes.length < 8) {
    throw new FormatError(`${what}: ${bytes.length} bytes are not a safetensors file: it ${beginningOf(bytes)}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  const dataOffset = 8 + length;
  if (length > MAX_HEADER || dataOffset > bytes.length) {
    throw new FormatError(
      `${what}: a header of ${length} bytes does not fit (the file has ${bytes.length}, the limit is ${MAX_HEADER}); ` +
        `it ${beginningOf(bytes)}`,
    );
  }
  const header = parseJson(`${what}: the header`, decodeText(what, bytes.subarray(8, dataOffset)), depth);
  if (!isObject(header)) throw new FormatError(`${what}: the header is not a JSON object`);
  return { header, dataOffset };
}

function decodeText(what: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError(`${what}: the header is not JSON: it is not UTF-8`, { cause });
  }
}

function readEntry(what: string, name: string, value: unknown): Entry {
  const fail = (reason: string): never => {
    throw new FormatError(`${what}: array ${quoted(name)}: ${reason}`);
  };
  if (!isObject(value)) return fail('its header entry is not an object');
  const { shape, data_offsets: offsets } = value;
  const dtype = DTYPES.get(value.dtype) ?? null;
  if (!Array.isArray(shape) || shape.length > MAX_DIMENSIONS || !shape.every(isSize)) {
    return fail(`${quoted(shape)} is not a shape: expected at most ${MAX_DIMENSIONS} sizes`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    return fail(`${quoted(offsets)} are not offsets: expected two`);
  }
  const [begin, end] = offsets;
  const needed = dtype === null ? end - begin : sizeOf(shape) * WIDTHS[dtype];
  if (needed !== end - begin || end < begin) {
    return fail(`shape ${formatShape(shape)} of ${dtype} takes ${needed} bytes, but its offsets span ${end - begin}`);
  }
  return { name, dtype, dtypeName: value.dtype, shape, begin, end };
}

/** Arrays must follow one another and fill the file: a hole or an overlap could hide other content. */
function checkLayout(what: string, entries: readonly Entry[], size: number): void {
  let free = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== free) {
      const kind = begin < free ? 'overlaps the array before' : 'leaves a hole';
      throw new FormatError(`${what}: array ${quoted(name)}: at offset ${begin} it ${kind}, which ends at ${free}`);
    }
    free = end;
  }
  if (free !== size) throw new FormatError(`${what}: the arrays take ${free} bytes, but ${size} follow the header`);
}

function readMetadata(what: string, value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';
  const entries = isObject(value) ? Object.entries(value) : [];
  if (!isObject(value) || !entries.every(isText)) throw new FormatError(`${what}: ${METADATA} does not hold strings`);
  return Object.fromEntries(entries);
}

/**
 * A safetensors file in memory. Its header is read and checked at once. An array is copied out when a caller asks for
 * it, so a large model never exists twice, and an unsupported dtype does not affect the other arrays.
 */
export class SafetensorsFile {
  /** Texts about the arrays. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly #what: string;
  readonly #data: Uint8Array;
  readonly #entries: ReadonlyMap<string, Entry>;

  /**
   * @param what names the file in errors.
   *
   * @param limits `depth`: nesting of the JSON header; `nodes`: number of arrays.
   * @throws FormatError when the header is damaged or beyond a limit, when an array's shape and offsets disagree, or
   *   when the arrays overlap, leave holes, or do not fill the file.
   */
  constructor(bytes: Uint8Array, what = 'safetensors', limits: Limits = {}) {
    const budget = new Budget(what, limits, bytes.length);
    const { header, dataOffset } = readHeader(what, bytes, limits.depth);
    const { [METADATA]: metadata, ...described } = header;
    budget.check('nodes', Object.keys(described).length, 'the number of its arrays');
    const entries = Object.entries(described).map(([name, value]) => readEntry(what, name, value));
    checkLayout(what, entries, bytes.length - dataOffset);
    this.metadata = readMetadata(what, metadata);
    this.#what = what;
    this.#data = bytes.subarray(dataOffset);
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
  }

  /** The names of all arrays, in the file's order. */
  keys(): string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The array with a name. @throws KeyError when it does not exist, FormatError when its dtype is not supported. */
  get(name: string): HostArrayOf<NumericDType> {
    const entry = this.#entries.get(name);
    if (!entry) throw new KeyError(`${this.#what}: there is no array ${quoted(name)}`);
    const { dtype, dtypeName, shape, begin, end } = entry;
    if (dtype === null) {
      throw new UnsupportedKind(`${this.#what}: array ${quoted(name)}: dtype ${quoted(dtypeName)} is not supported`);
    }
    return decodeElements(dtype, shape, this.#data.subarray(begin, end));
  }
}

/** All arrays of a safetensors file. See {@link SafetensorsFile} to read them one at a time. */
export function parseSafetensors(bytes: Uint8Array, what = 'safetensors', limits: Limits = {}): Safetensors {
  const file = new SafetensorsFile(bytes, what, limits);
  return { arrays: new Map(file.keys().map((name) => [name, file.get(name)])), metadata: file.metadata };
}

/**
 * Writes a safetensors file. Like the format's own implementation, it orders arrays by falling width, so that each is
 * aligned, and pads the header with spaces to a multiple of eight bytes.
 *
 * @throws DTypeError for strings and None; ShapeError when elements do not fill a shape; ValueError for a repeated name
 *   or the reserved name `__metadata__`.
 */
export function encodeSafetensors(
  arrays: Iterable<readonly [name: string, array: HostArray]> | Readonly<Record<string, HostArray>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const pairs = Array.from(Symbol.iterator in arrays ? arrays : Object.entries(arrays), ([name, array]) => {
    checkFilled(`encodeSafetensors '${name}'`, array);
    return { name, array: requireNumeric(`encodeSafetensors '${name}'`, array) };
  });
  pairs.sort((a, b) => WIDTHS[b.array.dtype] - WIDTHS[a.array.dtype]);
  const header = new Map<string, unknown>(Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : []);
  let end = 0;
  for (const { name, array } of pairs) {
    if (name === METADATA || header.has(name)) throw new ValueError(`encodeSafetensors: '${name}' is taken`);
    const begin = end;
    end += sizeOf(array.shape) * WIDTHS[array.dtype];
    header.set(name, { dtype: NAMES[array.dtype], shape: array.shape, data_offsets: [begin, end] });
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + end).fill(0x20, 0, 8 + headerLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(text, 8);
  let at = 8 + headerLength;
  for (const { array } of pairs) {
    const body = encodeElements(array);
    bytes.set(body, at);
    at += body.length;
  }
  return bytes;
}

/**
 * The safetensors format: eight bytes of header length, a JSON header of names, dtypes, shapes and offsets, then the
 * elements, little endian and row-major. Bytes to {@link HostArray}s and back; it knows nothing of models.
 */
import { FormatError, ValueError } from '../errors.js';
import { formatShape, sizeOf } from '../ndarray/shape.js';
import { checkFilled, decodeElements, encodeElements, requireNumeric, WIDTHS } from './elements.js';
import type { HostArray, HostArrayOf, NumericDType } from './host-array.js';

/** What a safetensors file holds: arrays by name, in the file's order, and strings about them. */
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

/** The limit of the format's own implementation. */
const MAX_HEADER = 100_000_000;

/** Where an array is, checked by itself. */
interface Entry {
  readonly name: string;
  readonly dtype: NumericDType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function readHeader(what: string, bytes: Uint8Array): { header: Json; dataOffset: number } {
  if (bytes.length < 8) throw new FormatError(`${what}: ${bytes.length} bytes are no safetensors file`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  const dataOffset = 8 + length;
  if (length > MAX_HEADER || dataOffset > bytes.length) {
    throw new FormatError(
      `${what}: a header of ${length} bytes does not fit (the file has ${bytes.length}, the limit is ${MAX_HEADER})`,
    );
  }
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, dataOffset)));
  } catch (cause) {
    throw new FormatError(`${what}: the header is not JSON`, { cause });
  }
  if (!isObject(header)) throw new FormatError(`${what}: the header is not a JSON object`);
  return { header, dataOffset };
}

function readEntry(what: string, name: string, value: unknown): Entry {
  const fail = (reason: string): never => {
    throw new FormatError(`${what}: array '${name}': ${reason}`);
  };
  if (!isObject(value)) return fail('its header entry is no object');
  const { shape, data_offsets: offsets } = value;
  const dtype = DTYPES.get(value.dtype);
  if (dtype === undefined) return fail(`dtype ${JSON.stringify(value.dtype)} is not supported`);
  if (!Array.isArray(shape) || !shape.every(isSize)) return fail(`${JSON.stringify(shape)} is not a shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    return fail(`${JSON.stringify(offsets)} are no offsets`);
  }
  const [begin, end] = offsets;
  const needed = sizeOf(shape) * WIDTHS[dtype];
  if (needed !== end - begin) {
    return fail(`shape ${formatShape(shape)} of ${dtype} takes ${needed} bytes, but its offsets span ${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}

/** Arrays must follow one another and fill the file: a hole or an overlap is a sign of another content. */
function checkLayout(what: string, entries: readonly Entry[], size: number): void {
  let free = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== free) {
      const kind = begin < free ? 'overlaps the array before' : 'leaves a hole';
      throw new FormatError(`${what}: array '${name}': at offset ${begin} it ${kind}, which ends at ${free}`);
    }
    free = end;
  }
  if (free !== size) throw new FormatError(`${what}: the arrays take ${free} bytes, but ${size} follow the header`);
}

function readMetadata(what: string, value: unknown): Record<string, string> {
  if (value === undefined) return {};
  const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';
  const entries = isObject(value) ? Object.entries(value) : [];
  if (!isObject(value) || !entries.every(isText)) throw new FormatError(`${what}: ${METADATA} does not hold strings`);
  return Object.fromEntries(entries);
}

/**
 * Reads a safetensors file; the elements are copied.
 *
 * @param what names the file in errors.
 * @throws FormatError when the header is damaged, when an array's shape and offsets disagree, or when the arrays
 *   overlap, leave holes, or do not fill the file.
 */
export function parseSafetensors(bytes: Uint8Array, what = 'safetensors'): Safetensors {
  const { header, dataOffset } = readHeader(what, bytes);
  const { [METADATA]: metadata, ...described } = header;
  const entries = Object.entries(described).map(([name, value]) => readEntry(what, name, value));
  checkLayout(what, entries, bytes.length - dataOffset);
  const arrays = entries.map(({ name, dtype, shape, begin, end }) => {
    const body = bytes.subarray(dataOffset + begin, dataOffset + end);
    return [name, decodeElements(dtype, shape, body)] as const;
  });
  return { arrays: new Map(arrays), metadata: readMetadata(what, metadata) };
}

/**
 * Writes a safetensors file. As the format's own implementation does, arrays are laid out by falling width, so that
 * each is aligned, and the header is padded with spaces to a multiple of eight bytes.
 *
 * @throws DTypeError for strings and None; ShapeError when elements do not fill a shape; ValueError for a name given
 *   twice or the reserved name `__metadata__`.
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

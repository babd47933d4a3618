/**
 * The fuzzer of array files and archives. A file that a reader accepts is written again, and must read back unchanged.
 */
import fc from 'fast-check';
import { DTypeError, FormatError } from '../../src/errors.js';
import { decodeBlob, parseCaffemodel } from '../../src/formats/caffemodel.js';
import type { ExpectedFile } from '../../src/formats/foreign-file.js';
import { type HostArray, isNumeric, narrow } from '../../src/formats/host-array.js';
import { parseIdx } from '../../src/formats/idx.js';
import { parseMat } from '../../src/formats/mat.js';
import { encodeNpy, parseNpy } from '../../src/formats/npy.js';
import { encodeNpz, NpzFile, parseNpz } from '../../src/formats/npz.js';
import { parseOnnx } from '../../src/formats/onnx/parse.js';
import { decodeTensor } from '../../src/formats/onnx/tensor.js';
import { reading } from '../../src/formats/reading.js';
import { encodeSafetensors, parseSafetensors } from '../../src/formats/safetensors.js';
import { readTar } from '../../src/formats/tar.js';
import { ZipArchive } from '../../src/formats/zip.js';
import { sizeOf } from '../../src/ndarray/shape.js';
import {
  encodeNpyCase,
  encodeSafetensorsCase,
  encodeSmallCase,
  encodeZipCase,
  type NpyCase,
  npyCase,
  type SafetensorsCase,
  type SmallCase,
  safetensorsCase,
  smallCase,
  type ZipCase,
  zipCase,
} from './archive-case.js';
import { drawn, Finding, type Outcome, refusedOr } from './target.js';

type ArchiveCase = NpyCase | ZipCase | SafetensorsCase | SmallCase;
type Arrays = ReadonlyMap<string, HostArray>;

const bytesArray = (data: Uint8Array): HostArray => ({ shape: [data.length], dtype: 'uint8', data });

/** All arrays of a file by name, as the reader of its kind gives them. */
const READERS: Readonly<Record<ArchiveCase['kind'], (bytes: Uint8Array) => Arrays | Promise<Arrays>>> = {
  npy: (bytes) => new Map([['x', parseNpy(bytes)]]),
  zip: (bytes) => {
    const archive = new ZipArchive(bytes);
    for (const name of archive.names()) archive.read(name);
    return archive.names().some((name) => name.endsWith('.npy')) ? parseNpz(bytes) : new Map();
  },
  safetensors: (bytes) => parseSafetensors(bytes).arrays,
  idx: (bytes) => new Map([['x', parseIdx(bytes)]]),
  tar: (bytes) => new Map(Array.from(readTar(bytes), ([name, data]) => [name, bytesArray(data)])),
  mat: (bytes) => parseMat(bytes),
  caffemodel: (bytes) =>
    new Map(
      parseCaffemodel(bytes).layers.flatMap(({ name, blobs }, k) =>
        blobs.map((blob, i): [string, HostArray] => [`${name}${k}.${i}`, decodeBlob(blob)]),
      ),
    ),
  onnx: (bytes) => new Map(Array.from(parseOnnx(bytes).initializers, ([name, tensor]) => [name, decodeTensor(tensor)])),
  foreign: (bytes) => new Map([['x', parseNpy(bytes)]]),
};

/** Readers that get a file of another kind, so that the error may name the kind. */
const EXPECTED: readonly ExpectedFile[] = ['npz', 'onnx', 'picture', 'tar'];

function bytesFor(value: ArchiveCase): Uint8Array {
  switch (value.kind) {
    case 'npy':
      return encodeNpyCase(value);
    case 'zip':
      return encodeZipCase(value);
    case 'safetensors':
      return encodeSafetensorsCase(value);
    default:
      return encodeSmallCase(value);
  }
}

/** @throws Finding unless an array has as many elements as its shape. */
function checkArray(name: string, array: HostArray): void {
  const size = sizeOf(array.shape);
  if (array.data !== null && array.data.length !== size)
    throw new Finding('wrong result', `'${name}': ${array.data.length} elements of shape (${array.shape})`);
  if (!isNumeric(array)) return;
  try {
    narrow(array);
  } catch (error) {
    if (!(error instanceof DTypeError)) throw error;
  }
}

/** Elements as they are told apart in a report. */
const text = ({ shape, dtype, data }: HostArray): string =>
  `${dtype} (${shape}) ${data === null ? '' : Array.from<unknown>(data).join()}`;

/** The most arrays of a file that are written again: writing takes memory of its own. */
const MOST_WRITTEN = 50;

/** @throws Finding unless what is written is read as it was. */
function checkWritten(arrays: Arrays): void {
  const named = [...arrays].filter(([name]) => name !== '__metadata__').slice(0, MOST_WRITTEN);
  const check = (format: string, again: Arrays, expected: readonly (readonly [string, HostArray])[]) => {
    for (const [name, array] of expected) {
      const other = again.get(name);
      if (!other || text(other) !== text(array))
        throw new Finding('wrong result', `${format}: '${name}' comes back as ${other && text(other).slice(0, 200)}`);
    }
  };
  const hasNumpy = named.filter(([, array]) => array.dtype !== 'bfloat16');
  for (const [name, array] of hasNumpy) check('npy', new Map([[name, parseNpy(encodeNpy(array))]]), [[name, array]]);
  for (const compressed of [false, true]) {
    const file = new NpzFile(encodeNpz(hasNumpy, { compressed }));
    check('npz', new Map(hasNumpy.map(([name]) => [name, file.get(name)])), hasNumpy);
  }
  const numbers = named.filter(([, array]) => isNumeric(array));
  check('safetensors', parseSafetensors(encodeSafetensors(numbers)).arrays, numbers);
}

const refuse = (): never => {
  throw new FormatError('refused');
};

async function run(value: ArchiveCase): Promise<Outcome> {
  const bytes = bytesFor(value);
  const arrays = await refusedOr(() => READERS[value.kind](bytes));
  if (!arrays) {
    for (const expected of EXPECTED) await refusedOr(() => reading(expected, bytes, 'fuzz', refuse));
    return { accepted: false, bytes: bytes.length };
  }
  for (const [name, array] of arrays) checkArray(name, array);
  checkWritten(arrays);
  return { accepted: true, bytes: bytes.length };
}

export const archives = drawn<ArchiveCase>(
  fc.oneof(npyCase, zipCase, safetensorsCase, { arbitrary: smallCase, weight: 3 }),
  {
    run,
    topic: ({ kind }) => kind,
  },
);

/**
 * Damaged files for fuzzing: seeds that are valid, and seeded mutations of them. Each reader must give a result or one
 * of the errors it documents, whatever the bytes.
 */
import { encode as encodePng } from 'fast-png';
import { gzipSync, zipSync } from 'fflate';
import jpeg from 'jpeg-js';
import { DTypeError, FormatError, RensaError } from '../../src/errors.js';
import { decodeBlob, parseCaffemodel } from '../../src/formats/caffemodel.js';
import { crc32 } from '../../src/formats/crc32.js';
import { type HostArray, isNumeric, narrow } from '../../src/formats/host-array.js';
import { parseIdx } from '../../src/formats/idx.js';
import { decodeImage } from '../../src/formats/image.js';
import { parseMat } from '../../src/formats/mat.js';
import { encodeNpy, parseNpy } from '../../src/formats/npy.js';
import { encodeNpz, parseNpz } from '../../src/formats/npz.js';
import { encodeOnnx } from '../../src/formats/onnx/encode.js';
import type { OnnxAttribute, OnnxModel, OnnxTensor } from '../../src/formats/onnx/model.js';
import { parseOnnx } from '../../src/formats/onnx/parse.js';
import { decodeTensor } from '../../src/formats/onnx/tensor.js';
import { encodeSafetensors, parseSafetensors } from '../../src/formats/safetensors.js';
import { readTar } from '../../src/formats/tar.js';
import { ZipArchive } from '../../src/formats/zip.js';
import { readOnnx } from '../../src/graph/onnx/load.js';
import { RandomState } from '../../src/ndarray/random-state.js';
import { formatShape, sizeOf } from '../../src/ndarray/shape.js';
import { encodeMat, encodeTar } from '../support/archives.js';
import { encodeCaffemodel, encodeMessage } from '../support/caffemodel.js';

/** A reader, and valid files for it. */
export interface Format {
  readonly seeds: readonly Uint8Array[];
  read(bytes: Uint8Array): Iterable<HostArray> | Promise<Iterable<HostArray>>;
  /** Makes checksums agree again, so that a mutation is not refused for those alone. */
  repair?(bytes: Uint8Array): Uint8Array;
}

const ARRAYS: Record<string, HostArray> = {
  'conv1/W': { shape: [2, 1, 3], dtype: 'float32', data: Float32Array.of(0, -1.5, 2, 3, 1e30, 5) },
  n: { shape: [2], dtype: 'int64', data: BigInt64Array.of(-9n, 5n) },
  h: { shape: [3], dtype: 'float16', data: Float32Array.of(0.5, 1, 2) },
  mask: { shape: [4, 1], dtype: 'bool', data: Uint8Array.of(1, 0, 1, 1) },
};
const TEXTS: Record<string, HostArray> = {
  _log: { shape: [], dtype: 'str', data: ['[{"é": "あ😀"}]'] },
  names: { shape: [2], dtype: 'bytes', data: ['ab', 'c'] },
  none: { shape: [], dtype: 'none', data: null },
};
const IDX = Uint8Array.of(0, 0, 0x0b, 2, 0, 0, 0, 2, 0, 0, 0, 3, ...Array.from({ length: 12 }, (_, i) => i));

const CAFFEMODELS = [
  encodeCaffemodel([
    { name: 'data', type: 'Input', tops: ['data'] },
    {
      name: 'conv1',
      type: 'Convolution',
      bottoms: ['data'],
      tops: ['conv1'],
      blobs: [
        { shape: [2, 1, 3, 1], data: Float32Array.of(0, -1.5, 2, 3, 1e30, 5) },
        { shape: [2], data: Float64Array.of(1, 2) },
      ],
      params: [
        [
          106,
          [
            [1, 2],
            [2, true],
            [11, 3],
            [12, 1],
            [6, [2, 1]],
          ],
        ],
      ],
    },
    { name: 'relu1', type: 'ReLU', bottoms: ['conv1'], tops: ['conv1'], params: [[123, [[1, { float: 0.1 }]]]] },
  ]),
  encodeMessage([
    [1, 'old'],
    [
      2,
      [
        [2, 'data'],
        [3, 'ip'],
        [4, 'ip'],
        [5, 14],
        [
          6,
          [
            [3, 2],
            [4, 3],
            [5, new Float32Array(6)],
          ],
        ],
      ],
    ],
  ]),
];

const PIXELS = Uint8Array.from({ length: 7 * 9 * 4 }, (_, i) => (i * i) % 251);

const PICTURES = {
  png: [
    encodePng({ width: 7, height: 9, channels: 4, data: PIXELS }),
    encodePng({ width: 7, height: 9, channels: 1, data: PIXELS.subarray(0, 63) }, { interlace: 'Adam7' }),
  ],
  jpeg: [50, 95].map((quality) => new Uint8Array(jpeg.encode({ width: 7, height: 9, data: PIXELS }, quality).data)),
};

async function readPicture(bytes: Uint8Array): Promise<HostArray> {
  const { width, height, channels, data } = await decodeImage(bytes);
  return { shape: [height, width, channels], dtype: 'uint8', data };
}

/** The same chunks with checksums that agree, as far as there are whole ones. */
function repairPng(bytes: Uint8Array): Uint8Array {
  const out = bytes.slice();
  const view = new DataView(out.buffer);
  for (let at = 8; at + 12 <= out.length; ) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > out.length) break;
    view.setUint32(end, crc32(out.subarray(at + 4, end)));
    at = end + 4;
  }
  return out;
}

const onnxTensor = (name: string, shape: readonly number[], data: Float32Array | BigInt64Array): OnnxTensor => ({
  name,
  shape,
  dtype: data instanceof Float32Array ? 'float32' : 'int64',
  elements: [new Uint8Array(data.buffer)],
});

const onnxNode = (op: string, inputs: string, output: string, attributes: Record<string, OnnxAttribute> = {}) => ({
  name: `${op}_${output}`,
  op,
  domain: '',
  inputs: inputs.split(' '),
  outputs: [output],
  attributes: new Map(Object.entries(attributes)),
});

const ONNX: OnnxModel = {
  irVersion: 8,
  opset: 17,
  producer: 'test',
  name: 'net',
  nodes: [
    onnxNode('Conv', 'x w b', 'a', { pads: { type: 'ints', value: [1, 1, 1, 1] }, group: { type: 'int', value: 1 } }),
    onnxNode('LeakyRelu', 'a', 'l', { alpha: { type: 'float', value: 0.1 } }),
    onnxNode('MaxPool', 'l', 'p', { kernel_shape: { type: 'ints', value: [2, 2] } }),
    onnxNode('Reshape', 'p shape', 'y'),
  ],
  initializers: new Map(
    [
      onnxTensor(
        'w',
        [2, 1, 3, 3],
        Float32Array.from({ length: 18 }, (_, i) => i / 7),
      ),
      onnxTensor('b', [2], Float32Array.of(0, -1.5)),
      onnxTensor('shape', [2], BigInt64Array.of(0n, -1n)),
    ].map((tensor) => [tensor.name, tensor]),
  ),
  inputs: [{ name: 'x', dtype: 'float32', shape: [1, 1, 4, 4] }],
  outputs: [{ name: 'y', dtype: 'float32', shape: ['batch', 8] }],
};

/** Compiles what could be parsed; whatever is wrong with it then must be a typed error too. */
function* readOnnxModel(bytes: Uint8Array): Iterable<HostArray> {
  for (const tensor of parseOnnx(bytes).initializers.values()) yield decodeTensor(tensor);
  try {
    readOnnx(bytes).free();
  } catch (error) {
    if (!(error instanceof RensaError)) throw error;
  }
}

/** The formats that read bytes nobody vouches for. */
export const FORMATS = {
  npy: { seeds: Object.values({ ...ARRAYS, ...TEXTS }).map(encodeNpy), read: (bytes) => [parseNpy(bytes)] },
  npz: {
    seeds: [false, true].map((compressed) => encodeNpz({ ...ARRAYS, ...TEXTS }, { compressed })),
    read: (bytes) => parseNpz(bytes).values(),
  },
  idx: { seeds: [IDX, gzipSync(IDX, { filename: 'images' })], read: (bytes) => [parseIdx(bytes)] },
  safetensors: {
    seeds: [encodeSafetensors(ARRAYS, { by: 'rensa' }), encodeSafetensors({})],
    read: (bytes) => parseSafetensors(bytes).arrays.values(),
  },
  caffemodel: {
    seeds: CAFFEMODELS,
    read: (bytes) => parseCaffemodel(bytes).layers.flatMap(({ blobs }) => blobs.map(decodeBlob)),
  },
  onnx: {
    seeds: [encodeOnnx(ONNX), encodeOnnx({ ...ONNX, inputs: [{ ...ONNX.inputs[0], shape: ['n', 1, 4, 4] }] })],
    read: readOnnxModel,
  },
  mat: {
    seeds: [false, true].map((compressed) => encodeMat('X', [2, 3], [1, 2, 3, 4, 5, 6], compressed)),
    read: async (bytes) => (await parseMat(bytes)).values(),
  },
  tar: {
    seeds: [encodeTar({ 'a/b.bin': Uint8Array.of(1, 2, 3), empty: new Uint8Array() })],
    read: (bytes) => Array.from(readTar(bytes).values(), (data) => ({ shape: [data.length], dtype: 'uint8', data })),
  },
  png: { seeds: PICTURES.png, read: async (bytes) => [await readPicture(bytes)], repair: repairPng },
  jpeg: { seeds: PICTURES.jpeg, read: async (bytes) => [await readPicture(bytes)] },
  'zip of pictures': {
    seeds: [0, 6].map((level) =>
      zipSync({ 'a.png': PICTURES.png[0], 'in/b.jpg': PICTURES.jpeg[0] }, { level: level === 0 ? 0 : 6 }),
    ),
    read: async (bytes) => {
      const archive = new ZipArchive(bytes, 'pictures.zip');
      return Promise.all(archive.names().map((name) => readPicture(archive.read(name))));
    },
  },
} satisfies Record<string, Format>;

/** Sizes and offsets that have broken readers before. */
const HOSTILE = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

type Mutation = (bytes: Uint8Array, random: RandomState) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  function truncate(bytes, random) {
    return bytes.slice(0, random.randint(bytes.length));
  },
  function flipBits(bytes, random) {
    const out = bytes.slice();
    for (let n = random.randint(1, 9); n > 0; n--) out[random.randint(out.length)] ^= 1 << random.randint(8);
    return out;
  },
  function setHostileNumber(bytes, random) {
    const out = bytes.slice();
    const width = [1, 2, 4][random.randint(3)];
    const at = random.randint(Math.max(1, out.length - width));
    const value = HOSTILE[random.randint(HOSTILE.length)];
    for (let k = 0; k < width && at + k < out.length; k++) out[at + k] = value >>> (8 * k);
    return out;
  },
  function setDigit(bytes, random) {
    const out = bytes.slice();
    const digits = Array.from(out.keys()).filter((i) => out[i] >= 0x30 && out[i] <= 0x39);
    if (digits.length > 0) out[digits[random.randint(digits.length)]] = 0x30 + random.randint(10);
    return out;
  },
  function repeatPiece(bytes, random) {
    const start = random.randint(bytes.length);
    const end = start + random.randint(1, 40);
    return Uint8Array.from([...bytes.slice(0, end), ...bytes.slice(start)]);
  },
  function cutPiece(bytes, random) {
    const start = random.randint(bytes.length);
    const end = start + random.randint(1, 40);
    return Uint8Array.from([...bytes.slice(0, start), ...bytes.slice(end)]);
  },
  function appendNoise(bytes, random) {
    return Uint8Array.from([...bytes, ...random.bytes(random.randint(1, 30))]);
  },
];

/** The `i`-th damaged file of a format: one to three mutations of a seed. The same numbers give the same bytes. */
export function mutant(format: Format, seed: number, i: number): Uint8Array {
  const random = new RandomState([seed, i]);
  let bytes = format.seeds[random.randint(format.seeds.length)];
  for (let n = random.randint(1, 4); n > 0 && bytes.length > 0; n--) {
    bytes = MUTATIONS[random.randint(MUTATIONS.length)](bytes, random);
  }
  return format.repair && random.randint(2) === 1 ? format.repair(bytes) : bytes;
}

/** More elements than this cannot honestly come from files this small. */
const MAX_ELEMENTS = 1_000_000;

/**
 * Reads bytes to the last element, and on to what devices take.
 *
 * @returns whether they were accepted.
 * @throws what a reader must never throw, or an Error that names an array too large to be true or not of its shape.
 */
export async function survives(format: Format, bytes: Uint8Array): Promise<boolean> {
  try {
    for (const array of await format.read(bytes)) {
      const { data, shape } = array;
      const size = data?.length ?? sizeOf(shape);
      if (size > MAX_ELEMENTS) throw new Error(`${size} elements from ${bytes.length} bytes`);
      if (size !== sizeOf(shape)) throw new Error(`${size} elements of shape ${formatShape(shape)}`);
      if (isNumeric(array)) narrow(array);
    }
    return true;
  } catch (error) {
    if (error instanceof FormatError || error instanceof DTypeError) return false;
    throw error;
  }
}

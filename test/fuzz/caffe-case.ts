/** Random nets of Caffe as plain data, and as the bytes of a .caffemodel. Field numbers are caffe.proto's. */
import fc from 'fast-check';
import { type BlobSpec, encodeCaffemodel, encodeMessage, type Fields, type Value } from '../support/caffemodel.js';
import type { Content } from './graph-case.js';
import { valuesOf } from './graph-model.js';
import { float, hostileInteger, integer, length, shape, sometimes } from './hostile-values.js';

interface BlobCase {
  readonly shape: readonly number[];
  readonly double: boolean;
  readonly content: Content;
}

interface LayerCase {
  readonly type: string;
  /** Which blobs are read, counted back from the newest; before the first is the net's input, and before that is none. */
  readonly bottoms: readonly number[];
  readonly tops: number;
  readonly blobs: readonly BlobCase[];
  readonly params: Fields;
}

export interface CaffeCase {
  readonly input: readonly number[];
  readonly layers: readonly LayerCase[];
  /** Layers as they were written before 2014. */
  readonly old: boolean;
  readonly pooling: 'caffe' | 'chainer';
}

type Field = fc.Arbitrary<Value>;

const whole = (min: number, max: number): Field => integer(min, max);
const flag: Field = fc.boolean();
const real: Field = float().map((value) => ({ float: value }));
/** One number, or a list of some. */
const pair = (min: number, max: number): Field =>
  fc.oneof(
    integer(min, max),
    fc.array(integer(min, max), { minLength: 1, maxLength: 2 }),
    fc.array(hostileInteger, { maxLength: 4 }),
  );

const WINDOW: Readonly<Record<number, Field>> = {
  9: whole(0, 2),
  10: whole(0, 2),
  11: whole(1, 3),
  12: whole(1, 3),
  13: whole(1, 2),
  14: whole(1, 2),
};

const CONVOLUTION: Readonly<Record<number, Field>> = {
  1: whole(1, 4),
  2: flag,
  3: pair(0, 2),
  4: pair(1, 3),
  5: whole(1, 3),
  6: pair(1, 2),
  ...WINDOW,
  16: whole(1, 1),
  18: pair(1, 2),
};

/** The message of a type's settings, by its number today, and its number before 2014, and its fields. */
const MESSAGES: Readonly<
  Record<string, readonly [now: number, before: number, fields: Readonly<Record<number, Field>>]>
> = {
  BatchNorm: [139, 139, { 1: flag, 2: real, 3: real }],
  Concat: [104, 9, { 1: whole(0, 3), 2: whole(-2, 3) }],
  Convolution: [106, 10, CONVOLUTION],
  Deconvolution: [106, 10, CONVOLUTION],
  Dropout: [108, 12, { 1: real }],
  Eltwise: [110, 24, { 1: whole(0, 2), 2: real }],
  InnerProduct: [117, 17, { 1: whole(1, 4), 2: flag, 5: whole(1, 1), 6: flag }],
  LRN: [118, 18, { 1: whole(1, 5), 2: real, 3: real, 4: whole(0, 1), 5: real }],
  Pooling: [
    121,
    19,
    {
      1: whole(0, 2),
      2: whole(1, 3),
      3: whole(1, 2),
      4: whole(0, 2),
      5: whole(1, 3),
      6: whole(1, 3),
      7: whole(1, 2),
      8: whole(1, 2),
      9: whole(0, 1),
      10: whole(0, 1),
      12: flag,
      13: whole(0, 1),
    },
  ],
  ReLU: [123, 30, { 1: real }],
  Reshape: [
    133,
    133,
    { 1: fc.array(sometimes(integer(-1, 4), hostileInteger, 8), { maxLength: 5 }).map((dims): Fields => [[1, dims]]) },
  ],
  Scale: [142, 142, { 1: whole(-1, 3), 2: whole(-1, 2), 4: flag }],
  Sigmoid: [124, 124, {}],
  Slice: [126, 31, { 1: whole(0, 3), 2: pair(1, 3), 3: whole(-2, 3) }],
  Softmax: [125, 39, { 2: whole(1, 1) }],
  SoftmaxWithLoss: [125, 39, { 2: whole(1, 1) }],
  Split: [1, 1, {}],
  Data: [107, 107, {}],
  Unheard: [999, 99, {}],
};

/** The types that nets draw; a test holds that all are among them that Rensa emulates. */
export const LAYER_TYPES: readonly string[] = Object.keys(MESSAGES);

/** The numbers of types before 2014. */
const OLD_TYPES: Readonly<Record<string, number>> = {
  ...{
    Concat: 3,
    Convolution: 4,
    Data: 5,
    Dropout: 6,
    InnerProduct: 14,
    LRN: 15,
    Pooling: 17,
    ReLU: 18,
    Sigmoid: 19,
    Softmax: 20,
  },
  ...{ SoftmaxWithLoss: 21, Split: 22, Eltwise: 25, Slice: 33, Deconvolution: 39, Unheard: 77 },
};

/** A blob of a layer, small whatever it says. */
const blob = (shapes: fc.Arbitrary<readonly number[]>): fc.Arbitrary<BlobCase> =>
  fc.record({
    shape: shapes,
    double: sometimes(fc.constant(false), fc.constant(true), 6),
    content: fc.constantFrom<Content>('counting', 'counting', 'zeros', 'hostile'),
  });

/** Blobs that fit an input of three channels, or not. */
function blobsOf(type: string): fc.Arbitrary<BlobCase[]> {
  const any = fc.array(blob(shape()), { maxLength: 3 });
  const fitting = (...shapes: readonly (readonly number[])[]) =>
    fc.tuple(...shapes.map((dimensions) => blob(fc.constant(dimensions)))).map((list) => [...list]);
  if (type === 'Convolution' || type === 'Deconvolution') {
    return fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom(1, 3), fc.integer({ min: 1, max: 3 }))
      .chain(([n, c, k]) => sometimes(fitting([n, c, k, k], [n]), any, 6));
  }
  if (type === 'InnerProduct')
    return sometimes(
      fc.constantFrom([4, 3], [4, 48], [1, 1, 4, 108]).chain((w) => fitting(w, [4])),
      any,
      6,
    );
  if (type === 'BatchNorm') return sometimes(fitting([3], [3], [1]), any, 6);
  if (type === 'Scale') return sometimes(fitting([3], [3]), any, 6);
  return sometimes(fc.constant([]), any, 12);
}

const layer: fc.Arbitrary<LayerCase> = fc.constantFrom(...LAYER_TYPES).chain((type) => {
  const [now, , fields] = MESSAGES[type];
  const entries = Object.entries(fields).map(([number, value]) =>
    fc.option(
      value.map((one) => [Number(number), one] as const),
      { freq: 2 },
    ),
  );
  return fc.record({
    type: fc.constant(type),
    bottoms: sometimes(
      fc.constantFrom<number[]>([0], [0], [0], [0, 0], [0, 1]),
      fc.array(fc.nat({ max: 9 }), { maxLength: 4 }),
      8,
    ),
    tops: sometimes(fc.constant(1), fc.nat({ max: 4 }), 4),
    blobs: blobsOf(type),
    params: fc.tuple(...entries).map((list): Fields => [[now, list.filter((entry) => entry !== null)]]),
  });
});

export const caffeCase: fc.Arbitrary<CaffeCase> = fc.record({
  input: sometimes(
    fc.constantFrom<number[]>([1, 3, 4, 4], [2, 3, 6, 6], [1, 3, 1, 1]),
    fc.array(length, { maxLength: 5 }),
    8,
  ),
  layers: fc.array(layer, { minLength: 1, maxLength: 4 }),
  old: sometimes(fc.constant(false), fc.constant(true), 5),
  pooling: fc.constantFrom('caffe', 'chainer'),
});

const nameOfBlob = (k: number): string => (k === 0 ? 'data' : `top${k}`);

const dataOf = ({ shape, double, content }: BlobCase): BlobSpec => {
  const values = valuesOf(
    content,
    shape.reduce((a, b) => a * b, 1),
  );
  return { shape, data: double ? Float64Array.from(values) : Float32Array.from(values) };
};

/** The names of what a layer reads and writes. */
interface Wired {
  readonly bottoms: readonly string[];
  readonly tops: readonly string[];
}

function wire(layers: readonly LayerCase[]): Wired[] {
  let made = 1;
  return layers.map(({ bottoms, tops }) => {
    const read = bottoms.map((back) => nameOfBlob(made - 1 - back));
    const written = Array.from({ length: tops }, () => nameOfBlob(made++));
    return { bottoms: read, tops: written };
  });
}

function oldLayer({ type, blobs, params }: LayerCase, { bottoms, tops }: Wired, k: number): Fields {
  const [[, fields]] = params;
  return [
    [4, `layer${k}`],
    [5, OLD_TYPES[type] ?? 77],
    ...bottoms.map((name) => [2, name] as const),
    ...tops.map((name) => [3, name] as const),
    ...blobs.map(dataOf).map(
      ({ shape, data }) =>
        [
          6,
          [
            [7, [[1, shape]]],
            [data instanceof Float64Array ? 8 : 5, data],
          ],
        ] as const,
    ),
    [MESSAGES[type][1], fields],
  ];
}

/** The bytes of a net, and the names of all that its layers write. */
export function encoded({ layers, old }: CaffeCase): { bytes: Uint8Array; tops: string[] } {
  const wired = wire(layers);
  const tops = wired.flatMap((layer) => [...layer.tops]);
  if (old)
    return {
      bytes: encodeMessage([[1, 'old'], ...layers.map((layer, k) => [2, oldLayer(layer, wired[k], k)] as const)]),
      tops,
    };
  const specs = layers.map(({ type, blobs, params }, k) => ({
    name: `layer${k}`,
    type,
    ...wired[k],
    blobs: blobs.map(dataOf),
    params,
  }));
  return { bytes: encodeCaffemodel(specs), tops };
}

/** Random inputs for each operator of ONNX: mostly valid, sometimes inputs that it must refuse. */
import fc from 'fast-check';
import type { NumericDType } from '../../src/formats/host-array.js';
import { DATA_TYPES } from '../../src/formats/onnx/model.js';
import {
  type Attribute,
  type Attributes,
  absent,
  axes,
  int,
  ints,
  list,
  numbers,
  type Operand,
  type OperatorCase,
  optional,
  real,
  scalar,
  tensor,
  text,
} from './graph-case.js';
import { float, hostileFloat, hostileInteger, integer, length, shape, sometimes } from './hostile-values.js';

const any = tensor(shape());
const floats = (dimensions: fc.Arbitrary<readonly number[]>) =>
  tensor(dimensions, sometimes(fc.constant('float32'), fc.constant('float64'), 12));
const fixed = (...dimensions: number[]) =>
  tensor(sometimes(fc.constant(dimensions), shape(), 24), fc.constant('float32'));

/** Operands and attributes that do not depend on one another. */
const plain = (
  operands: readonly fc.Arbitrary<Operand>[],
  attributes: Attributes = {},
  outputs = 1,
): fc.Arbitrary<OperatorCase> => fc.constant({ operands, attributes, outputs });

/** Operands beside x whose shapes broadcast with it: a part of its axes, some of them 1. */
const beside = (x: readonly number[]): fc.Arbitrary<number[]> =>
  fc
    .tuple(fc.nat({ max: x.length }), fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }))
    .map(([drop, ones]) => x.slice(drop).map((n, k) => (ones[k] ? 1 : n)));

const broadcast = (
  count: number,
  attributes: Attributes = {},
  dtypes?: fc.Arbitrary<NumericDType>[],
): fc.Arbitrary<OperatorCase> =>
  shape().chain((x) =>
    sometimes(
      fc.constant<NumericDType>('float32'),
      fc.constantFrom<NumericDType>('int32', 'int64', 'bool', 'uint8', 'float64'),
      3,
    ).map((dtype) => ({
      operands: Array.from({ length: count }, (_, k) =>
        tensor(
          k === 0 ? fc.constant(x) : sometimes(beside(x), shape(), 12),
          dtypes?.[k] ?? sometimes(fc.constant(dtype), fc.constant('int32'), 16),
        ),
      ),
      attributes,
    })),
  );

/** An operator over x, with what depends on its shape. */
const over = (
  make: (x: readonly number[]) => Omit<OperatorCase, 'operands'> & { rest?: readonly fc.Arbitrary<Operand>[] },
  dimensions: fc.Arbitrary<readonly number[]> = shape(1),
): fc.Arbitrary<OperatorCase> =>
  dimensions.map((x) => {
    const { rest = [], ...others } = make(x);
    return { operands: [tensor(fc.constant(x)), ...rest], ...others };
  });

const axis = (ndim: number) => int(-ndim, Math.max(0, ndim - 1));

/** (N, C, H, W), at times (N, C, L). */
const image: fc.Arbitrary<number[]> = fc.oneof(
  {
    arbitrary: fc.tuple(
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 12 }),
    ),
    weight: 5,
  },
  { arbitrary: fc.tuple(length, length, fc.integer({ min: 1, max: 12 })), weight: 1 },
  { arbitrary: shape(), weight: 1 },
);

const windows = (spatial: number): Attributes => ({
  auto_pad: text('NOTSET', 'NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'),
  strides: ints(list(spatial, 1, 3)),
  pads: ints(list(2 * spatial, 0, 3)),
});

const pooling = (more: Attributes = {}): fc.Arbitrary<OperatorCase> =>
  over((x) => {
    const spatial = Math.max(0, x.length - 2);
    return {
      attributes: {
        ...windows(spatial),
        kernel_shape: ints(list(spatial, 1, 3)),
        ceil_mode: int(0, 1),
        dilations: ints(list(spatial, 1, 1)),
        ...more,
      },
      outputs: 1,
    };
  }, image);

/** A convolution's image, weight and bias, which agree. */
function convolution(transposed: boolean): fc.Arbitrary<OperatorCase> {
  const sizes = fc.record({
    n: fc.integer({ min: 0, max: 2 }),
    group: fc.constantFrom(1, 1, 1, 2, 3, 8),
    inputs: fc.integer({ min: 1, max: 4 }),
    outputs: fc.integer({ min: 1, max: 9 }),
    lengths: fc.oneof(
      { arbitrary: fc.tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 14 })), weight: 6 },
      { arbitrary: fc.tuple(fc.integer({ min: 1, max: 14 })), weight: 1 },
    ),
    kernel: fc.constantFrom(1, 3, 3, 3, 2, 5),
  });
  return sizes.map(({ n, group, inputs, outputs, lengths, kernel }) => {
    const spatial = lengths.length;
    const kernels = lengths.map(() => kernel);
    const channels = group * inputs;
    const weight = transposed ? [channels, outputs, ...kernels] : [group * outputs, inputs, ...kernels];
    const constant = (dimensions: readonly number[]) =>
      fixed(...dimensions).map((w) => ({ ...w, from: 'constant' as const }));
    return {
      operands: [
        fixed(n, channels, ...lengths),
        sometimes(constant(weight), fixed(...weight), 3),
        optional(fixed(group * outputs)),
      ],
      attributes: {
        ...windows(spatial),
        dilations: ints(list(spatial, 1, 2)),
        group: sometimes(fc.constant<Attribute>({ type: 'int', value: group }), int(0, 4), 12),
        kernel_shape: ints(fc.constant(kernels)),
        ...(transposed && { output_padding: ints(list(spatial, 0, 1)), output_shape: ints(list(spatial, 1, 20)) }),
      },
    };
  });
}

const product: fc.Arbitrary<OperatorCase> = fc
  .record({ batch: shape(0, 2), m: length, k: length, n: length })
  .map(({ batch, m, k, n }) => ({
    operands: [
      floats(sometimes(fc.constant<number[]>([...batch, m, k]), shape(), 12)),
      floats(
        fc.oneof(
          fc.constant<number[]>([k, n]),
          fc.constant<number[]>([...batch, k, n]),
          fc.constant<number[]>([k]),
          shape(),
        ),
      ),
    ],
  }));

const gemm: fc.Arbitrary<OperatorCase> = fc
  .record({ m: length, k: length, n: length, transA: fc.nat({ max: 1 }), transB: fc.nat({ max: 1 }) })
  .chain(({ m, k, n, transA, transB }) =>
    fc.constant({
      operands: [
        fixed(...(transA ? [k, m] : [m, k])),
        fixed(...(transB ? [n, k] : [k, n])),
        optional(fc.oneof(fixed(n), fixed(m, n), fixed(1, n), fixed(m, 1), fixed())),
      ],
      attributes: {
        transA: sometimes(fc.constant<Attribute>({ type: 'int', value: transA }), int(0, 1), 20),
        transB: sometimes(fc.constant<Attribute>({ type: 'int', value: transB }), int(0, 1), 20),
        alpha: real(1),
        beta: real(1),
      },
    }),
  );

const perChannel = (count: number, attributes: Attributes): fc.Arbitrary<OperatorCase> =>
  image.map((x) => ({ operands: [fixed(...x), ...Array.from({ length: count }, () => fixed(x[1] ?? 1))], attributes }));

const reduction = over((x) => ({
  rest: [optional(numbers(axes(x.length)))],
  attributes: { axes: ints(axes(x.length)), keepdims: int(0, 1), noop_with_empty_axes: int(0, 1) },
}));

const argument = over((x) => ({
  attributes: { axis: axis(x.length), keepdims: int(0, 1), select_last_index: int(0, 1) },
}));

const softmaxes = over((x) => ({ attributes: { axis: axis(x.length) } }));

const dataType = sometimes(fc.constantFrom(...Object.values(DATA_TYPES)), hostileInteger, 12).map(
  (value): Attribute => ({ type: 'int', value }),
);
const wanted = fc.oneof(
  { arbitrary: fc.array(sometimes(length, hostileInteger, 4), { maxLength: 5 }), weight: 3 },
  { arbitrary: fc.array(fc.constantFrom(1000, 65_536, 2 ** 27, 2 ** 31 - 1, -1, 0), { maxLength: 9 }), weight: 1 },
);

const drawnLike = (like: boolean): fc.Arbitrary<OperatorCase> =>
  plain(like ? [any] : [], {
    ...(!like && { shape: ints(wanted) }),
    dtype: dataType,
    mean: real(0),
    scale: real(1),
    low: real(0),
    high: real(1),
  });

const scale = sometimes(
  fc.constantFrom(1, 1, 2, 0.5, 1.5, 3),
  fc.oneof(hostileFloat, fc.constantFrom(1e9, 1e6, 2 ** 27, 1e-9)),
  5,
);

const resize = over((x) => {
  const scales = fc.array(scale, { minLength: x.length, maxLength: x.length });
  const constant = (values: fc.Arbitrary<readonly number[]>): fc.Arbitrary<Operand> =>
    values.map((content) => ({
      from: 'constant',
      dtype: 'float32',
      shape: [content.length],
      content,
      declared: 'known',
    }));
  return {
    rest: [
      optional(absent),
      sometimes(constant(scales), absent, 3),
      sometimes(absent, numbers(list(x.length, 1, 9)), 3),
    ],
    attributes: {
      mode: text('nearest', 'linear', 'nearest', 'linear', 'cubic'),
      coordinate_transformation_mode: text(
        'half_pixel',
        'pytorch_half_pixel',
        'align_corners',
        'asymmetric',
        'tf_crop_and_resize',
      ),
      nearest_mode: text('round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'),
      axes: ints(axes(x.length)),
      antialias: int(0, 0),
      keep_aspect_ratio_policy: text('stretch'),
    },
  };
});

const upsample = over((x) => ({
  rest: [
    sometimes(
      fc.array(scale, { minLength: x.length, maxLength: x.length }).map(
        (content): Operand => ({
          from: 'constant',
          dtype: 'float32',
          shape: [content.length],
          content,
          declared: 'known',
        }),
      ),
      absent,
      4,
    ),
  ],
  attributes: {
    mode: text('nearest', 'linear'),
    scales: fc.array(scale, { maxLength: 5 }).map((value): Attribute => ({ type: 'floats', value })),
  },
}));

const slices = over((x) => {
  const count = x.length;
  return {
    rest: [
      optional(numbers(list(count, -3, 3))),
      optional(numbers(list(count, -3, 5))),
      optional(numbers(axes(count))),
      optional(numbers(list(count, -2, 3))),
    ],
    attributes: { starts: ints(list(count, -3, 3)), ends: ints(list(count, -3, 5)), axes: ints(axes(count)) },
  };
});

const pad = over((x) => ({
  rest: [
    sometimes(numbers(list(2 * x.length, -1, 3)), absent, 6),
    optional(scalar(float(), fc.constant('float32'))),
    sometimes(absent, numbers(axes(x.length)), 5),
  ],
  attributes: {
    mode: text('constant', 'edge', 'reflect', 'wrap'),
    pads: ints(list(2 * x.length, -1, 3)),
    value: real(0),
  },
}));

const scatter = over((x) => {
  const axisOf = axis(x.length);
  const some = x.map((n) => Math.min(n, 2));
  const size = some.reduce((a, b) => a * b, 1);
  return {
    rest: [
      fc
        .array(integer(-1, 1), { minLength: size, maxLength: size })
        .map((content): Operand => ({ from: 'constant', dtype: 'int64', shape: some, content, declared: 'known' })),
      tensor(fc.constant(some)),
    ],
    attributes: { axis: axisOf, reduction: text('none', 'add', 'mul') },
  };
});

const gather = over((x) => ({
  rest: [
    fc.oneof(numbers(list(2, -2, 1)), tensor(shape(0, 2), fc.constantFrom<NumericDType>('int64', 'int32', 'float32'))),
  ],
  attributes: { axis: axis(x.length) },
}));

const blocks = over(
  () => ({ attributes: { blocksize: int(1, 3), mode: text('DCR', 'CRD') } }),
  fc.oneof(
    fc.tuple(length, fc.constantFrom(4, 9, 8), fc.constantFrom(2, 6), fc.constantFrom(2, 6)),
    fc.tuple(length, length, length, length),
    shape(),
  ),
);

const constant = plain([], {
  value: tensor(shape()).map((value): Attribute => ({ type: 'tensor', value })),
  value_ints: ints(fc.array(hostileInteger, { maxLength: 5 })),
  value_int: int(-2, 5),
  value_floats: fc.array(float(), { maxLength: 5 }).map((value): Attribute => ({ type: 'floats', value })),
  value_float: real(1),
});

const range: fc.Arbitrary<OperatorCase> = fc
  .constantFrom<NumericDType>('int64', 'float32', 'int32', 'float64')
  .map((dtype) => {
    const number = (min: number, max: number) =>
      sometimes(fc.integer({ min, max }), dtype.startsWith('int') ? hostileInteger : hostileFloat, 4);
    return {
      operands: [number(0, 2), number(0, 9), number(-1, 2)].map((value) => scalar(value, fc.constant(dtype))),
      chains: false,
    };
  });

const layerNormalization = shape(1).map(
  (x): OperatorCase => ({
    operands: [fixed(...x), fixed(...x.slice(-1)), optional(fixed(...x.slice(-1)))],
    attributes: { axis: axis(x.length), epsilon: real(1e-5) },
    outputs: 3,
  }),
);

const one = plain([any]);
const alphaBeta = plain([any], { alpha: real(0.2), beta: real(0.5), gamma: real(1) });

/** By operator. `operators.test.ts` holds that there are as many as Rensa reads. */
export const OPERATOR_CASES: Readonly<Record<string, fc.Arbitrary<OperatorCase>>> = {
  ...Object.fromEntries(
    [
      ...[
        'Abs',
        'Acos',
        'Asin',
        'Atan',
        'Ceil',
        'Cos',
        'Cosh',
        'Erf',
        'Exp',
        'Floor',
        'HardSwish',
        'Identity',
        'IsNaN',
      ],
      ...[
        'Log',
        'Mish',
        'Neg',
        'Not',
        'Reciprocal',
        'Relu',
        'Round',
        'Sigmoid',
        'Sign',
        'Sin',
        'Sinh',
        'Size',
        'Softplus',
      ],
      ...['Softsign', 'Sqrt', 'Tan', 'Tanh', 'GlobalAveragePool', 'GlobalMaxPool'],
    ].map((op) => [op, one]),
  ),
  ...Object.fromEntries(
    [
      ...[
        'Add',
        'And',
        'Div',
        'Equal',
        'Greater',
        'GreaterOrEqual',
        'Less',
        'LessOrEqual',
        'Mul',
        'Or',
        'PRelu',
        'Pow',
      ],
      ...['Sub', 'Xor'],
    ].map((op) => [op, broadcast(2)]),
  ),
  ...Object.fromEntries(['Max', 'Mean', 'Min', 'Sum'].map((op) => [op, broadcast(3)])),
  ...Object.fromEntries(['Elu', 'HardSigmoid', 'LeakyRelu', 'Selu'].map((op) => [op, alphaBeta])),
  ...Object.fromEntries(
    ['L1', 'L2', 'Max', 'Mean', 'Min', 'Prod', 'Sum', 'SumSquare'].map((op) => [`Reduce${op}`, reduction]),
  ),
  ArgMax: argument,
  ArgMin: argument,
  AveragePool: pooling({ count_include_pad: int(0, 1) }),
  BatchNormalization: perChannel(4, { epsilon: real(1e-5), momentum: real(0.9), training_mode: int(0, 0) }),
  Cast: plain([any], { to: dataType, saturate: int(0, 1) }),
  Clip: plain(
    [
      any,
      optional(scalar(float(), fc.constantFrom<NumericDType>('float32', 'int32'))),
      optional(scalar(float(), fc.constant('float32'))),
    ],
    { min: real(0), max: real(6) },
  ),
  Concat: shape(1).map((x) => ({
    operands: [0, 1, 2].map((k) =>
      tensor(sometimes(fc.constant(x), shape(), 10), k === 0 ? fc.constant('float32') : undefined),
    ),
    attributes: { axis: axis(x.length) },
  })),
  Constant: constant,
  ConstantOfShape: plain([numbers(wanted)], {
    value: tensor(fc.constantFrom<readonly number[]>([1], [1], [], [2], [0])).map(
      (value): Attribute => ({ type: 'tensor', value }),
    ),
  }),
  Conv: convolution(false),
  ConvTranspose: convolution(true),
  CumSum: over((x) => ({
    rest: [scalar(integer(-x.length, x.length - 1), fc.constant('int64'))],
    attributes: { exclusive: int(0, 0), reverse: int(0, 0) },
  })),
  DepthToSpace: blocks,
  Dropout: plain(
    [
      any,
      optional(scalar(float(), fc.constant('float32'))),
      optional(scalar(fc.constantFrom(0, 1), fc.constant('bool'))),
    ],
    { ratio: real(0.5), seed: int(0, 3) },
    2,
  ),
  Expand: over((x) => ({ rest: [numbers(fc.oneof(fc.constant(x), wanted))] })),
  Flatten: over((x) => ({ attributes: { axis: int(-x.length, x.length) } }), shape()),
  Gather: gather,
  Gelu: plain([any], { approximate: text('none', 'tanh') }),
  Gemm: gemm,
  InstanceNormalization: perChannel(2, { epsilon: real(1e-5) }),
  IsInf: plain([any], { detect_negative: int(0, 1), detect_positive: int(0, 1) }),
  LRN: over(() => ({ attributes: { size: int(1, 5), alpha: real(1e-4), beta: real(0.75), bias: real(1) } }), image),
  LayerNormalization: layerNormalization,
  LogSoftmax: softmaxes,
  MatMul: product,
  MaxPool: pooling({ storage_order: int(0, 0) }),
  Mod: broadcast(2, { fmod: int(0, 1) }),
  Pad: pad,
  RandomNormal: drawnLike(false),
  RandomNormalLike: drawnLike(true),
  RandomUniform: drawnLike(false),
  RandomUniformLike: drawnLike(true),
  Range: range,
  Reshape: over(
    (x) => ({
      rest: [numbers(fc.oneof(fc.constant([-1]), fc.constant([0, -1]), fc.constant([...x].reverse()), wanted))],
      attributes: { shape: ints(wanted), allowzero: int(0, 1) },
    }),
    shape(),
  ),
  Resize: resize,
  ScatterElements: scatter,
  Shape: plain([any], { start: int(-3, 3), end: int(-3, 5) }),
  Slice: slices,
  Softmax: softmaxes,
  SpaceToDepth: blocks,
  Split: over((x) => ({
    rest: [sometimes(absent, numbers(list(2, 0, 3)), 3)],
    attributes: { axis: axis(x.length), split: ints(list(2, 0, 3)), num_outputs: int(1, 3) },
    outputs: 2,
  })),
  Squeeze: over((x) => ({ rest: [optional(numbers(axes(x.length)))], attributes: { axes: ints(axes(x.length)) } })),
  Tile: over((x) => ({ rest: [numbers(list(x.length, 0, 3))] })),
  Transpose: over((x) => ({
    attributes: {
      perm: ints(
        sometimes(
          fc.shuffledSubarray(
            x.map((_, k) => k),
            { minLength: x.length },
          ),
          list(x.length, -1, 4),
          6,
        ),
      ),
    },
  })),
  Unsqueeze: over((x) => ({
    rest: [optional(numbers(axes(x.length + 2)))],
    attributes: { axes: ints(axes(x.length + 2)) },
  })),
  Upsample: upsample,
  Where: broadcast(3, {}, [fc.constantFrom<NumericDType>('bool', 'bool', 'float32')]),
};

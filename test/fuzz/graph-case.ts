/** Random ONNX graphs as plain data, which fast-check draws and shrinks. graph-model.ts makes files of them. */
import fc from 'fast-check';
import type { NumericDType } from '../../src/formats/host-array.js';
import type { OnnxAttribute } from '../../src/formats/onnx/model.js';
import { hostileFloat, hostileInteger, integer, length, sometimes } from './hostile-values.js';

/** The elements of a tensor: a pattern, or the numbers themselves. */
export type Content = 'counting' | 'zeros' | 'ones' | 'hostile' | readonly number[];

/** A tensor that comes with a graph: a constant of the file, or an input with what is passed for it. */
export interface TensorCase {
  readonly from: 'constant' | 'input';
  readonly dtype: NumericDType;
  readonly shape: readonly number[];
  readonly content: Content;
  /**
   * For inputs: the shape that the file declares. `known` is the true shape, `lengths` has names for lengths, `none`
   * declares no shape.
   */
  readonly declared: 'known' | 'lengths' | 'none';
}

/** An input of a node: a tensor, or nothing, or a value computed before, counted back from the newest; where there is none, another. */
export type Operand =
  | TensorCase
  | { readonly from: 'absent' }
  | { readonly from: 'before'; readonly back: number; readonly otherwise: Operand };

/** An attribute of a node; tensors are operands' tensors. */
export type Attribute =
  | Exclude<OnnxAttribute, { type: 'tensor' }>
  | { readonly type: 'tensor'; readonly value: TensorCase };

export interface NodeCase {
  readonly op: string;
  readonly operands: readonly Operand[];
  readonly attributes: readonly (readonly [name: string, value: Attribute])[];
  /** The number of outputs with names. */
  readonly outputs: number;
}

export interface GraphCase {
  readonly opset: number;
  readonly nodes: readonly NodeCase[];
  /** Whether the model is written as ONNX and read again. */
  readonly rewritten: boolean;
  /** Whether the model is loaded with limits below the defaults. */
  readonly isTight: boolean;
}

const dtype: fc.Arbitrary<NumericDType> = fc.constantFrom<NumericDType>(
  ...(['float32', 'float32', 'float32', 'float32', 'float32', 'int32', 'int64', 'bool', 'uint8', 'float64'] as const),
  ...(['float16', 'int8', 'uint16', 'int16', 'bfloat16', 'uint32', 'uint64'] as const),
);
const content: fc.Arbitrary<Content> = fc.constantFrom<Content>(
  'counting',
  'counting',
  'counting',
  'ones',
  'zeros',
  'hostile',
);

/** A tensor of a drawn shape. */
export const tensor = (
  shape: fc.Arbitrary<readonly number[]>,
  dtypes: fc.Arbitrary<NumericDType> = sometimes(fc.constant('float32'), dtype, 4),
  contents: fc.Arbitrary<Content> = content,
): fc.Arbitrary<TensorCase> =>
  fc.record({
    from: fc.constantFrom('input', 'input', 'constant'),
    dtype: dtypes,
    shape,
    content: contents,
    declared: fc.constantFrom('known', 'known', 'lengths', 'none'),
  });

/** A constant of the file that is never an input: shapes, axes, pads. Mostly int64. */
export const numbers = (values: fc.Arbitrary<readonly number[]>): fc.Arbitrary<Operand> =>
  fc.oneof(
    {
      arbitrary: fc
        .record({ values, dtype: sometimes(fc.constant<NumericDType>('int64'), dtype, 20) })
        .map(({ values: content, dtype }) => ({
          from: 'constant' as const,
          dtype,
          shape: [content.length],
          content,
          declared: 'known' as const,
        })),
      weight: 20,
    },
    { arbitrary: fc.constant<Operand>({ from: 'absent' }), weight: 1 },
    { arbitrary: tensor(fc.array(length, { maxLength: 2 })), weight: 1 },
  );

/** A scalar constant. */
export const scalar = (value: fc.Arbitrary<number>, dtypes: fc.Arbitrary<NumericDType>): fc.Arbitrary<Operand> =>
  fc
    .record({ value, dtype: dtypes, shape: fc.constantFrom<readonly number[]>([], [], [1]) })
    .map(({ value, dtype, shape }) => ({ from: 'constant', dtype, shape, content: [value], declared: 'known' }));

export const absent: fc.Arbitrary<Operand> = fc.constant({ from: 'absent' });

/** There or left out. */
export const optional = (operand: fc.Arbitrary<Operand>): fc.Arbitrary<Operand> => sometimes(operand, absent, 3);

/** Now and then a value computed before. */
const chained = (operand: fc.Arbitrary<Operand>): fc.Arbitrary<Operand> =>
  fc
    .tuple(operand, fc.option(fc.nat({ max: 3 }), { freq: 1 }))
    .map(([otherwise, back]) => (back === null ? otherwise : { from: 'before', back, otherwise }));

/** Attributes of each type. */
export const int = (min: number, max: number): fc.Arbitrary<Attribute> =>
  integer(min, max).map((value) => ({ type: 'int', value }));
export const ints = (values: fc.Arbitrary<readonly number[]>): fc.Arbitrary<Attribute> =>
  values.map((value) => ({ type: 'ints', value }));
export const real = (honest: number): fc.Arbitrary<Attribute> =>
  sometimes(fc.constantFrom(honest, 0.5, 1, 2), hostileFloat, 8).map((value) => ({ type: 'float', value }));
/** One of the texts that an operator knows, or a name that every object has. */
export const text = (...known: string[]): fc.Arbitrary<Attribute> =>
  sometimes(fc.constantFrom(...known), fc.constantFrom('', '__proto__', 'constructor', 'toString', 'x'), 10).map(
    (value) => ({
      type: 'string',
      value,
    }),
  );

/** An attribute of a type that the operator does not ask for. */
const anotherType: fc.Arbitrary<Attribute> = fc.oneof(
  hostileInteger.map((value): Attribute => ({ type: 'int', value })),
  hostileFloat.map((value): Attribute => ({ type: 'float', value })),
  fc.array(hostileInteger, { maxLength: 6 }).map((value): Attribute => ({ type: 'ints', value })),
  fc.array(hostileFloat, { maxLength: 6 }).map((value): Attribute => ({ type: 'floats', value })),
  fc.constantFrom<Attribute>(
    { type: 'string', value: 'x' },
    { type: 'strings', value: [] },
    { type: 'strings', value: ['a'] },
  ),
);

/** A list of `count` integers from a range, now and then a hostile one, or a list of another length. */
export const list = (count: number, min: number, max: number): fc.Arbitrary<number[]> =>
  sometimes(
    fc.array(integer(min, max, 40), { minLength: count, maxLength: count }),
    fc.array(hostileInteger, { maxLength: 9 }),
    24,
  );

/** Some axes of an array, negative ones too; now and then repeated or out of range. */
export const axes = (ndim: number): fc.Arbitrary<number[]> =>
  sometimes(
    ndim === 0 ? fc.constant([]) : fc.uniqueArray(fc.integer({ min: 0, max: ndim - 1 }), { maxLength: ndim }),
    fc.array(integer(-ndim - 1, ndim, 6), { maxLength: 5 }),
    8,
  );

export type Attributes = Readonly<Record<string, fc.Arbitrary<Attribute>>>;

/** The inputs of an operator. Operands and attributes may depend on one another, so they are drawn together. */
export interface OperatorCase {
  readonly operands: readonly fc.Arbitrary<Operand>[];
  readonly attributes?: Attributes;
  /** The most outputs. Default 1. */
  readonly outputs?: number;
  /** Whether the first operand may be a value computed before. Default true. */
  readonly chains?: boolean;
}

/** A node of an operator. */
export function nodeOf(op: string, drawn: fc.Arbitrary<OperatorCase>): fc.Arbitrary<NodeCase> {
  return drawn.chain(({ operands, attributes = {}, outputs = 1, chains = true }) => {
    const [first, ...rest] = operands;
    const all = first && chains ? [chained(first), ...rest] : operands;
    const named = Object.entries(attributes).map(([name, value]) =>
      fc.option(fc.tuple(fc.constant(name), sometimes(value, anotherType, 80)), { freq: 3 }),
    );
    return fc.record({
      op: fc.constant(op),
      operands: fc.tuple(...all),
      attributes: fc.tuple(...named).map((list) => list.filter((entry) => entry !== null)),
      outputs: sometimes(fc.constant(outputs), fc.integer({ min: 1, max: 4 }), 40),
    });
  });
}

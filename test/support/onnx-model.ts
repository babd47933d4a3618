/** ONNX models of a few nodes, as bytes. */
import { encodeElements } from '../../src/formats/elements.js';
import type { NumericDType } from '../../src/formats/host-array.js';
import { encodeOnnx } from '../../src/formats/onnx/encode.js';
import type { OnnxAttribute, OnnxNode, OnnxTensor, OnnxValue } from '../../src/formats/onnx/model.js';

type AttributeValue =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly tensor: OnnxTensor };

const attributeOf = (value: AttributeValue): OnnxAttribute => {
  if (typeof value === 'number') return { type: 'int', value };
  if (typeof value === 'string') return { type: 'string', value };
  if ('float' in value) return { type: 'float', value: value.float };
  return 'tensor' in value ? { type: 'tensor', value: value.tensor } : { type: 'ints', value };
};

/** A node: operator, names of inputs and outputs ('' is left out), attributes. */
export function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
): OnnxNode {
  const entries = Object.entries(attributes).map(([key, value]) => [key, attributeOf(value)] as const);
  return { name: `the ${op}`, op, domain: '', inputs, outputs, attributes: new Map(entries) };
}

/** A float32 tensor. */
export function floats(shape: readonly number[], values: readonly number[], name = ''): OnnxTensor {
  const data = Float32Array.from(values);
  return { name, shape, dtype: 'float32', elements: [encodeElements({ shape, dtype: 'float32', data })] };
}

/** An int64 tensor. */
export function integers(shape: readonly number[], values: readonly number[], name = ''): OnnxTensor {
  const data = BigInt64Array.from(values, BigInt);
  return { name, shape, dtype: 'int64', elements: [encodeElements({ shape, dtype: 'int64', data })] };
}

/** A value of a model. */
export const value = (name: string, shape: OnnxValue['shape'] = null, dtype: NumericDType = 'float32'): OnnxValue => ({
  name,
  shape,
  dtype,
});

/** The parts of a model; tensors by their names. */
export interface ModelParts {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly (string | OnnxValue)[];
  readonly tensors?: Readonly<Record<string, OnnxTensor>>;
  readonly opset?: number;
}

/** The bytes of a model. */
export function modelOf({ nodes, inputs, outputs, tensors = {}, opset = 18 }: ModelParts): Uint8Array {
  return encodeOnnx({
    irVersion: 8,
    opset,
    producer: 'test',
    name: 'graph',
    nodes,
    inputs,
    outputs: outputs.map((output) => (typeof output === 'string' ? value(output) : output)),
    initializers: new Map(Object.entries(tensors).map(([name, tensor]) => [name, { ...tensor, name }])),
  });
}

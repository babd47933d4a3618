/** A drawn graph as the bytes of an ONNX file, and the arrays that it is called with. */
import { encodeElements } from '../../src/formats/elements.js';
import type { HostArrayOf, NumericDType } from '../../src/formats/host-array.js';
import { encodeOnnx } from '../../src/formats/onnx/encode.js';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from '../../src/formats/onnx/model.js';
import { computedDType } from '../../src/graph/onnx/dtypes.js';
import { getDevice } from '../../src/ndarray/device.js';
import { fromHost, type NDArray } from '../../src/ndarray/ndarray.js';
import type { Attribute, Content, GraphCase, TensorCase } from './graph-case.js';
import { HOSTILE_FLOATS } from './hostile-values.js';

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** The elements of a tensor, as many as its shape says. */
export function valuesOf(content: Content, size: number): number[] {
  if (typeof content !== 'string') return [...content];
  const element = {
    counting: (i: number) => ((i * 7) % 23) / 4 - 2,
    zeros: () => 0,
    ones: () => 1,
    hostile: (i: number) => HOSTILE_FLOATS[i % HOSTILE_FLOATS.length],
  }[content];
  return Array.from({ length: size }, (_, i) => element(i));
}

const whole = (value: number): number => (Number.isFinite(value) ? Math.trunc(value) : 0);

/** Elements as they are stored: integers wrap around. */
const STORED: { readonly [D in NumericDType]: (values: readonly number[]) => HostArrayOf<D>['data'] } = {
  bool: (values) => Uint8Array.from(values, (v) => (v ? 1 : 0)),
  uint8: (values) => Uint8Array.from(values),
  int8: (values) => Int8Array.from(values),
  uint16: (values) => Uint16Array.from(values),
  int16: (values) => Int16Array.from(values),
  uint32: (values) => Uint32Array.from(values),
  int32: (values) => Int32Array.from(values),
  uint64: (values) => BigUint64Array.from(values, (v) => BigInt(whole(v))),
  int64: (values) => BigInt64Array.from(values, (v) => BigInt(whole(v))),
  float16: (values) => Float32Array.from(values),
  bfloat16: (values) => Float32Array.from(values),
  float32: (values) => Float32Array.from(values),
  float64: (values) => Float64Array.from(values),
};

function tensorOf(name: string, { dtype, shape, content }: TensorCase): OnnxTensor {
  const data = STORED[dtype](valuesOf(content, sizeOf(shape)));
  return { name, shape, dtype, elements: [encodeElements({ shape, dtype, data } as HostArrayOf<NumericDType>)] };
}

const attributeOf = (attribute: Attribute): OnnxAttribute =>
  attribute.type === 'tensor' ? { type: 'tensor', value: tensorOf('', attribute.value) } : attribute;

/** A model, its bytes, and the tensors of its inputs in their order. */
export interface Built {
  readonly model: OnnxModel;
  readonly bytes: Uint8Array;
  readonly inputs: readonly TensorCase[];
}

/** The model of a case: every value that no node reads is an output. */
export function build({ nodes, opset }: GraphCase): Built {
  const initializers = new Map<string, OnnxTensor>();
  const inputs: TensorCase[] = [];
  const values: OnnxValue[] = [];
  const computed: string[] = [];
  const unread = new Set<string>();
  const built: OnnxNode[] = nodes.map(({ op, operands, attributes, outputs }, n) => {
    const names = operands.map((drawn, k) => {
      const isChained = drawn.from === 'before' && computed.length > 0;
      if (isChained) return computed[computed.length - 1 - (drawn.back % computed.length)];
      const operand = drawn.from === 'before' ? drawn.otherwise : drawn;
      if (operand.from === 'absent' || operand.from === 'before') return '';
      const name = `${operand.from}${n}.${k}`;
      if (operand.from === 'constant') initializers.set(name, tensorOf(name, operand));
      else {
        inputs.push(operand);
        const { dtype, shape, declared } = operand;
        const dimensions = { known: shape, lengths: shape.map((_, axis) => `axis${axis}`), none: null }[declared];
        values.push({ name, dtype, shape: dimensions });
      }
      return name;
    });
    for (const name of names) unread.delete(name);
    const results = Array.from({ length: outputs }, (_, k) => `value${n}.${k}`);
    computed.push(results[0]);
    for (const name of results) unread.add(name);
    return {
      name: `node${n}`,
      op,
      domain: '',
      inputs: names,
      outputs: results,
      attributes: new Map(attributes.map(([name, value]) => [name, attributeOf(value)])),
    };
  });
  const model: OnnxModel = {
    irVersion: 8,
    opset,
    producer: 'fuzz',
    name: 'graph',
    nodes: built,
    initializers,
    inputs: values,
    outputs: Array.from(unread, (name) => ({ name, dtype: 'float32', shape: null })),
  };
  return { model, bytes: encodeOnnx(model), inputs };
}

/** The array that is passed for an input. @throws FormatError for a dtype that no device has. */
export function arrayOf({ dtype, shape, content }: TensorCase): NDArray {
  const computed = computedDType(dtype, 'input');
  const data = STORED[computed](valuesOf(content, sizeOf(shape)));
  return fromHost(data, shape, computed, getDevice());
}

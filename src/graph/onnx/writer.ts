/** An ONNX graph while it is written: values, the nodes that compute them, and initializers. */
import type { DType } from '../../backends/primitives.js';
import { encodeElements } from '../../formats/elements.js';
import type { HostArrayOf, NumericDType } from '../../formats/host-array.js';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor } from '../../formats/onnx/model.js';
import { sameShape } from '../../ndarray/shape.js';

/** The version of the operators that the writer uses. */
const OPSET = 17;

/** The version of the file format that belongs to {@link OPSET}. */
const IR_VERSION = 8;

/** A value of the ONNX graph. It may get another name at the end. */
export interface Value {
  name: string;
  readonly dtype: NumericDType;
  readonly shape: readonly number[];
}

/** The attributes of a node by type. */
export interface Attributes {
  readonly ints?: Readonly<Record<string, number | readonly number[]>>;
  readonly floats?: Readonly<Record<string, number>>;
  readonly strings?: Readonly<Record<string, string>>;
}

function* attributesOf({ ints = {}, floats = {}, strings = {} }: Attributes): Iterable<[string, OnnxAttribute]> {
  for (const [key, value] of Object.entries(ints))
    yield [key, typeof value === 'number' ? { type: 'int', value } : { type: 'ints', value }];
  for (const [key, value] of Object.entries(floats)) yield [key, { type: 'float', value }];
  for (const [key, value] of Object.entries(strings)) yield [key, { type: 'string', value }];
}

/** The type of a node's result. */
export interface Result {
  readonly shape: readonly number[];
  readonly dtype: NumericDType;
}

interface Pending {
  readonly op: string;
  readonly layer: string;
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly attributes: Attributes;
}

export class OnnxWriter {
  /** The layer of the next nodes. Their names begin with it. */
  layer = '';
  readonly #nodes: Pending[] = [];
  readonly #initializers: { value: Value; elements: readonly Uint8Array[] }[] = [];
  /** The constants so far, by dtype and content. */
  readonly #known = new Map<string, Value>();
  /** The reshapes of each value. */
  readonly #reshaped = new Map<Value, Value[]>();
  /** The source of each reshape. A reshape of a reshape goes back to the first source. */
  readonly #reshapedFrom = new Map<Value, Value>();
  readonly #taken: ReadonlySet<string>;
  #count = 0;

  /** @param taken the names of inputs and outputs, which no other value gets */
  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /** A new value. */
  value(dtype: NumericDType, shape: readonly number[], prefix = 'v'): Value {
    let name: string;
    do name = `${prefix}${this.#count++}`;
    while (this.#taken.has(name));
    return { name, dtype, shape };
  }

  /** Adds a node with one result. */
  node(op: string, inputs: readonly Value[], result: Result, attributes: Attributes = {}): Value {
    const output = this.value(result.dtype, result.shape);
    this.#nodes.push({ op, layer: this.layer, inputs, output, attributes });
    return output;
  }

  /** Adds an initializer. */
  initializer(array: HostArrayOf<NumericDType>, prefix = 'c'): Value {
    const value = this.value(array.dtype, array.shape, prefix);
    this.#initializers.push({ value, elements: [encodeElements(array)] });
    return value;
  }

  /** The initializer of a number. */
  scalar(number: number, dtype: DType): Value {
    return this.#once(`${dtype} ${Object.is(number, -0) ? '-0' : number}`, () =>
      this.initializer(scalarArray(number, dtype)),
    );
  }

  /** The initializer of an int64 list: a shape, axes, pads. */
  ints(numbers: readonly number[]): Value {
    return this.#once(`ints ${numbers}`, () =>
      this.initializer({ dtype: 'int64', shape: [numbers.length], data: BigInt64Array.from(numbers, BigInt) }),
    );
  }

  #once(key: string, make: () => Value): Value {
    const found = this.#known.get(key) ?? make();
    this.#known.set(key, found);
    return found;
  }

  /** The value in another shape of the same size. */
  reshape(x: Value, shape: readonly number[]): Value {
    if (sameShape(x.shape, shape)) return x;
    const source = this.#reshapedFrom.get(x) ?? x;
    if (sameShape(source.shape, shape)) return source;
    const list = this.#reshaped.get(source) ?? [];
    this.#reshaped.set(source, list);
    let found = list.find((value) => sameShape(value.shape, shape));
    if (!found) {
      // Without allowzero, a 0 stands for the earlier length of the axis.
      const attributes = shape.includes(0) ? { ints: { allowzero: 1 } } : {};
      found = this.node('Reshape', [source, this.ints(shape)], { dtype: source.dtype, shape }, attributes);
      this.#reshapedFrom.set(found, source);
      list.push(found);
    }
    return found;
  }

  /** The value with its axes permuted. */
  transpose(x: Value, perm: readonly number[]): Value {
    if (perm.every((k, i) => k === i)) return x;
    return this.node(
      'Transpose',
      [x],
      { dtype: x.dtype, shape: perm.map((k) => x.shape[k]) },
      { ints: { perm: [...perm] } },
    );
  }

  /** The value in another element type. */
  cast(x: Value, dtype: NumericDType, code: number): Value {
    return x.dtype === dtype ? x : this.node('Cast', [x], { dtype, shape: x.shape }, { ints: { to: code } });
  }

  /** The value in a larger shape that it broadcasts to. */
  expand(x: Value, shape: readonly number[]): Value {
    if (sameShape(x.shape, shape)) return x;
    return this.node('Expand', [x, this.ints(shape)], { dtype: x.dtype, shape });
  }

  /** A value whose elements are all one number. */
  filled(number: number, dtype: DType, shape: readonly number[]): Value {
    return this.expand(this.scalar(number, dtype), shape);
  }

  /** The finished model. Outputs get the given names; an output that is not a node's own result gets an Identity. */
  finish(name: string, inputs: readonly Value[], outputs: readonly { value: Value; name: string }[]): OnnxModel {
    const own = new Set(this.#nodes.map(({ output }) => output));
    const results = outputs.map((output) => {
      // An input may be an output under its own name.
      if (output.value.name === output.name) return output.value;
      const value = own.has(output.value) ? output.value : this.node('Identity', [output.value], output.value);
      own.delete(value);
      value.name = output.name;
      return value;
    });
    const typed = ({ name, dtype, shape }: Value) => ({ name, dtype, shape });
    const { nodes, needed } = this.#neededFor(results);
    const initializers = this.#initializers
      .filter(({ value }) => needed.has(value))
      .map(({ value, elements }): [string, OnnxTensor] => [value.name, { ...typed(value), elements }]);
    return {
      irVersion: IR_VERSION,
      opset: OPSET,
      producer: 'rensa',
      name,
      nodes: nodes.map(nodeOf),
      initializers: new Map(initializers),
      inputs: inputs.map(typed),
      outputs: results.map(typed),
    };
  }

  /** The nodes that results need, and the values that these read. */
  #neededFor(results: readonly Value[]): { nodes: Pending[]; needed: Set<Value> } {
    const needed = new Set(results);
    const nodes = [...this.#nodes].reverse().filter(({ output, inputs }) => {
      if (!needed.has(output)) return false;
      for (const input of inputs) needed.add(input);
      return true;
    });
    return { nodes: nodes.reverse(), needed };
  }
}

function nodeOf({ op, layer, inputs, output, attributes }: Pending, place: number): OnnxNode {
  return {
    name: `${layer ? `${layer}/` : ''}${op}_${place}`,
    op,
    domain: '',
    inputs: inputs.map(({ name }) => name),
    outputs: [output.name],
    attributes: new Map(attributesOf(attributes)),
  };
}

function scalarArray(number: number, dtype: DType): HostArrayOf<NumericDType> {
  const shape: readonly number[] = [];
  switch (dtype) {
    case 'float32':
      return { dtype, shape, data: Float32Array.of(number) };
    case 'float64':
      return { dtype, shape, data: Float64Array.of(number) };
    case 'int32':
      return { dtype, shape, data: Int32Array.of(number) };
    case 'uint8':
    case 'bool':
      return { dtype, shape, data: Uint8Array.of(number) };
    default:
      return dtype satisfies never;
  }
}

/** One node of an ONNX model while it is interpreted: inputs as arrays, checked attributes, errors that name the node. */
import type { DType } from '../../backends/primitives.js';
import { FormatError } from '../../errors.js';
import type { NumericDType } from '../../formats/host-array.js';
import { DATA_TYPES, type OnnxAttribute, type OnnxNode, type OnnxTensor } from '../../formats/onnx/model.js';
import { dtypeOf } from '../../formats/onnx/tensor.js';
import { isFloating } from '../../ndarray/dtype.js';
import type { NDArray } from '../../ndarray/ndarray.js';
import { computedDType } from './dtypes.js';
import type { LoadingCosts } from './loading-costs.js';
import { nameOf } from './node-name.js';

/** The most axes of a tensor. ONNX itself has no limit. */
export const MAX_AXES = 32;

/** An input of a node: an array, and whether it depends on the model's inputs. */
export interface Operand {
  readonly array: NDArray;
  readonly varies: boolean;
}

/** Computes the outputs of a call, in their order. */
export type Operator = (call: OnnxCall) => NDArray | readonly NDArray[];

export class OnnxCall {
  readonly #node: OnnxNode;
  readonly #inputs: readonly (Operand | null)[];
  readonly #costs: LoadingCosts;

  constructor(
    node: OnnxNode,
    inputs: readonly (Operand | null)[],
    costs: LoadingCosts,
    readonly device: NDArray['device'],
    /** Whether a node or the model reads the output at this place. */
    readonly reads: (place: number) => boolean,
  ) {
    this.#node = node;
    this.#inputs = inputs;
    this.#costs = costs;
  }

  /** The model's version of the operators. */
  get opset(): number {
    return this.#costs.opset;
  }

  fail(reason: string): never {
    throw new FormatError(`onnx: ${nameOf(this.#node, this.opset)}: ${reason}`);
  }

  /** The number of the node's outputs. */
  get outputCount(): number {
    return this.#node.outputs.length;
  }

  /** The inputs that are present. */
  get inputs(): NDArray[] {
    return this.#inputs.flatMap((operand) => (operand ? [operand.array] : []));
  }

  has(place: number): boolean {
    return Boolean(this.#inputs[place]);
  }

  /** An input. @throws FormatError if it is missing. */
  input(place: number): NDArray {
    return this.#inputs[place]?.array ?? this.fail(`input ${place} is missing`);
  }

  /** An input with floating elements. @throws FormatError for another dtype, for which the primitive has no kernel. */
  floating(place: number): NDArray {
    const x = this.input(place);
    if (!isFloating(x.dtype)) this.fail(`input ${place} is ${x.dtype}, expected float32 or float64`);
    return x;
  }

  /** Whether an input depends on the model's inputs. */
  varies(place: number): boolean {
    return this.#inputs[place]?.varies ?? false;
  }

  /**
   * The elements of an input that does not depend on the model's inputs: a shape, axes, pads.
   *
   * @param most the most elements, checked before they are read
   * @throws FormatError for more elements, and for an input that depends on the model's.
   */
  numbers(place: number, most = Number.POSITIVE_INFINITY): number[] {
    const array = this.input(place);
    if (array.size > most) this.fail(`input ${place} has ${array.size} elements, expected at most ${most}`);
    if (this.varies(place))
      this.fail(`input ${place} depends on the model's inputs, but shapes have to be known before`);
    this.expectLength(array.size);
    return Array.from(array.dataSync());
  }

  /** Checks the length of a list before it is made. @throws FormatError naming the limit that the list exceeds. */
  expectLength(length: number): void {
    this.#costs.list(length);
  }

  /** A list of integers, such as places along an axis. @throws FormatError for a length beyond the limit. */
  integers(length: number, valueAt: (i: number) => number): Int32Array {
    this.expectLength(length);
    const values = new Int32Array(length);
    for (let i = 0; i < length; i++) values[i] = valueAt(i);
    return values;
  }

  /** Numbers that are an input in some versions of an operator and an attribute in others; null if absent. */
  list(place: number, attribute: string, most = 2 * MAX_AXES): number[] | null {
    const list = this.has(place) ? this.numbers(place, most) : this.#attribute<number[], null>(attribute, 'ints', null);
    if (list && list.length > most) this.fail(`'${attribute}' has ${list.length} elements, expected at most ${most}`);
    return list;
  }

  int(name: string, absent: number): number {
    return this.#attribute(name, 'int', absent);
  }

  float(name: string, absent: number): number {
    return this.#attribute(name, 'float', absent);
  }

  string(name: string, absent: string): string {
    return this.#attribute(name, 'string', absent);
  }

  ints<D extends readonly number[] | null>(name: string, absent: D): number[] | D {
    return this.#attribute(name, 'ints', absent);
  }

  floats(name: string): readonly number[] | null {
    return this.#attribute(name, 'floats', null);
  }

  /** A type of elements as the file stores it, and the dtype that computes it. */
  dtype(name: string, absent: NumericDType): { stored: NumericDType; computed: DType } {
    const what = nameOf(this.#node, this.opset);
    const stored = dtypeOf(this.int(name, DATA_TYPES[absent]), `onnx: ${what}`);
    return { stored, computed: computedDType(stored, `${what}: attribute '${name}'`) };
  }

  tensor(name: string): OnnxTensor | null {
    return this.#attribute(name, 'tensor', null);
  }

  /** Whether the node has an attribute. */
  hasAttribute(name: string): boolean {
    return this.#node.attributes.has(name);
  }

  /** @throws FormatError for an attribute that is not among `names`: it may change the result. */
  allow(...names: string[]): void {
    for (const name of this.#node.attributes.keys())
      if (!names.includes(name)) this.fail(`attribute '${name}' is not supported`);
  }

  #attribute<T, D>(name: string, type: OnnxAttribute['type'], absent: D): T | D {
    const found = this.#node.attributes.get(name);
    if (!found) return absent;
    if (found.type !== type) this.fail(`attribute '${name}' is of type ${found.type}, expected ${type}`);
    return found.value as T;
  }
}

/** Numbers for a message: the first 16, and how many there are. */
export const inFew = (numbers: readonly number[]): string =>
  numbers.length > 16 ? `${numbers.slice(0, 16)},… (${numbers.length})` : `${numbers}`;

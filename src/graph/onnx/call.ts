/** One node of an ONNX model while it is read: its inputs as arrays, its attributes checked, errors that name it. */
import type { DType } from '../../backends/primitives.js';
import { FormatError } from '../../errors.js';
import type { NumericDType } from '../../formats/host-array.js';
import { DATA_TYPES, type OnnxAttribute, type OnnxNode, type OnnxTensor } from '../../formats/onnx/model.js';
import { dtypeOf } from '../../formats/onnx/tensor.js';
import { isFloating } from '../../ndarray/dtype.js';
import type { NDArray } from '../../ndarray/ndarray.js';
import { computedDType } from './dtypes.js';
import type { LoadingCosts } from './loading-costs.js';

/** ONNX has no limit; what computes here has few axes. */
export const MAX_AXES = 32;

/** An input of a node: an array, and whether it depends on the model's inputs. */
export interface Operand {
  readonly array: NDArray;
  readonly varies: boolean;
}

/** What computes an operator: arrays from a call, in the order of the outputs. */
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
    /** Whether somebody reads an output. */
    readonly reads: (place: number) => boolean,
  ) {
    this.#node = node;
    this.#inputs = inputs;
    this.#costs = costs;
  }

  /** The version of the operators. */
  get opset(): number {
    return this.#costs.opset;
  }

  fail(reason: string): never {
    throw new FormatError(`onnx: ${nameOf(this.#node, this.opset)}: ${reason}`);
  }

  /** How many outputs the node has. */
  get outputCount(): number {
    return this.#node.outputs.length;
  }

  /** The inputs that are there. */
  get inputs(): NDArray[] {
    return this.#inputs.flatMap((operand) => (operand ? [operand.array] : []));
  }

  has(place: number): boolean {
    return Boolean(this.#inputs[place]);
  }

  /** An input that must be there. */
  input(place: number): NDArray {
    return this.#inputs[place]?.array ?? this.fail(`input ${place} is missing`);
  }

  /** An input whose elements must be floats: the primitive has no kernel for others. */
  floating(place: number): NDArray {
    const x = this.input(place);
    if (!isFloating(x.dtype)) this.fail(`input ${place} is ${x.dtype}, expected float32 or float64`);
    return x;
  }

  /** Whether an input depends on the model's. */
  varies(place: number): boolean {
    return this.#inputs[place]?.varies ?? false;
  }

  /**
   * The elements of an input that must not depend on the model's: a shape, axes, pads. More than `most` are refused before they are
   * read.
   */
  numbers(place: number, most = Number.POSITIVE_INFINITY): number[] {
    const array = this.input(place);
    if (array.size > most) this.fail(`input ${place} has ${array.size} elements, expected at most ${most}`);
    if (this.varies(place))
      this.fail(`input ${place} depends on the model's inputs, but shapes have to be known before`);
    this.expectLength(array.size);
    return Array.from(array.dataSync());
  }

  /** Refuses a list whose length the node chooses, before it is made. @throws FormatError naming the limit. */
  expectLength(length: number): void {
    this.#costs.list(length);
  }

  /** A list of integers, such as places along an axis, whose length is checked before it is made. */
  integers(length: number, valueAt: (i: number) => number): Int32Array {
    this.expectLength(length);
    const values = new Int32Array(length);
    for (let i = 0; i < length; i++) values[i] = valueAt(i);
    return values;
  }

  /** Numbers that are an input in some versions and an attribute in others; null where they are neither. */
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

  /** A type of elements, and the dtype that it is computed in. */
  dtype(name: string, absent: NumericDType): { stored: NumericDType; computed: DType } {
    const what = nameOf(this.#node, this.opset);
    const stored = dtypeOf(this.int(name, DATA_TYPES[absent]), `onnx: ${what}`);
    return { stored, computed: computedDType(stored, `${what}: attribute '${name}'`) };
  }

  tensor(name: string): OnnxTensor | null {
    return this.#attribute(name, 'tensor', null);
  }

  /** Whether an attribute is there. */
  hasAttribute(name: string): boolean {
    return this.#node.attributes.has(name);
  }

  /** Refuses attributes that change what is computed, and that are not known here. */
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

/** Numbers for messages, of which the first few do. */
export const inFew = (numbers: readonly number[]): string =>
  numbers.length > 16 ? `${numbers.slice(0, 16)},… (${numbers.length})` : `${numbers}`;

/** How errors call a node. */
export function nameOf({ name, op, domain }: OnnxNode, opset: number): string {
  return `node '${name}' (${domain ? `${domain}.` : ''}${op}, version ${opset})`;
}

/**
 * Variable: an array that remembers how it was computed, and its node, the place it has in the graph. Functions of variables
 * are in `functions/`; `functions/methods.ts` adds them to the class, and `backprop.ts` adds `backward`.
 */
import { COPY, type Copy, MARK } from '../copies.js';
import { DTypeError, ShapeError } from '../errors.js';
import { arrayText } from '../ndarray/array-text.js';
import { type ArrayLike, operand } from '../ndarray/conversion.js';
import { type Reaching, reach } from '../ndarray/lifetime.js';
import { copyto, type DType, isFloating, NDArray, type Nested, type TypedArray } from '../ndarray/np.js';
import { formatShape, type Shape, sameShape } from '../ndarray/shape.js';
import { checkOptions, inWords } from '../options.js';
import { INSPECT, INSPECT_IN_DENO, inBrief } from '../printing.js';

/** A function as the graph sees it: it computed `outputs` from `inputs`. Every FunctionNode is one. */
export interface GraphFunction extends Reaching {
  /** The name in graphs, profiles and messages. */
  readonly label: string;
  /** Longest distance of an input from a leaf; functions run backward in descending order of it. */
  readonly rank: number;
  readonly inputs: readonly VariableNode[];
  readonly outputs: readonly VariableNode[];
  /** Whether backward went through it, so that its arrays may be freed; see `spent-graphs.ts`. */
  spent: boolean;
  /** All that it keeps for backward, without the graph behind it: arrays, and values that hold arrays. */
  readonly retained: readonly unknown[];
  /** The gradients of the inputs that `targets` names, given those of all outputs; null where none flows. */
  differentiate(targets: readonly number[], gradOutputs: readonly Variable[]): (Variable | null)[];
  /** Multiplications and additions of its forward, in pairs, given its inputs and its first output. */
  macs(inputs: readonly NDArray[], y: NDArray): number;
}

/**
 * The place of a variable in the graph: all that backward knows of it. It has no data unless a function retains it. Follows
 * chainer.variable.VariableNode.
 */
export class VariableNode implements Reaching {
  /** The function this is an output of; null for leaves. */
  creator: GraphFunction | null = null;
  /** Longest distance from a leaf. */
  rank = 0;
  grad: Variable | null = null;
  /** The data, once a function has retained it. */
  array: NDArray | null = null;

  constructor(
    readonly shape: Shape,
    readonly dtype: DType,
    readonly requiresGrad: boolean,
    public name: string | null,
  ) {}

  [reach](visit: (value: unknown) => void): void {
    visit(this.array);
    visit(this.grad);
    visit(this.creator);
  }
}

/** What every function accepts where an array is meant. */
export type VariableLike = Variable | NDArray;

/** Options of a new {@link Variable}. */
export interface VariableOptions {
  /** Whether gradients flow here. Default: true for floating dtypes. */
  requiresGrad?: boolean;
  /** Shown in graphs and messages. */
  name?: string | null;
}

/** What stands for operators. */
const METHODS = 'use x.add(y), x.mul(2), x.sub(y), x.div(2), or x.array.greater(1)';

const KNOWN = { requiresGrad: 1, name: 1 };

/** An array with a gradient and the graph behind it; follows chainer.Variable. */
export class Variable implements Reaching {
  #array: NDArray | null;
  #node: VariableNode;

  /** `array` is null where data comes later, as in a {@link Parameter} that waits for its shape. */
  constructor(array: ArrayLike | null, options: VariableOptions = {}) {
    // Every result of a function is made here, so the names are compared without a call.
    for (const name in options)
      if (name !== 'requiresGrad' && name !== 'name') checkOptions('Variable', options, KNOWN);
    if (options === null) checkOptions('Variable', options, KNOWN);
    if (array !== null && !(array instanceof NDArray)) array = operand('Variable', 'array', array);
    const { requiresGrad = array === null || isFloating(array.dtype), name = null } = options;
    if (requiresGrad && array && !isFloating(array.dtype)) {
      throw new DTypeError(
        `Variable: gradients of ${array.dtype} do not exist; use float32 or pass requiresGrad: false`,
      );
    }
    this.#array = array;
    this.#node = new VariableNode(array?.shape ?? [], array?.dtype ?? 'float32', requiresGrad, name);
  }

  /** A variable of an existing node: what a function gets back of what it retained. */
  static ofNode(node: VariableNode, array: NDArray): Variable {
    const variable = new Variable(array, { requiresGrad: false });
    variable.#node = node;
    return variable;
  }

  /** The data. */
  get array(): NDArray {
    if (this.#array === null) throw new ShapeError(`variable ${this.name ?? ''}: it has no data yet`);
    return this.#array;
  }

  /** Data of another shape or dtype start a new place in the graph; what was recorded keeps the old one. */
  set array(value: ArrayLike) {
    const array = operand('Variable', 'array', value);
    this.#array = array;
    this.received(array);
    // Graphs already recorded keep the node they saw; data of another kind starts a new one.
    const { requiresGrad, name, grad } = this.#node;
    if (!sameShape(array.shape, this.#node.shape) || array.dtype !== this.#node.dtype) {
      this.#node = new VariableNode(array.shape, array.dtype, requiresGrad, name);
      if (grad && sameShape(grad.shape, array.shape)) this.#node.grad = grad;
    }
  }

  /** Called with the data that it is given after it was made. */
  protected received(_array: NDArray): void {}

  /** Whether the variable has data; a {@link Parameter} that waits for its shape has none. */
  get isInitialized(): boolean {
    return this.#array !== null;
  }

  /** The variable's place in the graph, which functions that use it refer to. It holds no data unless they retain it. */
  get node(): VariableNode {
    return this.#node;
  }

  /** The shape of the data. @throws ShapeError if there are none yet. */
  get shape(): Shape {
    return this.array.shape;
  }

  /** The dtype of the data. @throws ShapeError if there are none yet. */
  get dtype(): DType {
    return this.array.dtype;
  }

  /** The number of axes. */
  get ndim(): number {
    return this.array.ndim;
  }

  /** The number of elements. */
  get size(): number {
    return this.array.size;
  }

  /** Whether backward computes a gradient for it. False for integers and for constants. */
  get requiresGrad(): boolean {
    return this.#node.requiresGrad;
  }

  /** A name for messages and drawings of graphs; null: none. A parameter's is the field that holds it. */
  get name(): string | null {
    return this.#node.name;
  }

  /** Names it; null takes the name away. */
  set name(name: string | null) {
    this.#node.name = name;
  }

  /** The function that computed this; null for a leaf. */
  get creator(): GraphFunction | null {
    return this.#node.creator;
  }

  /** How many functions lie between this and the leaves, at most; 0 for a leaf. */
  get rank(): number {
    return this.#node.rank;
  }

  /** The gradient, or null. Setting an array wraps it. @throws ShapeError or DTypeError if it does not fit the data. */
  get grad(): Variable | null {
    return this.#node.grad;
  }

  /** An array is wrapped in a variable; null takes the gradient away. */
  set grad(grad: VariableLike | null) {
    if (grad !== null && !(grad instanceof Variable) && !(grad instanceof NDArray))
      throw new TypeError(`grad: it is ${inWords(grad)}, expected an array, a Variable or null`);
    if (grad !== null && this.#array !== null) {
      if (!sameShape(grad.shape, this.shape)) {
        throw new ShapeError(`grad: shape ${formatShape(grad.shape)} for a variable of ${formatShape(this.shape)}`);
      }
      if (grad.dtype !== this.dtype) throw new DTypeError(`grad: dtype ${grad.dtype} for a variable of ${this.dtype}`);
    }
    this.#node.grad = grad instanceof NDArray ? new Variable(grad) : grad;
  }

  /** Forgets the gradient. */
  cleargrad(): void {
    this.#node.grad = null;
  }

  /** Cuts the graph just behind this variable. */
  unchain(): void {
    this.#node.creator = null;
  }

  /** Cuts the whole graph behind this variable, so that it can be freed; follows Chainer's unchain_backward. */
  unchainBackward(): void {
    const pending = [this.#node];
    while (pending.length > 0) {
      const node = pending.pop() as VariableNode;
      if (node.creator) pending.push(...node.creator.inputs);
      node.creator = null;
    }
  }

  /** Replaces the data's elements; shapes broadcast, dtypes are cast. */
  copydata(source: Variable): void {
    if (!(source instanceof Variable))
      throw new TypeError(`copydata: source is ${inWords(source)}, expected a Variable`);
    copyto(this.array, source.array);
  }

  /** @internal JavaScript's operators would make a text or NaN of it. */
  [Symbol.toPrimitive](hint: string): string | number {
    if (hint === 'string') return this.toString();
    if (this.ndim === 0) return this.item();
    throw new TypeError(`operators do not compute with a Variable ${formatShape(this.shape)}: ${METHODS}`);
  }

  /** A host copy of the elements; see {@link NDArray.data}. */
  data(): Promise<TypedArray> {
    return this.array.data();
  }

  /** A host copy of the elements now; on a GPU it waits. See {@link NDArray.dataSync}. */
  dataSync(): TypedArray {
    return this.array.dataSync();
  }

  /** The only element, as a number. @throws ShapeError unless the size is 1. */
  item(): number {
    return this.array.item();
  }

  /** The elements as nested lists; a number if there are no axes. */
  tolist(): Nested<number> {
    return this.array.tolist();
  }

  /** @internal */
  get [MARK](): Copy {
    return COPY;
  }

  /** @internal */
  [reach](visit: (value: unknown) => void): void {
    visit(this.#array);
    visit(this.#node);
  }

  /** The elements as nested lists, so that `JSON.stringify(x)` is complete; null without data. See {@link NDArray.toJSON}. */
  toJSON(): Nested<number> | null {
    return this.#array?.toJSON() ?? null;
  }

  /** The values with shape and dtype, the name, and the function that computed them: `variable([0.5], …, creator=ReLU)`. */
  toString(): string {
    const word = this.constructor.name.toLowerCase();
    const more = [
      ...(this.name === null ? [] : [`name=${this.name}`]),
      ...(this.creator === null ? [] : [`creator=${this.creator.label}`]),
    ];
    if (this.#array) return arrayText(word, this.#array, more);
    return `${word}(${['no data yet', ...more].join(', ')})`;
  }

  /** Prints the variable by `console.log`. */
  print(): void {
    console.log(this.toString());
  }

  /** @internal */
  [INSPECT](depth: number): string {
    return depth < 0 ? inBrief(this) : this.toString();
  }

  /** @internal */
  [INSPECT_IN_DENO](): string {
    return this.toString();
  }
}

/** `x` as a variable: itself, or an array wrapped so that no gradient flows to it. Follows chainer.as_variable. */
export function asVariable(x: VariableLike | ArrayLike): Variable {
  return x instanceof Variable ? x : new Variable(operand('asVariable', 'x', x), { requiresGrad: false });
}

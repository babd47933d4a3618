/**
 * Variable: an array that remembers how it was computed, and VariableNode, its place in the graph. `functions/methods.ts` adds the
 * functions of `F` to the class as methods, and `backprop.ts` adds `backward`.
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

/** A function in the graph: it computed `outputs` from `inputs`. FunctionNode implements it. */
export interface GraphFunction extends Reaching {
  /** The name in graphs, profiles and messages. */
  readonly label: string;
  /** Longest distance of an input from a leaf; functions run backward in descending order of it. */
  readonly rank: number;
  /** The nodes it was applied to. */
  readonly inputs: readonly VariableNode[];
  /** The nodes it computed. */
  readonly outputs: readonly VariableNode[];
  /** Whether backward went through it, so that its arrays may be freed; see `spent-graphs.ts`. */
  spent: boolean;
  /** The arrays, and values that hold arrays, that it keeps for backward, without the graph behind them. */
  readonly retained: readonly unknown[];
  /** Computes the gradients of the inputs at the positions `targets` from those of all outputs; null where none flows. */
  differentiate(targets: readonly number[], gradOutputs: readonly Variable[]): (Variable | null)[];
  /** The number of multiply-add pairs of its forward, given its inputs and its first output. */
  macs(inputs: readonly NDArray[], y: NDArray): number;
}

/** The place of a variable in the graph, without its data unless a function retains it; follows chainer.variable.VariableNode. */
export class VariableNode implements Reaching {
  /** The function that computed it; null for leaves. */
  creator: GraphFunction | null = null;
  /** Longest distance from a leaf. */
  rank = 0;
  /** The gradient, once backward has computed it. */
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

/** A variable or an array. */
export type VariableLike = Variable | NDArray;

/** Options of a new {@link Variable}. */
export interface VariableOptions {
  /** Whether gradients flow here. Default: true for floating dtypes. */
  requiresGrad?: boolean;
  /** Shown in graphs and messages. */
  name?: string | null;
}

/** The methods that replace operators. */
const METHODS = 'use x.add(y), x.mul(2), x.sub(y), x.div(2), or x.array.greater(1)';

const KNOWN = { requiresGrad: 1, name: 1 };

/** An array with a gradient and the graph behind it; follows chainer.Variable. */
export class Variable implements Reaching {
  #array: NDArray | null;
  #node: VariableNode;

  /** @param array the data; null where they come later, as in a {@link Parameter} without a shape */
  constructor(array: ArrayLike | null, options: VariableOptions = {}) {
    // Every result of a function is made here: comparing the names takes no call.
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

  /** A variable of an existing node: an input or output that a function retained. */
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

  /** Data of another shape or dtype get a new node; graphs that are already recorded keep the old one. */
  set array(value: ArrayLike) {
    const array = operand('Variable', 'array', value);
    this.#array = array;
    this.received(array);
    const { requiresGrad, name, grad } = this.#node;
    if (!sameShape(array.shape, this.#node.shape) || array.dtype !== this.#node.dtype) {
      this.#node = new VariableNode(array.shape, array.dtype, requiresGrad, name);
      if (grad && sameShape(grad.shape, array.shape)) this.#node.grad = grad;
    }
  }

  /** Called with data that are assigned to it. */
  protected received(_array: NDArray): void {}

  /** Whether the variable has data; a {@link Parameter} that waits for its shape has none. */
  get isInitialized(): boolean {
    return this.#array !== null;
  }

  /** The place of the variable in the graph. */
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

  /** Whether backward computes a gradient for it; false for integers and constants. */
  get requiresGrad(): boolean {
    return this.#node.requiresGrad;
  }

  /** The name in messages and drawings of graphs, or null. The name of a parameter is that of its field. */
  get name(): string | null {
    return this.#node.name;
  }

  /** Sets the name; null removes it. */
  set name(name: string | null) {
    this.#node.name = name;
  }

  /** The function that computed this; null for a leaf. */
  get creator(): GraphFunction | null {
    return this.#node.creator;
  }

  /** The largest number of functions between this and a leaf; 0 for a leaf. */
  get rank(): number {
    return this.#node.rank;
  }

  /** The gradient, or null. Setting an array wraps it. @throws ShapeError or DTypeError if it does not fit the data. */
  get grad(): Variable | null {
    return this.#node.grad;
  }

  /** Sets the gradient; null removes it. */
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

  /** @internal Refuses JavaScript's operators, which would make a text or NaN of it. */
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

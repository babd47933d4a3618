/**
 * The primitives: everything that Rensa computes, it computes by calling these. A primitive knows shapes and dtypes; it knows
 * nothing of gradients, parameters, broadcasting across dtypes, or who owns an array.
 *
 * Every implementation keeps these conventions, and every caller may rely on them:
 *
 * - A {@link Tensor} is dense and row-major. The caller allocates `out` with the shape and dtype of the result; the primitive
 *   only fills it. `out` may be one of the inputs in `unary`, `binary`, `where` and `update` if their shapes are equal;
 *   elsewhere it is disjoint from the inputs.
 * - The caller has validated shapes, devices and ranges of axes.
 * - Floating dtypes are `float32` and, if the backend lists it in `dtypes`, `float64`.
 * - Sizes may be zero; shapes may be `[]`.
 */
import type {
  Activation,
  ArgReduceOp,
  BinaryOp,
  CumulativeOp,
  RandomKind,
  ReduceOp,
  UnaryOp,
  UpdateRuleName,
} from './ops.js';

/** Element types. `bool` is stored as one byte, 0 or 1. `float64` exists on wasm only. */
export type DType = 'float32' | 'float64' | 'int32' | 'uint8' | 'bool';

/** A block of elements on the host; `Uint8Array` holds `uint8` and `bool`. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** An opaque block of device memory. `Backend.alloc` makes it; it is valid until `Backend.free`. */
export interface Memory {
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
}

/** Typed device memory with a shape: what every primitive reads and fills. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly memory: Memory;
}

/** A place in flat memory visited in row-major order of some shape: element `i` is at `offset + Σ i[k]·strides[k]`. */
export interface StridedView {
  readonly offset: number;
  readonly strides: readonly number[];
}

/** A product stores act(result + bias + residual). */
export interface Epilogue {
  /** Default: 'none'. */
  readonly activation?: Activation;
  /** Has the result's shape and dtype; added before the activation. Not `out` itself. */
  readonly residual?: Tensor | null;
}

/** C = act(op(A)·op(B) + bias + residual), batched. See {@link Primitives.matmul}. */
export interface MatmulOptions extends Epilogue {
  /** A is (B, K, M) instead of (B, M, K). */
  readonly transA?: boolean;
  /** B is (B, N, K) instead of (B, K, N). */
  readonly transB?: boolean;
  /** (N,), added to every row. */
  readonly bias?: Tensor | null;
}

/** {@link Primitives.affine} computes (x − center)·scale + shift with these. */
export interface AffineCoefficients {
  readonly center: Tensor;
  readonly scale: Tensor;
  readonly shift: Tensor;
}

/** {@link Primitives.affine} adds y·scale. */
interface AffineAddend {
  readonly y: Tensor;
  readonly scale: Tensor;
}

/** How a window moves over an image. Padding on the far side follows from the output's size. */
export interface Window2d {
  readonly stride: readonly [y: number, x: number];
  readonly pad: readonly [top: number, left: number];
}

/** A convolution's geometry; kernel sizes are in the weight's shape. */
export interface Conv2dGeometry extends Window2d {
  readonly dilation: readonly [y: number, x: number];
  readonly groups: number;
}

/** A pooling's geometry. */
export interface Pool2dGeometry extends Window2d {
  readonly ksize: readonly [y: number, x: number];
}

/** What a backend computes. */
export interface Primitives {
  // Elementwise ----------------------------------------------------------------------------------------------------

  /** out = value, in each place. */
  fill(out: Tensor, value: number): void;
  /** out = x, in the dtype of `out`, as NumPy's `astype` converts. */
  cast(x: Tensor, out: Tensor): void;
  /** out = op(x), element by element; shapes are the same. */
  unary(op: UnaryOp, x: Tensor, out: Tensor): void;
  /** Operands broadcast to `out.shape`; a number stands for a 0-d array of the other operand's dtype. */
  binary(op: BinaryOp, a: Tensor | number, b: Tensor | number, out: Tensor): void;
  /** out = condition ? a : b, with `condition` a bool, all broadcast to `out.shape`. */
  where(condition: Tensor, a: Tensor | number, b: Tensor | number, out: Tensor): void;

  // Reductions -----------------------------------------------------------------------------------------------------

  /** Reduces `axes` (sorted, unique, non-negative). `out.shape` may keep the reduced axes as 1 or leave them out. */
  reduce(op: ReduceOp, x: Tensor, axes: readonly number[], out: Tensor): void;
  /** The int32 position along `axis` of the first extreme; NaN counts as extreme. */
  argReduce(op: ArgReduceOp, x: Tensor, axis: number, out: Tensor): void;
  /** The sums or products of all elements so far along `axis`; `out` has the shape of `x`. */
  cumulative(op: CumulativeOp, x: Tensor, axis: number, out: Tensor): void;
  /** exp(x − max) / Σ exp(x − max) along `axis`, or its logarithm. */
  softmax(x: Tensor, axis: number, log: boolean, out: Tensor): void;

  // Normalization --------------------------------------------------------------------------------------------------

  /**
   * mean = Σ x / n and variance = Σ (x − mean)² / n over `axes`, as in {@link reduce}; floating dtypes. Without
   * cancellation, however large the mean; of nothing, NaN.
   */
  moments(x: Tensor, axes: readonly number[], mean: Tensor, variance: Tensor): void;
  /** sum = Σ y and product = Σ y·(x − center) over `axes`; y as x, `center` as `sum` and `product`. */
  comoments(x: Tensor, center: Tensor, y: Tensor, axes: readonly number[], sum: Tensor, product: Tensor): void;
  /**
   * out = (x − center)·scale + shift + (addend.y·addend.scale). x and addend.y have `out`'s shape, and `out` may be one of
   * them; the coefficients have one shape among them, which broadcasts to it.
   */
  affine(x: Tensor, coefficients: AffineCoefficients, addend: AffineAddend | null, out: Tensor): void;

  // Moving elements ------------------------------------------------------------------------------------------------

  /**
   * out[to] = x[from] for every index of `shape`: slices, transposes, padding, concatenation, broadcasting are all
   * this. `to` never visits an element twice; elements of `out` that it does not visit keep their value.
   */
  copy(x: Tensor, from: StridedView, out: Tensor, to: StridedView, shape: readonly number[]): void;
  /** out[to] += x, `x` dense with shape `x.shape`; `to` may visit an element many times. The adjoint of reading a view. */
  addToView(x: Tensor, out: Tensor, to: StridedView): void;
  /**
   * out[…, j, …] = x[…, indices[j], …] along `axis`; `indices` int32 of any shape, taken flat. Negative ones count from the end;
   * outside [−n, n) they read 0. out.shape = x.shape with the axis replaced by indices.shape.
   */
  gather(x: Tensor, indices: Tensor, axis: number, out: Tensor): void;
  /** out[…, indices[j], …] += x[…, j, …]: the adjoint of {@link gather}. Indices outside [−n, n) add nothing. */
  scatterAdd(x: Tensor, indices: Tensor, axis: number, out: Tensor): void;

  // Products -------------------------------------------------------------------------------------------------------

  /** a (B|1, M, K), b (B|1, K, N), out (B, M, N); transposed operands as `MatmulOptions` says. */
  matmul(a: Tensor, b: Tensor, out: Tensor, options?: MatmulOptions): void;
  /** x (N, C, H, W), w (O, C/groups, kh, kw), bias (O,) or null, out (N, O, oh, ow). Cross-correlation, as everywhere. */
  conv2d(x: Tensor, w: Tensor, bias: Tensor | null, geometry: Conv2dGeometry, out: Tensor, epilogue?: Epilogue): void;
  /** The adjoint of conv2d in x, which is also transposed convolution: gy (N, O, oh, ow), w as above, out (N, C, H, W). */
  conv2dGradInput(gy: Tensor, w: Tensor, geometry: Conv2dGeometry, out: Tensor): void;
  /** The adjoint of conv2d in w: x (N, C, H, W), gy (N, O, oh, ow), out (O, C/groups, kh, kw). */
  conv2dGradWeight(x: Tensor, gy: Tensor, geometry: Conv2dGeometry, out: Tensor): void;

  // Pooling --------------------------------------------------------------------------------------------------------

  /**
   * Maximum over windows: x (N, C, H, W), out (N, C, oh, ow), `indices` int32 like `out`: the place of the first maximum
   * inside its window, row-major. Windows outside x give −∞ (integers their least value) and place 0. Any dtype; the other pooling
   * primitives are of floats.
   */
  maxPool2d(x: Tensor, geometry: Pool2dGeometry, out: Tensor, indices: Tensor): void;
  /** out = 0, then out[place that indices name] += gy: the adjoint of maxPool2d. gy (N, C, oh, ow), out (N, C, H, W). */
  maxPool2dGrad(gy: Tensor, indices: Tensor, geometry: Pool2dGeometry, out: Tensor): void;
  /** out = x[place that indices name]: the adjoint of maxPool2dGrad. A place outside x reads as 0. */
  maxPool2dGather(x: Tensor, indices: Tensor, geometry: Pool2dGeometry, out: Tensor): void;
  /** Sum over windows divided by kh·kw, padding counted. */
  averagePool2d(x: Tensor, geometry: Pool2dGeometry, out: Tensor): void;
  /** The adjoint of averagePool2d: gy (N, C, oh, ow), out (N, C, H, W). */
  averagePool2dGrad(gy: Tensor, geometry: Pool2dGeometry, out: Tensor): void;

  // Randomness and learning ----------------------------------------------------------------------------------------

  /**
   * Counter-based random numbers, the same on every backend: element i takes the words of Threefry-2x32 with 20
   * rounds, key (seed, stream), counter (i >> 1, 0), word i & 1. `uniform`: (word >>> 8)·2⁻²⁴, in [0, 1). `normal`:
   * Box–Muller on words 0 and 1 of counter (i >> 1, 0), u = ((word >>> 8) + 1)·2⁻²⁴: √(−2 ln u₀)·cos(2π u₁) for even i,
   * sin for odd i.
   */
  random(kind: RandomKind, seed: number, stream: number, out: Tensor): void;
  /** Updates `param` and `states` in place from `grad`, all of one shape. */
  update(
    rule: UpdateRuleName,
    param: Tensor,
    grad: Tensor,
    states: readonly Tensor[],
    hyperparameters: readonly number[],
  ): void;
}

/** The name of a primitive. */
export type Primitive = keyof Primitives;

/** The places of the arguments that a primitive fills. */
export interface Outputs {
  /** The primitive writes every element, and reads none. */
  readonly whole: readonly number[];
  /** The primitive writes some elements, or adds to them. */
  readonly changed: readonly number[];
}

/** What each primitive fills: recording, checked mode and the graph's passes ask this table. */
export const OUTPUTS = {
  fill: { whole: [0], changed: [] },
  cast: { whole: [1], changed: [] },
  unary: { whole: [2], changed: [] },
  binary: { whole: [3], changed: [] },
  where: { whole: [3], changed: [] },
  reduce: { whole: [3], changed: [] },
  argReduce: { whole: [3], changed: [] },
  cumulative: { whole: [3], changed: [] },
  softmax: { whole: [3], changed: [] },
  moments: { whole: [2, 3], changed: [] },
  comoments: { whole: [4, 5], changed: [] },
  affine: { whole: [3], changed: [] },
  copy: { whole: [], changed: [2] },
  addToView: { whole: [], changed: [1] },
  gather: { whole: [3], changed: [] },
  scatterAdd: { whole: [], changed: [3] },
  matmul: { whole: [2], changed: [] },
  conv2d: { whole: [4], changed: [] },
  conv2dGradInput: { whole: [3], changed: [] },
  conv2dGradWeight: { whole: [3], changed: [] },
  maxPool2d: { whole: [2, 3], changed: [] },
  maxPool2dGrad: { whole: [3], changed: [] },
  maxPool2dGather: { whole: [3], changed: [] },
  averagePool2d: { whole: [2], changed: [] },
  averagePool2dGrad: { whole: [2], changed: [] },
  random: { whole: [3], changed: [] },
  update: { whole: [], changed: [1, 3] },
} as const satisfies Record<Primitive, Outputs>;

/** The names of all primitives. */
export const PRIMITIVES = Object.keys(OUTPUTS) as readonly Primitive[];

/**
 * The primitives: Rensa computes everything by calling these. A primitive knows shapes and dtypes. Gradients, parameters, promotion of
 * dtypes and ownership of arrays belong to the layers above.
 *
 * Every backend keeps these conventions, and every caller may rely on them:
 *
 * - A {@link Tensor} is dense and row-major. The caller allocates `out` with the shape and dtype of the result; the primitive
 *   fills `out`. In `unary`, `binary`, `where` and `affine`, `out` may be an input of the same shape. In all other primitives,
 *   `out` is disjoint from the inputs. An input that `out` may be stands before `out` in the arguments.
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

/** Element types. A `bool` is one byte, 0 or 1. `float64` exists on wasm alone. */
export type DType = 'float32' | 'float64' | 'int32' | 'uint8' | 'bool';

/** Elements on the host; a `Uint8Array` holds `uint8` or `bool`. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** An opaque block of device memory, valid from `Backend.alloc` to `Backend.free`. */
export interface Memory {
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
}

/** Device memory with a shape. Primitives read and fill tensors. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly memory: Memory;
}

/** A view of flat memory, in elements: the view's element `i` is at `offset + Σ i[k]·strides[k]`. */
export interface StridedView {
  readonly offset: number;
  readonly strides: readonly number[];
}

/** A product stores act(result + bias + residual). */
export interface Epilogue {
  /** Default: 'none'. */
  readonly activation?: Activation;
  /** Like the result in shape and dtype; added before the activation. Never `out` itself. */
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

/** How a window moves over an image, in pixels. The padding at the bottom and the right follows from the output's size. */
export interface Window2d {
  readonly stride: readonly [y: number, x: number];
  readonly pad: readonly [top: number, left: number];
}

/** A convolution's geometry. The weight's shape holds the kernel's size. */
export interface Conv2dGeometry extends Window2d {
  readonly dilation: readonly [y: number, x: number];
  readonly groups: number;
}

/** A pooling's geometry. */
export interface Pool2dGeometry extends Window2d {
  readonly ksize: readonly [y: number, x: number];
}

/** The functions that every backend computes. */
export interface Primitives {
  // Elementwise ----------------------------------------------------------------------------------------------------

  /** out = value, for each element. */
  fill(out: Tensor, value: number): void;
  /** out = x in the dtype of `out`, converted as by NumPy's `astype`; one shape. */
  cast(x: Tensor, out: Tensor): void;
  /** out = op(x), element by element; one shape. */
  unary(op: UnaryOp, x: Tensor, out: Tensor): void;
  /** out = op(a, b). a and b broadcast to `out`'s shape; a number is a 0-d array of the other operand's dtype. */
  binary(op: BinaryOp, a: Tensor | number, b: Tensor | number, out: Tensor): void;
  /** out = condition ? a : b; `condition` is a bool, and all three broadcast to `out`'s shape. */
  where(condition: Tensor, a: Tensor | number, b: Tensor | number, out: Tensor): void;

  // Reductions -----------------------------------------------------------------------------------------------------

  /** Reduces `axes` (sorted, unique, not negative) of x. `out` has x's shape without these axes, or with each of them as 1. */
  reduce(op: ReduceOp, x: Tensor, axes: readonly number[], out: Tensor): void;
  /** out = the int32 position along `axis` of the first extreme; a NaN is extreme. `out` has the shape of a reduction. */
  argReduce(op: ArgReduceOp, x: Tensor, axis: number, out: Tensor): void;
  /** out[…, j, …] = the sum or product of x[…, 0, …] to x[…, j, …] along `axis`; `out` has x's shape. */
  cumulative(op: CumulativeOp, x: Tensor, axis: number, out: Tensor): void;
  /** out = exp(x − max) / Σ exp(x − max) along `axis`, or its logarithm; `out` has x's shape. Floating dtypes. */
  softmax(x: Tensor, axis: number, log: boolean, out: Tensor): void;

  // Normalization --------------------------------------------------------------------------------------------------

  /**
   * mean = Σ x / n and variance = Σ (x − mean)² / n over `axes`, with shapes as in {@link reduce}; floating dtypes. A large mean
   * cancels no digits of the variance. Both are NaN for n = 0.
   */
  moments(x: Tensor, axes: readonly number[], mean: Tensor, variance: Tensor): void;
  /** sum = Σ y and product = Σ y·(x − center) over `axes`. y is like x; `center`, `sum` and `product` are like a mean of x. */
  comoments(x: Tensor, center: Tensor, y: Tensor, axes: readonly number[], sum: Tensor, product: Tensor): void;
  /**
   * out = (x − center)·scale + shift + (addend.y·addend.scale). x and addend.y have `out`'s shape, and `out` may be one of
   * them. All coefficients have one shape, which broadcasts to `out`'s.
   */
  affine(x: Tensor, coefficients: AffineCoefficients, addend: AffineAddend | null, out: Tensor): void;

  // Moving elements ------------------------------------------------------------------------------------------------

  /**
   * out[to] = x[from] for every index of `shape`: slices, transposes, padding, concatenation and broadcasting. `to` visits no
   * element twice; elements of `out` that `to` does not visit keep their values.
   */
  copy(x: Tensor, from: StridedView, out: Tensor, to: StridedView, shape: readonly number[]): void;
  /** out[to] += x for every index of x's shape. `to` may visit an element many times. The adjoint of reading a view. */
  addToView(x: Tensor, out: Tensor, to: StridedView): void;
  /**
   * out[…, j, …] = x[…, indices[j], …] along `axis`, of length n. `indices` is int32 of any shape, read flat: a negative index
   * counts from the end, and one outside [−n, n) reads 0. `out` has x's shape with `axis` replaced by `indices`' shape.
   */
  gather(x: Tensor, indices: Tensor, axis: number, out: Tensor): void;
  /** out[…, indices[j], …] += x[…, j, …]: the adjoint of {@link gather}. An index outside [−n, n) adds nothing. */
  scatterAdd(x: Tensor, indices: Tensor, axis: number, out: Tensor): void;

  // Products -------------------------------------------------------------------------------------------------------

  /** out (B, M, N) = a (B|1, M, K) · b (B|1, K, N); see `MatmulOptions` for transposed operands and the epilogue. */
  matmul(a: Tensor, b: Tensor, out: Tensor, options?: MatmulOptions): void;
  /** Cross-correlation: x (N, C, H, W), w (O, C/groups, kh, kw), bias (O,) or null, out (N, O, oh, ow). */
  conv2d(x: Tensor, w: Tensor, bias: Tensor | null, geometry: Conv2dGeometry, out: Tensor, epilogue?: Epilogue): void;
  /** The adjoint of conv2d in x, a transposed convolution: gy (N, O, oh, ow), w (O, C/groups, kh, kw), out (N, C, H, W). */
  conv2dGradInput(gy: Tensor, w: Tensor, geometry: Conv2dGeometry, out: Tensor): void;
  /** The adjoint of conv2d in w: x (N, C, H, W), gy (N, O, oh, ow), out (O, C/groups, kh, kw). */
  conv2dGradWeight(x: Tensor, gy: Tensor, geometry: Conv2dGeometry, out: Tensor): void;

  // Pooling --------------------------------------------------------------------------------------------------------

  /**
   * Maximum over windows: x (N, C, H, W), out (N, C, oh, ow). `indices` is int32 like `out`: the row-major place of the first
   * maximum in its window. A window outside x gives −∞ (the least integer) and place 0. Any dtype; all other poolings take floats.
   */
  maxPool2d(x: Tensor, geometry: Pool2dGeometry, out: Tensor, indices: Tensor): void;
  /** out = 0, then gy is added at the places: the adjoint of maxPool2d. gy and indices (N, C, oh, ow), out (N, C, H, W). */
  maxPool2dGrad(gy: Tensor, indices: Tensor, geometry: Pool2dGeometry, out: Tensor): void;
  /** out = x at the places, 0 outside x: the adjoint of maxPool2dGrad. x (N, C, H, W), indices and out (N, C, oh, ow). */
  maxPool2dGather(x: Tensor, indices: Tensor, geometry: Pool2dGeometry, out: Tensor): void;
  /** The sum over windows, divided by kh·kw with the padding: x (N, C, H, W), out (N, C, oh, ow). */
  averagePool2d(x: Tensor, geometry: Pool2dGeometry, out: Tensor): void;
  /** The adjoint of averagePool2d: gy (N, C, oh, ow), out (N, C, H, W). */
  averagePool2dGrad(gy: Tensor, geometry: Pool2dGeometry, out: Tensor): void;

  // Randomness and learning ----------------------------------------------------------------------------------------

  /**
   * Counter-based random numbers, the same on every backend. Element i takes the words of Threefry-2x32 with 20
   * rounds, key (seed, stream), counter (i >> 1, 0), word i & 1. `uniform`: (word >>> 8)·2⁻²⁴, in [0, 1). `normal`:
   * Box–Muller on words 0 and 1 of counter (i >> 1, 0), u = ((word >>> 8) + 1)·2⁻²⁴: √(−2 ln u₀)·cos(2π u₁) for even i,
   * sin for odd i.
   */
  random(kind: RandomKind, seed: number, stream: number, out: Tensor): void;
  /** Updates `param` and `states` in place from `grad`; one shape. See `UPDATE_RULES` for states and hyperparameters. */
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

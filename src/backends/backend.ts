/**
 * The seam between arrays and hardware: one interface of parameterised primitives over typed memory. It knows shapes
 * and dtypes; it knows nothing of gradients, parameters, broadcasting rules across dtypes, or who owns an array.
 *
 * Conventions that every implementation keeps, and every caller may rely on:
 *
 * - A {@link Tensor} is dense and row-major. The caller allocates `out` with the shape and dtype of the result; a
 *   primitive only fills it. `out` may be one of the inputs in `unary`, `binary`, `where` and `update` where shapes
 *   are equal; elsewhere it is disjoint from the inputs.
 * - The caller has validated shapes, dtypes, devices and ranges of axes. A primitive may assume them.
 * - Floating dtypes are `float32` and, where {@link Backend.dtypes} lists it, `float64`.
 * - Sizes may be zero; shapes may be `[]`.
 */

/** Element types. `bool` is stored as one byte, 0 or 1. `float64` exists on wasm only. */
export type DType = 'float32' | 'float64' | 'int32' | 'uint8' | 'bool';

/** A host-side block of elements; `Uint8Array` holds `uint8` and `bool`. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** What a device stores the elements of float32 arrays as. */
export type Precision = 'float32' | 'float16';

/** How many threads compute: a number, or as many as there are cores to gain from. */
export type ThreadCount = number | 'auto';

/** Threads in use, the caller's among them, and why there are not more: null if they are as many as were asked for. */
export interface ThreadUse {
  readonly count: number;
  readonly reason: string | null;
}

/** The devices that can hold arrays. */
export type DeviceName = 'wasm' | 'webgl';

/** An opaque block of device memory, made by {@link Backend.alloc} and valid until {@link Backend.free}. */
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

/**
 * Elementwise functions of one array. Input and output have the same floating dtype, with two exceptions:
 * `negative absolute sign square relu ceil floor rint trunc` take any dtype but bool and keep it; `logicalNot`,
 * `isNan`, `isInf` fill a bool. `rint` rounds halves to even; `sigmoid` is 1/(1+e⁻ˣ); `erf`, `erfc` are the error
 * function and its complement; `softplus` is log(1+eˣ) without overflow.
 */
export const UNARY_OPS = [
  'negative',
  'absolute',
  'sign',
  'square',
  'relu',
  'ceil',
  'floor',
  'rint',
  'trunc',
  'sqrt',
  'rsqrt',
  'reciprocal',
  'exp',
  'exp2',
  'expm1',
  'log',
  'log2',
  'log10',
  'log1p',
  'sin',
  'cos',
  'tan',
  'arcsin',
  'arccos',
  'arctan',
  'sinh',
  'cosh',
  'tanh',
  'erf',
  'erfc',
  'sigmoid',
  'softplus',
  'logicalNot',
  'isNan',
  'isInf',
] as const;
/** The name of an elementwise primitive of one array. */
export type UnaryOp = (typeof UNARY_OPS)[number];

/**
 * Elementwise functions of two arrays of one dtype, with broadcasting. Arithmetic keeps the dtype (`divide` of integers
 * truncates toward minus infinity, as `floorDivide`); comparisons and logical operations fill a bool. `mod` has the sign
 * of the divisor (Python), `fmod` that of the dividend (C). `power` of floats is C's `pow`. The last three are the
 * gradients that every network computes, fused: with y the forward result, `sigmoidGrad(y, g) = g·y·(1−y)`,
 * `tanhGrad(y, g) = g·(1−y²)`, `reluGrad(y, g) = y > 0 ? g : 0`. NaN propagates through `maximum` and `minimum`.
 */
export const BINARY_OPS = [
  'add',
  'subtract',
  'multiply',
  'divide',
  'power',
  'maximum',
  'minimum',
  'mod',
  'fmod',
  'floorDivide',
  'arctan2',
  'sigmoidGrad',
  'tanhGrad',
  'reluGrad',
  'equal',
  'notEqual',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
  'logicalAnd',
  'logicalOr',
  'logicalXor',
] as const;
/** The name of an elementwise primitive of two arrays. */
export type BinaryOp = (typeof BINARY_OPS)[number];

/** The binary operations whose result is a bool. */
export const COMPARISONS = [
  'equal',
  'notEqual',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
  'logicalAnd',
  'logicalOr',
  'logicalXor',
] as const satisfies readonly BinaryOp[];

/** Reductions. `sum` and `prod` keep the dtype and of nothing are 0 and 1; `max` and `min` of nothing are refused; NaN propagates. */
export const REDUCE_OPS = ['sum', 'prod', 'max', 'min'] as const;
export type ReduceOp = (typeof REDUCE_OPS)[number];

export type ArgReduceOp = 'argmax' | 'argmin';
export type CumulativeOp = 'cumsum' | 'cumprod';

/** What an epilogue may apply to a result before it is stored. */
export type Activation = 'none' | 'relu' | 'sigmoid' | 'tanh';

/** What happens to each result of a product before it is stored: act(result + bias + residual). */
export interface Epilogue {
  /** Default: 'none'. */
  readonly activation?: Activation;
  /** Of the result's shape and dtype; added before the activation. Not `out` itself. */
  readonly residual?: Tensor | null;
}

/** C = act(op(A)·op(B) + bias + residual), batched. See {@link Backend.matmul}. */
export interface MatmulOptions extends Epilogue {
  /** A is given as (B, K, M) instead of (B, M, K). */
  readonly transA?: boolean;
  /** B is given as (B, N, K) instead of (B, K, N). */
  readonly transB?: boolean;
  /** (N,), added to every row. */
  readonly bias?: Tensor | null;
}

/** What {@link Backend.affine} does to an array: (x − center)·scale + shift. */
export interface AffineCoefficients {
  readonly center: Tensor;
  readonly scale: Tensor;
  readonly shift: Tensor;
}

/** A second array of {@link Backend.affine}, and its coefficient: y·scale. */
export interface AffineAddend {
  readonly y: Tensor;
  readonly scale: Tensor;
}

/** What the constant operand of a prepared product is kept as. */
export type WeightFormat = 'float32' | 'float16' | 'int8';

/**
 * A product prepared to run many times on operands that stay where they are: the weight is packed as the kernel wants it,
 * and a run allocates nothing.
 */
export interface PreparedCall {
  /** What computes it, as tables show it: 'winograd 6×6', 'packed product', 'depthwise', … */
  readonly algorithm: string;
  /** Bytes that it keeps, the packed weight among them. */
  readonly bytes: number;
  /** Whether the weight given at preparation is still read; if not, its memory may be freed. */
  readonly readsWeight: boolean;
  /** The same of the bias. */
  readonly readsBias: boolean;
  run(): void;
  free(): void;
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

/**
 * In-place optimizer updates: states, hyperparameters (both in this order) and formulas. p is the parameter, g its
 * gradient; all states are shaped like p.
 *
 * - `sgd` (lr): p −= lr·g
 * - `momentumSgd` v; (lr, m): v = m·v − lr·g; p += v
 * - `correctedMomentumSgd` v; (lr, m): v = m·v − g; p += lr·v
 * - `nesterovAg` v; (lr, m): v = m·v − lr·g; p += m²·v − (1+m)·lr·g
 * - `adaGrad` h; (lr, eps): h += g²; p −= lr·g/(√h + eps)
 * - `adaDelta` msg, msdx; (rho, eps): msg = rho·msg + (1−rho)·g²; dx = √((msdx+eps)/(msg+eps))·g;
 *   msdx = rho·msdx + (1−rho)·dx²; p −= dx
 * - `rmsProp` ms; (lr, alpha, epsInside, epsOutside): ms = alpha·ms + (1−alpha)·g²; p −= lr·g/(√(ms+epsInside) + epsOutside)
 * - `rmsPropGraves` n, g₁, delta; (lr, alpha, m, eps): n = alpha·n + (1−alpha)·g²; g₁ = alpha·g₁ + (1−alpha)·g;
 *   delta = m·delta − lr·g/√(n − g₁² + eps); p += delta
 * - `smorms3` mem, g₁, g₂; (lr, eps): r = 1/(mem+1); g₁ = (1−r)·g₁ + r·g; g₂ = (1−r)·g₂ + r·g²; x = g₁²/(g₂+eps);
 *   p −= g·min(lr, x)/(√g₂ + eps); mem = 1 + mem·(1−x)
 * - `adam` m, v; (alphaT, 1−beta1, 1−beta2, eps, eta, weightDecayRate, lower, upper): m += (1−beta1)·(g−m);
 *   v += (1−beta2)·(g²−v); p −= eta·(clip(alphaT/(√v+eps), lower, upper)·m + weightDecayRate·p)
 * - `amsGrad` m, v, vhat; the same numbers: m, v as in adam; vhat = max(vhat, v), used in place of v
 * - `msvag` m, v; (lr, 1−beta, 1−betaᵗ, rho, eta, weightDecayRate): m += (1−beta)·(g−m); v += (1−beta)·(g²−v);
 *   mt = m/(1−betaᵗ); s = (v/(1−betaᵗ) − mt²)/(1−rho); f = clip(mt²/(mt² + rho·s), 0, 1), 0 where that is NaN;
 *   p −= eta·(lr·f·mt + weightDecayRate·p)
 */
export const UPDATE_RULES = [
  'sgd',
  'momentumSgd',
  'correctedMomentumSgd',
  'nesterovAg',
  'adaGrad',
  'adaDelta',
  'rmsProp',
  'rmsPropGraves',
  'smorms3',
  'adam',
  'amsGrad',
  'msvag',
] as const;
export type UpdateRuleName = (typeof UPDATE_RULES)[number];

/** A device's memory now. */
export interface DeviceMemory {
  /** Bytes of live arrays. */
  bytes: number;
  /** Number of blocks those bytes are in. */
  blocks: number;
  /** Bytes taken from the system: what is live, what is pooled for reuse, and the backend's own. */
  reserved: number;
  /** Of `bytes`, those that were moved to the host because the device was short of memory; on `webgl`. */
  paged?: number;
}

/** What a device must do: memory, and the primitives that everything is computed with. Arrays call it; users do not. */
export interface Backend {
  /** The name by which `toDevice`, `init` and options of arrays choose it. */
  readonly name: DeviceName;
  /** The dtypes that this backend can hold and compute. */
  readonly dtypes: readonly DType[];
  /** What prepared products can keep their weights as; without it, float32 alone. */
  readonly weightFormats?: readonly WeightFormat[];
  /** How precisely float32 arrays are held, where that may be less than float32: then 'float16' says so. */
  readonly precision?: Precision;

  /** Where work can be divided: the threads that do it now. */
  readonly threads?: ThreadUse;

  /** Where memory can be limited: the most bytes that it takes from the system. @throws MemoryError when set to less than it has taken. */
  maxMemory?: number;

  // Memory ---------------------------------------------------------------------------------------------------------

  /** `size` elements, of undefined content. Throws MemoryError when there is no room. */
  alloc(size: number, dtype: DType): Memory;
  /** Gives a block back. It is not used after that. */
  free(memory: Memory): void;
  /**
   * Where memory has addresses: a part of a block as memory of its own, from a byte on that is a multiple of 64. It is valid as
   * long as the block is, and not freed by itself.
   */
  slice?(memory: Memory, byteOffset: number, size: number, dtype: DType): Memory;
  /** Copies host data in; `data.length` is `memory.size`. */
  write(memory: Memory, data: TypedArray): void;
  /** A fresh host copy. Never blocks the calling thread where the device can be asynchronous. */
  read(memory: Memory): Promise<TypedArray>;
  /** A fresh host copy now; on a GPU this stalls until all work before it is done. */
  readSync(memory: Memory): TypedArray;
  /**
   * What is allocated now: bytes handed out, number of blocks, and bytes reserved from the system; where a device moves
   * arrays to the host when it is short of memory, how many of the bytes handed out are there.
   */
  stats(): DeviceMemory;
  /**
   * Where a device can lose its memory: keeps on the host a copy of the values of now, from which the blocks come back. It
   * is not renewed when they change. If one block cannot be read, all keep the copies of before.
   */
  keepHostCopies?(memories: readonly Memory[]): Promise<void>;
  /**
   * Where kernels are compiled when they are first used: compiles those that `work` calls, without running them: in `work`,
   * primitives change nothing, and what is read is not to be looked at.
   */
  warmUp?(work: () => void): Promise<void>;
  /** Where a device can be lost: resolves when it is there (again). */
  restored?(): Promise<void>;
  /**
   * Where a device notices faults that its calls do not report. Checked mode calls it after each primitive.
   *
   * @param primitive the primitive that has just run, for the message
   * @throws MemoryError, DeviceError or DeviceLostError for a fault since the last call.
   */
  verify?(primitive: string): void;

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
  /**
   * Where a backend can do better knowing that `w` (and `bias`) will not change: prepares the call of {@link conv2d} with
   * these arguments. `x`, `out` and the residual are read at each run, and their `memory` may be exchanged between runs.
   */
  prepareConv2d?(
    x: Tensor,
    w: Tensor,
    bias: Tensor | null,
    geometry: Conv2dGeometry,
    out: Tensor,
    epilogue: Epilogue,
    format: WeightFormat,
  ): PreparedCall;
  /** The same for {@link matmul}, `b` being the weight. */
  prepareMatmul?(a: Tensor, b: Tensor, out: Tensor, options: MatmulOptions, format: WeightFormat): PreparedCall;
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
  random(kind: 'uniform' | 'normal', seed: number, stream: number, out: Tensor): void;
  /** Updates `param` and `states` in place from `grad`, all of one shape. */
  update(
    rule: UpdateRuleName,
    param: Tensor,
    grad: Tensor,
    states: readonly Tensor[],
    hyperparameters: readonly number[],
  ): void;
}

/** Products of `np`. */
import type { Activation } from '../backends/ops.js';
import { ShapeError, ValueError } from '../errors.js';
import { checkOptions, inWords } from '../options.js';
import { type ArrayLike, operand } from './conversion.js';
import { promote } from './dtype.js';
import { astype, checkSameDevice } from './elementwise.js';
import { broadcastTo } from './manipulation.js';
import { allocate, type NDArray } from './ndarray.js';
import { broadcastShapes, formatShape, sizeOf } from './shape.js';

/** Options of {@link matmul}. */
export interface MatmulOptions {
  /** Whether a is transposed in its last two axes. Default: false. */
  transA?: boolean;
  /** Whether b is transposed in its last two axes. Default: false. */
  transB?: boolean;
  /** (N,), added to every row. */
  bias?: NDArray | null;
  /** The activation of the result. Default: 'none'. */
  activation?: Activation;
}

const ACTIVATIONS: readonly unknown[] = ['none', 'relu', 'sigmoid', 'tanh'] satisfies Activation[];

const KNOWN = { transA: 1, transB: 1, bias: 1, activation: 1 };

/**
 * The matrix product over the last two axes; the axes before them broadcast. Follows numpy.matmul, also for one-dimensional
 * operands. a (…, M, K), b (…, K, N) → (…, M, N). Integers wrap; a product of bools is a bool.
 *
 * @throws ShapeError if K differs or an operand is 0-d; DeviceError for two devices; ValueError for an unknown activation.
 */
export function matmul(left: ArrayLike, right: ArrayLike, options: MatmulOptions = {}): NDArray {
  const a = operand('matmul', 'a', left, right);
  const b = operand('matmul', 'b', right, left);
  checkOptions('matmul', options, KNOWN);
  const { transA = false, transB = false, bias = null, activation = 'none' } = options;
  if (!ACTIVATIONS.includes(activation))
    throw new ValueError(`matmul: activation is ${inWords(activation)}, expected ${ACTIVATIONS.join(', ')}`);
  checkSameDevice('matmul', a, b);
  if (a.ndim === 0 || b.ndim === 0) {
    throw new ShapeError(
      `matmul: ${formatShape(a.shape)} and ${formatShape(b.shape)}: a 0-d array has no matrix product`,
    );
  }
  const dtype = promote(a.dtype, b.dtype);
  // Integers compute as int32. Sums of uint8 wrap at the end, and a sum of bools is true unless it is 0.
  if (dtype === 'bool' || dtype === 'uint8') return astype(matmul(astype(a, 'int32'), b, options), dtype);
  // A vector is a row on the left and a column on the right, and its axis is dropped from the result.
  const x = a.ndim === 1 ? a.reshape(transA ? [-1, 1] : [1, -1]) : a;
  const y = b.ndim === 1 ? b.reshape(transB ? [1, -1] : [-1, 1]) : b;
  const [m, k] = matrixOf(x, transA);
  const [k2, n] = matrixOf(y, transB);
  if (k !== k2) {
    throw new ShapeError(
      `matmul: inner sizes differ: ${k} and ${k2} (a ${formatShape(a.shape)}, b ${formatShape(b.shape)})`,
    );
  }
  if (bias && (bias.ndim !== 1 || bias.shape[0] !== n)) {
    throw new ShapeError(`matmul: bias ${formatShape(bias.shape)} does not fit ${n} columns`);
  }
  const batch = broadcastShapes('matmul', x.shape.slice(0, -2), y.shape.slice(0, -2));
  const out = allocate([...batch, m, n], dtype, a.device);
  const as3d = (z: NDArray) => flattenBatch(astype(z, dtype), batch);
  a.device.matmul(as3d(x), as3d(y), out.reshape([sizeOf(batch), m, n]), {
    transA,
    transB,
    bias: bias && astype(bias, dtype),
    activation,
  });
  const shape = [...batch];
  if (a.ndim > 1) shape.push(m);
  if (b.ndim > 1) shape.push(n);
  return out.reshape(shape);
}

function matrixOf(x: NDArray, transposed: boolean): [rows: number, columns: number] {
  const [r, c] = x.shape.slice(-2);
  return transposed ? [c, r] : [r, c];
}

/** (B, r, c), or (1, r, c) if one matrix serves the whole batch. */
function flattenBatch(x: NDArray, batch: readonly number[]): NDArray {
  const matrix = x.shape.slice(-2);
  if (x.size === sizeOf(matrix)) return x.reshape([1, ...matrix]);
  return broadcastTo(x, [...batch, ...matrix]).reshape([sizeOf(batch), ...matrix]);
}

/** numpy.dot: the inner product of vectors, the product of matrices, or the product of a with a vector over a's last axis. */
export function dot(left: ArrayLike, right: ArrayLike): NDArray {
  const a = operand('dot', 'a', left, right);
  const b = operand('dot', 'b', right, left);
  if (a.ndim > 2 || b.ndim > 2) {
    throw new ShapeError(
      `dot: at most 2 dimensions, got ${formatShape(a.shape)} and ${formatShape(b.shape)}; use matmul or tensordot`,
    );
  }
  return matmul(a, b);
}

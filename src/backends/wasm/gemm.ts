/** Matrix products, by the kernels of assembly/gemm/. */
import type { Backend } from '../backend.js';
import { CHECKS } from '../operand-checks.js';
import type { MatmulOptions, Tensor } from '../primitives.js';
import { ITEM_SIZES } from '../shapes.js';
import { NOTHING_TO_DO, prepare, run } from './calls/call.js';
import { gemmFloat32, gemmFloat64, gemmInt32, type Product } from './calls/gemm.js';
import type { Machine } from './machine.js';

/** The product of two tensors. */
function productOf(a: Tensor, b: Tensor, out: Tensor, options: MatmulOptions): Product {
  const { transA = false, transB = false, bias = null, activation = 'none', residual = null } = options;
  const [batch, m, n] = out.shape;
  const k = transA ? a.shape[1] : a.shape[2];
  const item = ITEM_SIZES[out.dtype];
  // Matrices one below the other, all of them times one B, are one taller matrix.
  const isOne = !transA && b.shape[0] === 1 && a.shape[0] === batch;
  return {
    batch: isOne ? 1 : batch,
    m: isOne ? batch * m : m,
    n,
    k,
    a,
    b,
    c: out,
    aBatch: a.shape[0] === 1 ? 0 : m * k * item,
    bBatch: b.shape[0] === 1 ? 0 : k * n * item,
    cBatch: m * n * item,
    transA,
    transB,
    bias,
    activation,
    residual,
  };
}

/** The kind of call, by the dtype of the result. */
const kindOf = ({ dtype }: Tensor) =>
  dtype === 'float32' ? gemmFloat32 : dtype === 'float64' ? gemmFloat64 : gemmInt32;

/** The family of matrix products. */
export function gemm(machine: Machine): Required<Pick<Backend, 'matmul' | 'prepareMatmul'>> {
  return {
    matmul(a, b, out, options = {}) {
      CHECKS.matmul(a, b, out, options);
      if (out.memory.size > 0) run(machine, kindOf(out), productOf(a, b, out, options));
    },

    prepareMatmul(a, b, out, options, format) {
      CHECKS.matmul(a, b, out, options);
      if (out.memory.size === 0) return NOTHING_TO_DO;
      return prepare(machine, kindOf(out), productOf(a, b, out, options), format);
    },
  };
}

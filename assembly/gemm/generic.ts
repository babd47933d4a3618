/** Matrix products of float64 and int32 by plain loops over the rows of B. They are rare, so simplicity comes before speed. */
import { sigmoid64 } from '../math/sigmoid';
import { tanh } from '../math/host';
import { Activation } from './block';
import { Gemm } from './gemm';

/** act(x), for one element. */
// @ts-ignore: decorator
@inline
export function activatedScalar<T>(x: T, activation: Activation): T {
  if (activation == Activation.Relu) return x < 0 ? <T>0 : x;
  if (activation == Activation.Sigmoid) return <T>sigmoid64(<f64>x);
  if (activation == Activation.Tanh) return <T>tanh(<f64>x);
  return x;
}

/** One product of the batch. */
function product<T>(args: Gemm, a: usize, b: usize, c: usize, residual: usize): void {
  const size = sizeof<T>();
  const n = <usize>args.n * size;
  const aRow: usize = args.transA ? size : <usize>args.k * size;
  const aStep: usize = args.transA ? <usize>args.m * size : size;
  const bColumn: usize = args.transB ? <usize>args.k * size : size;
  const bStep: usize = args.transB ? size : n;
  for (let i = 0; i < args.m; i++) {
    for (let j: usize = 0; j < n; j += size) store<T>(c + j, args.bias ? load<T>(args.bias + j) : <T>0);
    for (let p: usize = 0; p < <usize>args.k; p++) {
      const factor = load<T>(a + p * aStep);
      let from = b + p * bStep;
      for (let j: usize = 0; j < n; j += size) {
        store<T>(c + j, load<T>(c + j) + factor * load<T>(from));
        from += bColumn;
      }
    }
    if (residual) {
      for (let j: usize = 0; j < n; j += size) store<T>(c + j, load<T>(c + j) + load<T>(residual + j));
      residual += n;
    }
    if (args.activation != Activation.None) {
      for (let j: usize = 0; j < n; j += size) store<T>(c + j, activatedScalar<T>(load<T>(c + j), args.activation));
    }
    a += aRow;
    c += n;
  }
}

/** All products of a batch. Returns 0: the bytes of its workspace. */
// @ts-ignore: decorator
@inline
function matmul<T>(args: Gemm): usize {
  if (args.workspace == 0) return 0;
  let a = args.a;
  let b = args.b;
  let c = args.c;
  let residual = args.residual;
  for (let i = 0; i < args.batch; i++) {
    product<T>(args, a, b, c, residual);
    a += args.aBatch;
    b += args.bBatch;
    c += args.cBatch;
    if (residual) residual += args.cBatch;
  }
  return 0;
}

/** All products of a batch of float64. */
export function matmulF64(args: Gemm): usize {
  return matmul<f64>(args);
}

/** All products of a batch of int32; sums wrap. */
export function matmulI32(args: Gemm): usize {
  return matmul<i32>(args);
}

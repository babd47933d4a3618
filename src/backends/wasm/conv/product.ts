/** The convolution whose filters cover their whole images: it and its gradients are one matrix product each. */
import type { Tensor } from '../../primitives.js';
import { translated } from '../calls/call-kind.js';
import type { ConvolutionProblem } from '../calls/convolution.js';
import { gemmFloat32, type Product } from '../calls/gemm.js';

/** The product of two tensors as matrices with a row for each index of their first axis. */
function matrices(
  problem: ConvolutionProblem,
  [a, b, c]: readonly [Tensor, Tensor, Tensor],
  [transA, transB]: readonly [boolean, boolean],
): Product {
  const { bias, activation, residual } = problem;
  const [rows, columns] = [a, c].map(({ shape, memory }) => [shape[0], memory.size / shape[0]]);
  return {
    batch: 1,
    m: columns[0],
    n: columns[1],
    k: transA ? rows[0] : rows[1],
    a,
    b,
    c,
    aBatch: 0,
    bBatch: 0,
    cBatch: 0,
    transA,
    transB,
    bias,
    activation,
    residual,
  };
}

/** By direction. */
export const product = {
  forward: translated(gemmFloat32, (p: ConvolutionProblem) => matrices(p, [p.x, p.w, p.y], [false, true])),
  gradInput: translated(gemmFloat32, (p: ConvolutionProblem) => matrices(p, [p.y, p.w, p.x], [false, false])),
  gradWeight: translated(gemmFloat32, (p: ConvolutionProblem) => matrices(p, [p.y, p.x, p.w], [true, false])),
};

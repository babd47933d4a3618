/** ONNX's reductions on arrays. */
import type { ArgReduceOp } from '../../../backends/ops.js';
import { astype, binary, unary } from '../../../ndarray/elementwise.js';
import { flip } from '../../../ndarray/manipulation.js';
import type { NDArray } from '../../../ndarray/ndarray.js';
import { argmax, argmin, cumsum, max, mean, min, prod, sum } from '../../../ndarray/reductions.js';
import { normalizeAxis } from '../../../ndarray/shape.js';
import type { Operator } from '../call.js';

type Reduce = (x: NDArray, axes: readonly number[] | null, keepdims: boolean) => NDArray;

/** The axes are an input in some versions, an attribute in others. Without axes all count, unless an attribute says that none do. */
const over =
  (reduce: Reduce): Operator =>
  (call) => {
    const axes = call.list(1, 'axes') ?? [];
    const all = axes.length === 0 && call.int('noop_with_empty_axes', 0) === 0;
    const x = call.input(0);
    // Integers stay integers, even if a mean or a root has a fraction.
    return astype(reduce(x, all ? null : axes, call.int('keepdims', 1) !== 0), x.dtype);
  };

const argument =
  (op: ArgReduceOp): Operator =>
  (call) => {
    const x = call.input(0);
    const axis = normalizeAxis(op, call.int('axis', 0), x.ndim);
    const keepdims = call.int('keepdims', 1) !== 0;
    const reduce = op === 'argmax' ? argmax : argmin;
    if (call.int('select_last_index', 0) === 0) return reduce(x, axis, keepdims);
    return binary('subtract', x.shape[axis] - 1, reduce(flip(x, axis), axis, keepdims));
  };

export const REDUCTIONS = {
  ArgMax: argument('argmax'),
  ArgMin: argument('argmin'),
  CumSum: (call) => {
    if (call.int('exclusive', 0) !== 0 || call.int('reverse', 0) !== 0)
      call.fail('exclusive and reverse are not supported');
    return cumsum(call.input(0), call.numbers(1)[0]);
  },
  ReduceL1: over((x, axes, keepdims) => sum(unary('absolute', x), axes, keepdims)),
  ReduceL2: over((x, axes, keepdims) => unary('sqrt', sum(unary('square', x), axes, keepdims))),
  ReduceMax: over(max),
  ReduceMean: over(mean),
  ReduceMin: over(min),
  ReduceProd: over(prod),
  ReduceSum: over(sum),
  ReduceSumSquare: over((x, axes, keepdims) => sum(unary('square', x), axes, keepdims)),
} satisfies Record<string, Operator>;

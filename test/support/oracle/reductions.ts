/** Reductions, arg-reductions, cumulative sums and softmax, by a plain loop along the axes. */
import type { ArgReduceOp, CumulativeOp, ReduceOp } from '../../../src/backends/ops.js';
import type { DType } from '../../../src/backends/primitives.js';
import { at, build, type HostArray, indicesOf, isFloat } from '../host-array.js';

/** The extreme of numbers is NaN if one of them is NaN. */
const FOLDS = {
  sum: [(a, b) => a + b, 0],
  prod: [(a, b) => a * b, 1],
  max: [Math.max, Number.NEGATIVE_INFINITY],
  min: [Math.min, Number.POSITIVE_INFINITY],
} satisfies Record<ReduceOp, readonly [(a: number, b: number) => number, number]>;

/** How an operation folds, and from where. Long products of integers wrap, where float64 would round. */
const foldOf = (op: ReduceOp, dtype: DType): readonly [(a: number, b: number) => number, number] =>
  op === 'prod' && !isFloat(dtype) ? [Math.imul, 1] : FOLDS[op];

/** The index with another place along one axis. */
const replaced = (index: readonly number[], axis: number, value: number) =>
  index.map((i, k) => (k === axis ? value : i));

/** Reduces over `axes`, which stay as 1 where `keepDims` is set. */
export function reduce(op: ReduceOp, x: HostArray, axes: readonly number[], keepDims = false): HostArray {
  const [fold, start] = foldOf(op, x.dtype);
  const kept = build(
    x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
    'float64',
    (outer) => {
      let result = start;
      for (const inner of indicesOf(x.shape.map((size, axis) => (axes.includes(axis) ? size : 1)))) {
        result = fold(
          result,
          at(
            x,
            outer.map((i, axis) => i + inner[axis]),
          ),
        );
      }
      return result;
    },
  );
  const shape = keepDims ? kept.shape : x.shape.filter((_, axis) => !axes.includes(axis));
  let place = 0;
  return build(shape, x.dtype, () => kept.values[place++]);
}

/** Where along `axis` the first extreme is, or the first NaN if there is one. */
export function argReduce(op: ArgReduceOp, x: HostArray, axis: number): HostArray {
  const sign = op === 'argmax' ? 1 : -1;
  const shape = x.shape.filter((_, k) => k !== axis);
  return build(shape, 'int32', (index) => {
    let best = 0;
    let extreme = Number.NaN;
    for (let i = 0; i < x.shape[axis]; i++) {
      const value = at(x, index.toSpliced(axis, 0, i));
      if (Number.isNaN(value)) return i;
      if (i === 0 || sign * value > sign * extreme) [best, extreme] = [i, value];
    }
    return best;
  });
}

/** The running sum or product along `axis`. */
export function cumulative(op: CumulativeOp, x: HostArray, axis: number): HostArray {
  const [fold, start] = foldOf(op === 'cumsum' ? 'sum' : 'prod', x.dtype);
  return build(x.shape, x.dtype, (index) => {
    let result = start;
    for (let i = 0; i <= index[axis]; i++) result = fold(result, at(x, replaced(index, axis, i)));
    return result;
  });
}

/** exp(x) / Σ exp(x) along `axis`, or its logarithm. */
export function softmax(x: HostArray, axis: number, log: boolean): HostArray {
  return build(x.shape, x.dtype, (index) => {
    const row = Array.from({ length: x.shape[axis] }, (_, i) => at(x, replaced(index, axis, i)));
    const max = Math.max(...row);
    const sum = row.reduce((total, value) => total + Math.exp(value - max), 0);
    const shifted = at(x, index) - max;
    return log ? shifted - Math.log(sum) : Math.exp(shifted) / sum;
  });
}

/**
 * The namespace `np` without `np.random`, which programs that only run models do not need. The list of exports is written by hand.
 */
import './methods.js';

export type { BinaryOp, UnaryOp } from '../backends/ops.js';
export type { ForeignTensor, Picture } from './blocks.js';
export type { ArrayLike } from './conversion.js';
export {
  type ArrayOptions,
  arange,
  array,
  asarray,
  empty,
  emptyLike,
  eye,
  full,
  fullLike,
  linspace,
  ones,
  onesLike,
  type ShapeLike,
  toDevice,
  zeros,
  zerosLike,
} from './creation.js';
export { type DType, floatingOf, isFloating, promote, type TypedArray } from './dtype.js';
export { addInPlace, astype, binary, copyto, type Operand, unary, where } from './elementwise.js';
export { getItem, type Index } from './indexing.js';
export { dot, type MatmulOptions, matmul } from './linalg.js';
export {
  broadcastTo,
  concatenate,
  copy,
  expandDims,
  flip,
  moveaxis,
  type PadWidth,
  pad,
  reshape,
  squeeze,
  stack,
  swapaxes,
  take,
  transpose,
} from './manipulation.js';
export * from './math.js';
export { memory } from './memory.js';
export { NDArray, type Nested } from './ndarray.js';
export {
  all,
  any,
  argmax,
  argmin,
  cumprod,
  cumsum,
  max,
  mean,
  min,
  prod,
  std,
  sum,
  sumTo,
  variance,
  variance as var,
} from './reductions.js';
export type { Axis, Shape } from './shape.js';
export { Slice, slice } from './slice.js';
export { softmax } from './softmax.js';

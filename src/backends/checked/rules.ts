/**
 * What the seam says of the arguments of each primitive, as checks: shapes, dtypes, axes, views and geometries. Where operands
 * lie is checked in `places.ts`.
 */

import { assertKnown, KEEPS_INTEGERS, TESTS } from '../kernel-dtypes.js';
import {
  BINARY_OPS,
  type BinaryOp,
  COMPARISONS,
  REDUCE_OPS,
  UNARY_OPS,
  type UnaryOp,
  UPDATE_RULES,
  type UpdateRuleName,
} from '../ops.js';
import type {
  AffineAddend,
  AffineCoefficients,
  Conv2dGeometry,
  DType,
  Epilogue,
  MatmulOptions,
  Pool2dGeometry,
  Primitive,
  StridedView,
  Tensor,
} from '../primitives.js';
import { type Call, describe } from './call.js';

/** A rule looks at the arguments of one call. */
// biome-ignore lint/suspicious/noExplicitAny: each primitive has arguments of its own, and a table holds them all
type Rule = (call: Call, ...args: any[]) => void;

/** How many states and hyperparameters each rule has. */
const UPDATES: Readonly<Record<UpdateRuleName, readonly [states: number, hyperparameters: number]>> = {
  sgd: [0, 1],
  momentumSgd: [1, 2],
  correctedMomentumSgd: [1, 2],
  nesterovAg: [1, 2],
  adaGrad: [1, 2],
  adaDelta: [2, 2],
  rmsProp: [1, 4],
  rmsPropGraves: [3, 4],
  smorms3: [3, 2],
  adam: [2, 8],
  amsGrad: [3, 8],
  msvag: [2, 6],
};

const isComparison = (op: BinaryOp): boolean => (COMPARISONS as readonly BinaryOp[]).includes(op);

/** The operation is one of those that there are: callers may pass any name to `np.unary`, and get the error that they get unchecked. */
const known = (_: Call, op: string, names: readonly string[]): void => assertKnown(op, names);

/** An operand of an elementwise primitive that a number may stand for. */
function elementwise(call: Call, name: string, x: Tensor | number, dtype: DType, out: Tensor): void {
  if (typeof x === 'number') return;
  call.hasDType(name, x, dtype);
  call.broadcasts(name, x, out);
}

/** The result of a reduction keeps the reduced axes as 1, or leaves them out. */
function reduced(call: Call, name: string, x: Tensor, axes: readonly number[], out: Tensor): void {
  const kept = x.shape.map((n, k) => (axes.includes(k) ? 1 : n));
  const dropped = x.shape.filter((_, k) => !axes.includes(k));
  call.hasShape(name, out, out.shape.length === x.shape.length ? kept : dropped);
}

/** Results of a reduction over axes, with the dtype of x. */
function reductions(
  call: Call,
  x: Tensor,
  axes: readonly number[],
  outs: Readonly<Record<string, Tensor>>,
  dtype: DType = x.dtype,
): void {
  call.axes('axes', axes, x);
  for (const [name, out] of Object.entries(outs)) {
    call.hasDType(name, out, dtype);
    reduced(call, name, x, axes, out);
  }
}

/** The places that indices name along an axis of the whole array, and the array of what lies there. */
function indexed(
  call: Call,
  whole: Tensor,
  indices: Tensor,
  axis: number,
  parts: [name: string, tensor: Tensor],
): void {
  call.hasDType('indices', indices, 'int32');
  call.axis('axis', axis, whole);
  call.hasDType(parts[0], parts[1], whole.dtype);
  const { shape } = whole;
  const count = [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)];
  call.hasShape(parts[0], parts[1], count);
}

/** A bias for each of n, and a residual like the result. */
function epilogue(call: Call, out: Tensor, n: number, bias?: Tensor | null, residual?: Tensor | null): void {
  if (bias) {
    call.hasDType('bias', bias, out.dtype);
    call.hasShape('bias', bias, [n]);
  }
  if (residual) {
    call.hasDType('residual', residual, out.dtype);
    call.hasShape('residual', residual, out.shape);
  }
}

function convolution(call: Call, x: Tensor, w: Tensor, y: Tensor, names: readonly string[], g: Conv2dGeometry): void {
  const tensors = [x, w, y];
  tensors.forEach((tensor, i) => {
    call.rank(names[i], tensor, 4);
    call.floating(names[i], tensor);
    call.hasDType(names[i], tensor, x.dtype);
  });
  call.integers('stride', g.stride, 1);
  call.integers('dilation', g.dilation, 1);
  call.integers('pad', g.pad, -(2 ** 31));
  call.integers('groups', [g.groups], 1);
  const fits =
    x.shape[0] === y.shape[0] &&
    y.shape[1] === w.shape[0] &&
    x.shape[1] === w.shape[1] * g.groups &&
    w.shape[0] % g.groups === 0;
  call.expect(fits, () => {
    const all = tensors.map((tensor, i) => `${names[i]} ${describe(tensor)}`).join(', ');
    return `${all} with ${g.groups} groups do not belong together`;
  });
}

function pooling(call: Call, g: Pool2dGeometry, image: Tensor, pooled: Tensor, names: readonly string[]): void {
  call.rank(names[0], image, 4);
  call.rank(names[1], pooled, 4);
  call.hasDType(names[1], pooled, image.dtype);
  call.integers('ksize', g.ksize, 1);
  call.integers('stride', g.stride, 1);
  call.integers('pad', g.pad, 0);
  call.hasShape(names[1], pooled, [image.shape[0], image.shape[1], pooled.shape[2], pooled.shape[3]]);
}

function places(call: Call, indices: Tensor, pooled: Tensor): void {
  call.hasDType('indices', indices, 'int32');
  call.hasShape('indices', indices, pooled.shape);
}

/** The checks of each primitive. */
export const RULES = {
  fill() {},
  cast(call, x: Tensor, out: Tensor) {
    call.hasCount('out', out, x.memory.size);
  },
  unary(call, op: UnaryOp, x: Tensor, out: Tensor) {
    known(call, op, UNARY_OPS);
    call.hasCount('out', out, x.memory.size);
    const isTest = TESTS.has(op);
    if (!isTest && !KEEPS_INTEGERS.has(op)) call.floating('x', x);
    if (!isTest) call.hasDType('x', x, 'float32', 'float64', 'int32', 'uint8');
    call.hasDType('out', out, isTest ? 'bool' : x.dtype);
  },
  binary(call, op: BinaryOp, a: Tensor | number, b: Tensor | number, out: Tensor) {
    known(call, op, BINARY_OPS);
    const { dtype } = typeof a !== 'number' ? a : typeof b !== 'number' ? b : out;
    elementwise(call, 'a', a, dtype, out);
    elementwise(call, 'b', b, dtype, out);
    call.hasDType('out', out, isComparison(op) ? 'bool' : dtype);
  },
  where(call, condition: Tensor, a: Tensor | number, b: Tensor | number, out: Tensor) {
    elementwise(call, 'condition', condition, 'bool', out);
    elementwise(call, 'a', a, out.dtype, out);
    elementwise(call, 'b', b, out.dtype, out);
  },
  reduce(call, op: string, x: Tensor, axes: readonly number[], out: Tensor) {
    known(call, op, REDUCE_OPS);
    reductions(call, x, axes, { out });
  },
  argReduce(call, op: string, x: Tensor, axis: number, out: Tensor) {
    known(call, op, ['argmax', 'argmin']);
    reductions(call, x, [axis], { out }, 'int32');
  },
  cumulative(call, op: string, x: Tensor, axis: number, out: Tensor) {
    known(call, op, ['cumsum', 'cumprod']);
    call.axis('axis', axis, x);
    call.hasDType('out', out, x.dtype);
    call.hasShape('out', out, x.shape);
  },
  softmax(call, x: Tensor, axis: number, _log: boolean, out: Tensor) {
    call.floating('x', x);
    call.axis('axis', axis, x);
    call.hasDType('out', out, x.dtype);
    call.hasShape('out', out, x.shape);
  },
  moments(call, x: Tensor, axes: readonly number[], mean: Tensor, variance: Tensor) {
    call.floating('x', x);
    reductions(call, x, axes, { mean, variance });
  },
  comoments(call, x: Tensor, center: Tensor, y: Tensor, axes: readonly number[], sum: Tensor, product: Tensor) {
    call.floating('x', x);
    call.hasDType('y', y, x.dtype);
    call.hasShape('y', y, x.shape);
    reductions(call, x, axes, { center, sum, product });
  },
  affine(call, x: Tensor, coefficients: AffineCoefficients, addend: AffineAddend | null, out: Tensor) {
    call.floating('x', x);
    const { center, scale, shift } = coefficients;
    const all = { x, center, scale, shift, ...(addend ? { 'addend.y': addend.y, 'addend.scale': addend.scale } : {}) };
    for (const [name, tensor] of Object.entries(all)) {
      call.hasDType(name, tensor, out.dtype);
      if (tensor === x || tensor === addend?.y) call.hasShape(name, tensor, out.shape);
      else call.hasShape(name, tensor, scale.shape);
    }
    call.broadcasts('coefficients.scale', scale, out);
  },
  copy(call, x: Tensor, from: StridedView, out: Tensor, to: StridedView, shape: readonly number[]) {
    call.shape('the region', shape);
    call.hasDType('out', out, x.dtype);
    call.view('from', from, shape, x);
    call.view('to', to, shape, out);
    const isOnce = shape.includes(0) || shape.every((n, k) => n < 2 || to.strides[k] !== 0);
    call.expect(isOnce, () => `to has strides ${to.strides} and visits elements of out twice`);
  },
  addToView(call, x: Tensor, out: Tensor, to: StridedView) {
    call.hasDType('out', out, x.dtype);
    call.view('to', to, x.shape, out);
  },
  gather(call, x: Tensor, indices: Tensor, axis: number, out: Tensor) {
    indexed(call, x, indices, axis, ['out', out]);
  },
  scatterAdd(call, x: Tensor, indices: Tensor, axis: number, out: Tensor) {
    indexed(call, out, indices, axis, ['x', x]);
  },
  matmul(call, a: Tensor, b: Tensor, out: Tensor, options: MatmulOptions = {}) {
    for (const [name, tensor] of Object.entries({ a, b, out })) {
      call.rank(name, tensor, 3);
      call.hasDType(name, tensor, 'float32', 'float64', 'int32');
      call.hasDType(name, tensor, out.dtype);
    }
    const [batch, m, n] = out.shape;
    const k = options.transA ? a.shape[1] : a.shape[2];
    const times = (x: Tensor) => (x.shape[0] === 1 ? 1 : batch);
    call.hasShape('a', a, options.transA ? [times(a), k, m] : [times(a), m, k]);
    call.hasShape('b', b, options.transB ? [times(b), n, k] : [times(b), k, n]);
    epilogue(call, out, n, options.bias, options.residual);
  },
  conv2d(call, x: Tensor, w: Tensor, bias: Tensor | null, g: Conv2dGeometry, out: Tensor, after: Epilogue = {}) {
    convolution(call, x, w, out, ['x', 'w', 'out'], g);
    epilogue(call, out, w.shape[0], bias, after.residual);
  },
  conv2dGradInput(call, gy: Tensor, w: Tensor, g: Conv2dGeometry, out: Tensor) {
    convolution(call, out, w, gy, ['out', 'w', 'gy'], g);
  },
  conv2dGradWeight(call, x: Tensor, gy: Tensor, g: Conv2dGeometry, out: Tensor) {
    convolution(call, x, out, gy, ['x', 'out', 'gy'], g);
  },
  maxPool2d(call, x: Tensor, g: Pool2dGeometry, out: Tensor, indices: Tensor) {
    pooling(call, g, x, out, ['x', 'out']);
    places(call, indices, out);
  },
  maxPool2dGrad(call, gy: Tensor, indices: Tensor, g: Pool2dGeometry, out: Tensor) {
    call.floating('gy', gy);
    pooling(call, g, out, gy, ['out', 'gy']);
    places(call, indices, gy);
  },
  maxPool2dGather(call, x: Tensor, indices: Tensor, g: Pool2dGeometry, out: Tensor) {
    call.floating('x', x);
    pooling(call, g, x, out, ['x', 'out']);
    places(call, indices, out);
  },
  averagePool2d(call, x: Tensor, g: Pool2dGeometry, out: Tensor) {
    call.floating('x', x);
    pooling(call, g, x, out, ['x', 'out']);
  },
  averagePool2dGrad(call, gy: Tensor, g: Pool2dGeometry, out: Tensor) {
    call.floating('gy', gy);
    pooling(call, g, out, gy, ['out', 'gy']);
  },
  random(call, kind: string, _seed: number, _stream: number, out: Tensor) {
    known(call, kind, ['uniform', 'normal']);
    call.floating('out', out);
  },
  update(
    call,
    rule: UpdateRuleName,
    param: Tensor,
    grad: Tensor,
    states: readonly Tensor[],
    numbers: readonly number[],
  ) {
    known(call, rule, UPDATE_RULES);
    call.floating('param', param);
    const counts = [states.length, numbers.length];
    call.expect(
      counts.every((count, i) => count === UPDATES[rule][i]),
      () => `${rule} has ${counts.join(' states and ')} hyperparameters, expected ${UPDATES[rule].join(' and ')}`,
    );
    [grad, ...states].forEach((tensor, i) => {
      const name = i === 0 ? 'grad' : `states[${i - 1}]`;
      call.hasDType(name, tensor, param.dtype);
      call.hasShape(name, tensor, param.shape);
    });
  },
} satisfies Record<Primitive, Rule>;

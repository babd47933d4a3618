/**
 * The seam's rules for the arguments of each primitive: shapes, dtypes, axes, views and geometries. See `places.ts` for the rules of
 * memory.
 */

import type { Arguments } from '../arguments.js';
import { assertKnown, typedOperand } from '../kernel-dtypes.js';
import {
  ARG_REDUCE_OPS,
  BINARY_OPS,
  CUMULATIVE_OPS,
  fillsBool,
  RANDOM_KINDS,
  REDUCE_OPS,
  UNARY_KINDS,
  UNARY_OPS,
  UPDATE_RULES,
  type UpdateRuleName,
} from '../ops.js';
import type { Primitive, Tensor } from '../primitives.js';
import type { Call } from './call.js';
import { convolution, elementwise, epilogue, indexed, places, pooling, reductions } from './relations.js';

/** The rules of one primitive. */
interface Rule<P extends Primitive> {
  /** The names of the arguments, in their order. */
  readonly names: readonly string[];
  /** Checks the arguments of a call. A caller may pass any name: an unknown one is refused as without checked mode. */
  readonly check: (call: Call, ...args: Arguments<P>) => void;
}

/** The number of states and of hyperparameters of each update. */
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

/** The rules of each primitive. */
export const RULES: { readonly [P in Primitive]: Rule<P> } = {
  fill: {
    names: ['out', 'value'],
    check() {},
  },
  cast: {
    names: ['x', 'out'],
    check(call, x, out) {
      call.hasCount('out', out, x.memory.size);
    },
  },
  unary: {
    names: ['op', 'x', 'out'],
    check(call, op, x, out) {
      assertKnown(op, UNARY_OPS);
      call.hasCount('out', out, x.memory.size);
      const kind = UNARY_KINDS[op];
      if (kind === 'floats') call.floating('x', x);
      if (kind === 'numbers') call.hasDType('x', x, 'float32', 'float64', 'int32', 'uint8');
      call.hasDType('out', out, kind === 'test' ? 'bool' : x.dtype);
    },
  },
  binary: {
    names: ['op', 'a', 'b', 'out'],
    check(call, op, a, b, out) {
      assertKnown(op, BINARY_OPS);
      const { dtype } = typedOperand(a, b, out);
      elementwise(call, 'a', a, dtype, out);
      elementwise(call, 'b', b, dtype, out);
      call.hasDType('out', out, fillsBool(op) ? 'bool' : dtype);
    },
  },
  where: {
    names: ['condition', 'a', 'b', 'out'],
    check(call, condition, a, b, out) {
      elementwise(call, 'condition', condition, 'bool', out);
      elementwise(call, 'a', a, out.dtype, out);
      elementwise(call, 'b', b, out.dtype, out);
    },
  },
  reduce: {
    names: ['op', 'x', 'axes', 'out'],
    check(call, op, x, axes, out) {
      assertKnown(op, REDUCE_OPS);
      reductions(call, x, axes, { out });
    },
  },
  argReduce: {
    names: ['op', 'x', 'axis', 'out'],
    check(call, op, x, axis, out) {
      assertKnown(op, ARG_REDUCE_OPS);
      reductions(call, x, [axis], { out }, 'int32');
    },
  },
  cumulative: {
    names: ['op', 'x', 'axis', 'out'],
    check(call, op, x, axis, out) {
      assertKnown(op, CUMULATIVE_OPS);
      call.axis('axis', axis, x);
      call.hasDType('out', out, x.dtype);
      call.hasShape('out', out, x.shape);
    },
  },
  softmax: {
    names: ['x', 'axis', 'log', 'out'],
    check(call, x, axis, _log, out) {
      call.floating('x', x);
      call.axis('axis', axis, x);
      call.hasDType('out', out, x.dtype);
      call.hasShape('out', out, x.shape);
    },
  },
  moments: {
    names: ['x', 'axes', 'mean', 'variance'],
    check(call, x, axes, mean, variance) {
      call.floating('x', x);
      reductions(call, x, axes, { mean, variance });
    },
  },
  comoments: {
    names: ['x', 'center', 'y', 'axes', 'sum', 'product'],
    check(call, x, center, y, axes, sum, product) {
      call.floating('x', x);
      call.hasDType('y', y, x.dtype);
      call.hasShape('y', y, x.shape);
      reductions(call, x, axes, { center, sum, product });
    },
  },
  affine: {
    names: ['x', 'coefficients', 'addend', 'out'],
    check(call, x, coefficients, addend, out) {
      call.floating('x', x);
      const { center, scale, shift } = coefficients;
      const all = {
        x,
        center,
        scale,
        shift,
        ...(addend ? { 'addend.y': addend.y, 'addend.scale': addend.scale } : {}),
      };
      for (const [name, tensor] of Object.entries(all)) {
        call.hasDType(name, tensor, out.dtype);
        if (tensor === x || tensor === addend?.y) call.hasShape(name, tensor, out.shape);
        else call.hasShape(name, tensor, scale.shape);
      }
      call.broadcasts('coefficients.scale', scale, out);
    },
  },
  copy: {
    names: ['x', 'from', 'out', 'to', 'shape'],
    check(call, x, from, out, to, shape) {
      call.shape('the region', shape);
      call.hasDType('out', out, x.dtype);
      call.view('from', from, shape, x);
      call.view('to', to, shape, out);
      const isOnce = shape.includes(0) || shape.every((n, k) => n < 2 || to.strides[k] !== 0);
      call.expect(isOnce, () => `to has strides ${to.strides} and visits elements of out twice`);
    },
  },
  addToView: {
    names: ['x', 'out', 'to'],
    check(call, x, out, to) {
      call.hasDType('out', out, x.dtype);
      call.view('to', to, x.shape, out);
    },
  },
  gather: {
    names: ['x', 'indices', 'axis', 'out'],
    check(call, x, indices, axis, out) {
      indexed(call, x, indices, axis, ['out', out]);
    },
  },
  scatterAdd: {
    names: ['x', 'indices', 'axis', 'out'],
    check(call, x, indices, axis, out) {
      indexed(call, out, indices, axis, ['x', x]);
    },
  },
  matmul: {
    names: ['a', 'b', 'out', 'options'],
    check(call, a, b, out, options = {}) {
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
  },
  conv2d: {
    names: ['x', 'w', 'bias', 'geometry', 'out', 'epilogue'],
    check(call, x, w, bias, g, out, after = {}) {
      convolution(call, x, w, out, ['x', 'w', 'out'], g);
      epilogue(call, out, w.shape[0], bias, after.residual);
    },
  },
  conv2dGradInput: {
    names: ['gy', 'w', 'geometry', 'out'],
    check(call, gy, w, g, out) {
      convolution(call, out, w, gy, ['out', 'w', 'gy'], g);
    },
  },
  conv2dGradWeight: {
    names: ['x', 'gy', 'geometry', 'out'],
    check(call, x, gy, g, out) {
      convolution(call, x, out, gy, ['x', 'out', 'gy'], g);
    },
  },
  maxPool2d: {
    names: ['x', 'geometry', 'out', 'indices'],
    check(call, x, g, out, indices) {
      pooling(call, g, x, out, ['x', 'out']);
      places(call, indices, out);
    },
  },
  maxPool2dGrad: {
    names: ['gy', 'indices', 'geometry', 'out'],
    check(call, gy, indices, g, out) {
      call.floating('gy', gy);
      pooling(call, g, out, gy, ['out', 'gy']);
      places(call, indices, gy);
    },
  },
  maxPool2dGather: {
    names: ['x', 'indices', 'geometry', 'out'],
    check(call, x, indices, g, out) {
      call.floating('x', x);
      pooling(call, g, x, out, ['x', 'out']);
      places(call, indices, out);
    },
  },
  averagePool2d: {
    names: ['x', 'geometry', 'out'],
    check(call, x, g, out) {
      call.floating('x', x);
      pooling(call, g, x, out, ['x', 'out']);
    },
  },
  averagePool2dGrad: {
    names: ['gy', 'geometry', 'out'],
    check(call, gy, g, out) {
      call.floating('gy', gy);
      pooling(call, g, out, gy, ['out', 'gy']);
    },
  },
  random: {
    names: ['kind', 'seed', 'stream', 'out'],
    check(call, kind, _seed, _stream, out) {
      assertKnown(kind, RANDOM_KINDS);
      call.floating('out', out);
    },
  },
  update: {
    names: ['rule', 'param', 'grad', 'states', 'hyperparameters'],
    check(call, rule, param, grad, states, numbers) {
      assertKnown(rule, UPDATE_RULES);
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
  },
};

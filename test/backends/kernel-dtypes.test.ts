/**
 * Each primitive with operands of each dtype. A dtype without a kernel is refused with a DTypeError, and no call writes outside its
 * operands. The suites of the primitives test the results.
 */
import { describe, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend.js';
import { BINARY_OPS, REDUCE_OPS, UNARY_OPS, UPDATE_RULES } from '../../src/backends/ops.js';
import type { DType, Tensor } from '../../src/backends/primitives.js';
import { DTypeError, ValueError } from '../../src/errors.js';
import { describeBackends, type Subject } from '../support/backends.js';

const WINDOW = { ksize: [2, 2], stride: [1, 1], pad: [0, 0] } as const;
const CONV = { stride: [1, 1], pad: [0, 0], dilation: [1, 1], groups: 1 } as const;
const ROWS = { offset: 0, strides: [3, 1] };

/** The shapes of a primitive's operands, and the call. */
interface Case {
  readonly shapes: readonly (readonly number[])[];
  readonly call: (backend: Backend, ...operands: Tensor[]) => void;
}

const PLAIN = [2, 3];
const IMAGE = [1, 2, 4, 4];
const POOLED = [1, 2, 3, 3];

const CASES: Record<string, Case> = {
  cast: { shapes: [PLAIN, PLAIN], call: (backend, x, out) => backend.cast(x, out) },
  where: {
    shapes: [PLAIN, PLAIN, PLAIN, PLAIN],
    call: (backend, condition, a, b, out) => backend.where(condition, a, b, out),
  },
  argReduce: { shapes: [PLAIN, [2]], call: (backend, x, out) => backend.argReduce('argmax', x, 1, out) },
  cumulative: { shapes: [PLAIN, PLAIN], call: (backend, x, out) => backend.cumulative('cumsum', x, 1, out) },
  softmax: { shapes: [PLAIN, PLAIN], call: (backend, x, out) => backend.softmax(x, 1, false, out) },
  moments: { shapes: [PLAIN, [3], [3]], call: (backend, x, mean, variance) => backend.moments(x, [0], mean, variance) },
  comoments: {
    shapes: [PLAIN, [3], PLAIN, [3], [3]],
    call: (backend, x, center, y, sum, product) => backend.comoments(x, center, y, [0], sum, product),
  },
  affine: {
    shapes: [PLAIN, [3], [3], [3], PLAIN],
    call: (backend, x, center, scale, shift, out) => backend.affine(x, { center, scale, shift }, null, out),
  },
  copy: { shapes: [PLAIN, PLAIN], call: (backend, x, out) => backend.copy(x, ROWS, out, ROWS, PLAIN) },
  addToView: { shapes: [PLAIN, PLAIN], call: (backend, x, out) => backend.addToView(x, out, ROWS) },
  gather: { shapes: [PLAIN, [4], [2, 4]], call: (backend, x, indices, out) => backend.gather(x, indices, 1, out) },
  scatterAdd: { shapes: [[2, 4], [4], PLAIN], call: (backend, x, at, out) => backend.scatterAdd(x, at, 1, out) },
  matmul: {
    shapes: [[1, 2, 3], [1, 3, 5], [1, 2, 5], [5]],
    call: (backend, a, b, out, bias) => backend.matmul(a, b, out, { bias }),
  },
  conv2d: {
    shapes: [IMAGE, [3, 2, 2, 2], [3], [1, 3, 3, 3]],
    call: (backend, x, w, bias, out) => backend.conv2d(x, w, bias, CONV, out),
  },
  conv2dGradInput: {
    shapes: [[1, 3, 3, 3], [3, 2, 2, 2], IMAGE],
    call: (backend, gy, w, out) => backend.conv2dGradInput(gy, w, CONV, out),
  },
  conv2dGradWeight: {
    shapes: [IMAGE, [1, 3, 3, 3], [3, 2, 2, 2]],
    call: (backend, x, gy, out) => backend.conv2dGradWeight(x, gy, CONV, out),
  },
  maxPool2d: {
    shapes: [IMAGE, POOLED, POOLED],
    call: (backend, x, out, indices) => backend.maxPool2d(x, WINDOW, out, indices),
  },
  maxPool2dGrad: {
    shapes: [POOLED, POOLED, IMAGE],
    call: (backend, gy, indices, out) => backend.maxPool2dGrad(gy, indices, WINDOW, out),
  },
  maxPool2dGather: {
    shapes: [IMAGE, POOLED, POOLED],
    call: (backend, x, indices, out) => backend.maxPool2dGather(x, indices, WINDOW, out),
  },
  averagePool2d: { shapes: [IMAGE, POOLED], call: (backend, x, out) => backend.averagePool2d(x, WINDOW, out) },
  averagePool2dGrad: {
    shapes: [POOLED, IMAGE],
    call: (backend, gy, out) => backend.averagePool2dGrad(gy, WINDOW, out),
  },
  random: { shapes: [PLAIN], call: (backend, out) => backend.random('normal', 1, 2, out) },
  update: {
    shapes: [PLAIN, PLAIN, PLAIN],
    call: (backend, param, grad, v) => backend.update('momentumSgd', param, grad, [v], [0.1, 0.9]),
  },
  ...Object.fromEntries(
    UNARY_OPS.map((op): [string, Case] => [
      op,
      { shapes: [PLAIN, PLAIN], call: (backend, x, out) => backend.unary(op, x, out) },
    ]),
  ),
  ...Object.fromEntries(
    BINARY_OPS.map((op): [string, Case] => [
      op,
      { shapes: [PLAIN, [1, 3], PLAIN], call: (backend, a, b, out) => backend.binary(op, a, b, out) },
    ]),
  ),
  ...Object.fromEntries(
    REDUCE_OPS.map((op): [string, Case] => [
      op,
      { shapes: [PLAIN, [2]], call: (backend, x, out) => backend.reduce(op, x, [1], out) },
    ]),
  ),
};

/** The dtypes that a primitive takes, operand by operand, where not all are one dtype; `T` stands for that one. */
const SIGNATURES: Record<string, readonly (DType | 'T')[]> = {
  where: ['bool', 'T', 'T', 'T'],
  argReduce: ['T', 'int32'],
  gather: ['T', 'int32', 'T'],
  scatterAdd: ['T', 'int32', 'T'],
  maxPool2d: ['T', 'T', 'int32'],
  maxPool2dGrad: ['T', 'int32', 'T'],
  maxPool2dGather: ['T', 'int32', 'T'],
};

/** Blocks between which an operand lies; they must not change. */
function neighbours(subject: Subject, shape: readonly number[], dtype: DType): { operand: Tensor; check: () => void } {
  const before = subject.blank([64], 'float32');
  const operand = subject.blank(shape, dtype);
  const after = subject.blank([64], 'float32');
  const values = String(subject.get(before).values);
  return {
    operand,
    check: () => {
      for (const tensor of [before, after]) expect(String(subject.get(tensor).values)).toBe(values);
    },
  };
}

describeBackends('dtypes', (subject) => {
  for (const [name, { shapes, call }] of Object.entries(CASES)) {
    test(`${name} computes or refuses, and writes only to its results`, () => {
      const dtypes = subject.dtypes();
      const signature = SIGNATURES[name] ?? shapes.map(() => 'T' as const);
      for (const dtype of dtypes) {
        const usual = signature.map((kind) => (kind === 'T' ? dtype : kind));
        // The usual dtypes, and each operand with each other dtype.
        const lists = [
          usual,
          ...usual.flatMap((_, i) => dtypes.map((other) => usual.map((own, k) => (k === i ? other : own)))),
        ];
        for (const list of lists) {
          const made = shapes.map((shape, i) => neighbours(subject, shape, list[i]));
          const run = () => call(subject.backend, ...made.map(({ operand }) => operand));
          try {
            run();
          } catch (error) {
            expect(error, `${name} of ${list}: ${String(error)}`).toBeInstanceOf(DTypeError);
          }
          for (const { check } of made) check();
          subject.release();
        }
      }
    });
  }

  const refused: Record<string, readonly [name: keyof typeof CASES, dtypes: readonly DType[]]> = {
    'indices of bytes': ['gather', ['float32', 'uint8', 'float32']],
    'a product of bytes': ['matmul', ['uint8', 'uint8', 'uint8', 'uint8']],
    'a bias of another dtype': ['conv2d', ['float32', 'float32', 'int32', 'float32']],
    'an exponential of integers': ['exp', ['int32', 'int32']],
    'an angle of integers': ['arctan2', ['int32', 'int32', 'int32']],
    'a comparison that fills floats': ['less', ['float32', 'float32', 'float32']],
    'a test that fills floats': ['isNan', ['float32', 'float32']],
    'a gradient of another dtype': ['update', ['float32', 'int32', 'float32']],
    'positions as floats': ['maxPool2d', ['float32', 'float32', 'float32']],
  };
  for (const [what, [name, dtypes]] of Object.entries(refused)) {
    test(`${what}: refused by name`, () => {
      const { shapes, call } = CASES[name];
      const operands = shapes.map((shape, i) => subject.blank(shape, dtypes[i]));
      expect(() => call(subject.backend, ...operands)).toThrow(DTypeError);
      expect(() => call(subject.backend, ...operands)).toThrow(/: .*expected /);
    });
  }

  describe('unknown names of operations', () => {
    for (const name of ['abc', 'constructor', '__proto__', 'toString', '']) {
      test(`'${name}'`, () => {
        const [a, b, c] = [
          subject.blank(PLAIN, 'float32'),
          subject.blank(PLAIN, 'float32'),
          subject.blank([2], 'float32'),
        ];
        const op = name as never;
        const { backend } = subject;
        for (const run of [
          () => backend.unary(op, a, b),
          () => backend.binary(op, a, 1, b),
          () => backend.reduce(op, a, [1], c),
          () => backend.argReduce(op, a, 1, c),
          () => backend.cumulative(op, a, 1, b),
          () => backend.update(op, a, b, [], [1]),
          () => backend.random(op, 1, 1, a),
        ]) {
          expect(run).toThrow(ValueError);
          expect(run).toThrow(`there is no operation '${name}'`);
        }
      });
    }

    test('the message lists the known ones', () => {
      const a = subject.blank(PLAIN, 'float32');
      expect(() => subject.backend.update('adamw' as never, a, a, [], [])).toThrow(UPDATE_RULES.join(', '));
    });
  });
});

/**
 * The self-test of a device's arithmetic. Drivers treat floats and integers differently, and a user with a wrong result wants to know
 * whether the device made it. The test computes references in float64, straight from the definitions.
 */

import type { Backend, Precision } from '../backend.js';
import type { BinaryOp, UnaryOp } from '../ops.js';
import type { DType, Tensor, TypedArray } from '../primitives.js';
import { sizeOf } from '../shapes.js';
import { correlate } from './references.js';
import { type DeviceReport, type Family, inEpsilon, inUlp, NUMBERS, type OperationReport, wrong } from './report.js';

export { type DeviceReport, printDeviceReport } from './report.js';

const SAMPLES = 2048;

interface Elementwise<Op> {
  readonly op: Op;
  readonly from: number;
  readonly to: number;
  readonly bound: number;
}

/** Unary operations. `bound` is a few times the error of a correctly rounding machine with the same formulas, in ulp. */
const UNARY: readonly (Elementwise<UnaryOp> & { want: (x: number) => number })[] = [
  { op: 'sqrt', from: 0, to: 1e6, bound: 2, want: Math.sqrt },
  { op: 'reciprocal', from: 0.001, to: 1000, bound: 2, want: (x) => 1 / x },
  { op: 'exp', from: -80, to: 80, bound: 4, want: Math.exp },
  { op: 'expm1', from: -1, to: 1, bound: 4, want: Math.expm1 },
  { op: 'log', from: 1e-6, to: 1e6, bound: 4, want: Math.log },
  { op: 'log1p', from: -0.5, to: 1, bound: 4, want: Math.log1p },
  { op: 'sin', from: -100, to: 100, bound: 8, want: Math.sin },
  { op: 'cos', from: -100, to: 100, bound: 8, want: Math.cos },
  { op: 'arctan', from: -100, to: 100, bound: 4, want: Math.atan },
  { op: 'tanh', from: -10, to: 10, bound: 4, want: Math.tanh },
  { op: 'sigmoid', from: -50, to: 50, bound: 4, want: (x) => 1 / (1 + Math.exp(-x)) },
  { op: 'softplus', from: -50, to: 50, bound: 4, want: (x) => Math.log1p(Math.exp(x)) },
];

const BINARY: readonly (Elementwise<BinaryOp> & { want: (a: number, b: number) => number })[] = [
  { op: 'add', from: -1000, to: 1000, bound: 0.5, want: (a, b) => a + b },
  { op: 'multiply', from: -1000, to: 1000, bound: 0.5, want: (a, b) => a * b },
  { op: 'divide', from: 0.01, to: 100, bound: 2.5, want: (a, b) => a / b },
  { op: 'power', from: 0.1, to: 8, bound: 16, want: (a, b) => a ** b },
];

const INTEGERS: readonly { op: BinaryOp; want: (a: number, b: number) => number }[] = [
  { op: 'add', want: (a, b) => (a + b) | 0 },
  { op: 'subtract', want: (a, b) => (a - b) | 0 },
  { op: 'multiply', want: Math.imul },
  { op: 'floorDivide', want: (a, b) => Math.floor(a / b) | 0 },
  { op: 'mod', want: (a, b) => a - b * Math.floor(a / b) },
  { op: 'less', want: (a, b) => Number(a < b) },
];

/** The error of sums that is accepted on any device, in epsilon. Winograd's algorithm adds and subtracts more than a plain convolution. */
const LEAST_BOUND = { reductions: 8, products: 8, convolutions: 40, elementwise: 8, integers: 0 } satisfies Record<
  Family,
  number
>;
/** The accepted error of a function on half floats, in ulp: some devices truncate where others round. */
const HALF_ROUNDING = 1.01;
/** The accepted error of a sum on half floats, in epsilon: a sum rounds a few times. */
const HALF_ROUNDINGS = 8;

class SelfTest {
  readonly operations: OperationReport[] = [];
  readonly precision: Precision;
  readonly #backend: Backend;
  readonly #tensors: Tensor[] = [];
  #state = 1;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.precision = backend.precision ?? 'float32';
  }

  elementwise(): void {
    for (const { op, from, to, bound, want } of UNARY) {
      const [x, held] = this.#floats([SAMPLES], from, to);
      const got = this.#result([SAMPLES], 'float32', (out) => this.#backend.unary(op, x, out));
      this.#reportFunction(op, got, Array.from(held, want), bound);
    }
    for (const { op, from, to, bound, want } of BINARY) {
      const [[a, inA], [b, inB]] = [this.#floats([SAMPLES], from, to), this.#floats([SAMPLES], from, to)];
      const got = this.#result([SAMPLES], 'float32', (out) => this.#backend.binary(op, a, b, out));
      this.#reportFunction(
        op,
        got,
        Array.from(inA, (v, i) => want(v, inB[i])),
        bound,
      );
    }
  }

  reductions(): void {
    const [rows, n] = [8, 5000];
    const [tensor, x] = this.#floats([rows, n], -1, 1);
    const rowsOf = (of: (row: Float32Array) => number) =>
      Array.from({ length: rows }, (_, i) => of(x.subarray(i * n, (i + 1) * n)));
    const sum = rowsOf((row) => row.reduce((a, b) => a + b, 0));
    const magnitude = rowsOf((row) => row.reduce((a, b) => a + Math.abs(b), 0));
    const got = this.#result([rows], 'float32', (out) => this.#backend.reduce('sum', tensor, [1], out));
    this.#reportSum('reductions', `sum of ${n}`, n, got, sum, magnitude);
    const max = this.#result([rows], 'float32', (out) => this.#backend.reduce('max', tensor, [1], out));
    this.#report(
      'reductions',
      `max of ${n}`,
      'wrong',
      wrong(
        max,
        rowsOf((row) => row.reduce((a, b) => (b > a ? b : a))),
      ),
      0,
    );
    const softmax = this.#result([rows, n], 'float32', (out) => this.#backend.softmax(tensor, 1, false, out));
    const total = rowsOf((row) => row.reduce((a, b) => a + Math.exp(b), 0));
    const want = Array.from(x, (v, i) => Math.exp(v) / total[Math.floor(i / n)]);
    this.#reportSum('reductions', `softmax of ${n}`, n, softmax, want, want);
  }

  products(): void {
    for (const [m, k, n] of [
      [5, 7, 3],
      [70, 300, 130],
    ]) {
      const [[x, a], [y, b]] = [this.#floats([1, m, k], -1, 1), this.#floats([1, k, n], -1, 1)];
      const got = this.#result([1, m, n], 'float32', (out) => this.#backend.matmul(x, y, out));
      const product = (of: (v: number) => number) =>
        Array.from({ length: m * n }, (_, e) => {
          const [i, j] = [Math.floor(e / n), e % n];
          return Array.from({ length: k }, (_, t) => of(a[i * k + t] * b[t * n + j])).reduce((p, q) => p + q, 0);
        });
      this.#reportSum('products', `matmul ${m}×${k}×${n}`, k, got, product(Number), product(Math.abs));
    }
  }

  convolutions(): void {
    const [N, C, O, size, ksize] = [2, 6, 10, 13, 3];
    const geometry = { stride: [1, 1], pad: [1, 1], dilation: [1, 1], groups: 1 } as const;
    const shapes = { x: [N, C, size, size], w: [O, C, ksize, ksize], y: [N, O, size, size] };
    const measure = { N, C, O, size, ksize };
    const [[tx, x], [tw, w], [ty, y]] = Object.values(shapes).map((shape) => this.#floats(shape, -1, 1));
    const [exact, magnitude] = [Number, Math.abs].map((of) => correlate(measure, x, w, y, of));
    const check = (operation: string, which: 'x' | 'w' | 'y', terms: number, compute: (out: Tensor) => void) => {
      const got = this.#result(shapes[which], 'float32', compute);
      this.#reportSum('convolutions', operation, terms, got, exact[which], magnitude[which]);
    };
    check('conv2d', 'y', C * ksize ** 2, (out) => this.#backend.conv2d(tx, tw, null, geometry, out));
    check('conv2dGradInput', 'x', O * ksize ** 2, (out) => this.#backend.conv2dGradInput(ty, tw, geometry, out));
    check('conv2dGradWeight', 'w', N * size ** 2, (out) => this.#backend.conv2dGradWeight(tx, ty, geometry, out));
  }

  integers(): void {
    const a = Int32Array.from({ length: SAMPLES }, () => this.#random() * 2 ** 32);
    const b = Int32Array.from({ length: SAMPLES }, () => Math.max(1, this.#random() * 2 ** 31));
    const [x, y] = [this.#put([SAMPLES], a), this.#put([SAMPLES], b)];
    for (const { op, want } of INTEGERS) {
      const got = this.#result([SAMPLES], op === 'less' ? 'bool' : 'int32', (out) =>
        this.#backend.binary(op, x, y, out),
      );
      this.#report(
        'integers',
        `${op} of int32`,
        'wrong',
        wrong(
          got,
          Array.from(a, (v, i) => want(v, b[i])),
        ),
        0,
      );
    }
    const indices = Int32Array.from({ length: SAMPLES }, () => this.#random() * SAMPLES);
    const picked = this.#result([SAMPLES], 'int32', (out) =>
      this.#backend.gather(x, this.#put([SAMPLES], indices), 0, out),
    );
    this.#report(
      'integers',
      'gather',
      'wrong',
      wrong(
        picked,
        Array.from(indices, (i) => a[i]),
      ),
      0,
    );
  }

  free(): void {
    for (const { memory } of this.#tensors.splice(0)) this.#backend.free(memory);
  }

  #report(family: Family, operation: string, unit: OperationReport['unit'], error: number, bound: number): void {
    this.operations.push({ family, operation, unit, error, bound, passed: error <= bound });
  }

  /** Reports the error of a function, of the results that the device can hold. */
  #reportFunction(operation: string, got: TypedArray, want: readonly number[], bound: number): void {
    const held = want.flatMap((value, i) => (Math.abs(value) < NUMBERS[this.precision].largest ? [i] : []));
    const at = (values: ArrayLike<number>) => held.map((i) => values[i]);
    const accepted = this.precision === 'float16' ? HALF_ROUNDING : bound;
    this.#report('elementwise', operation, 'ulp', inUlp(at(got), at(want), this.precision), accepted);
  }

  /** Reports the error of sums of n terms. A device may add in any order. */
  #reportSum(
    family: Family,
    operation: string,
    n: number,
    got: ArrayLike<number>,
    want: ArrayLike<number>,
    magnitude: ArrayLike<number>,
  ): void {
    const accepted = this.precision === 'float16' ? HALF_ROUNDINGS : Math.max(LEAST_BOUND[family], n / 8);
    this.#report(family, operation, 'epsilon', inEpsilon(got, want, magnitude, this.precision), accepted);
  }

  /** Numbers in [0, 1), the same at every run: a linear congruential generator is random enough for samples. */
  #random(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state / 2 ** 32;
  }

  /** Random numbers on the device, and the values that the device stored for them. */
  #floats(shape: readonly number[], from: number, to: number): [tensor: Tensor, held: Float32Array] {
    const values = Float32Array.from({ length: sizeOf(shape) }, () => from + (to - from) * this.#random());
    const tensor = this.#put(shape, values);
    return [tensor, Float32Array.from(this.#backend.readSync(tensor.memory))];
  }

  #put(shape: readonly number[], data: Float32Array | Int32Array): Tensor {
    const tensor = this.#alloc(shape, data instanceof Float32Array ? 'float32' : 'int32');
    this.#backend.write(tensor.memory, data);
    return tensor;
  }

  #result(shape: readonly number[], dtype: DType, compute: (out: Tensor) => void): TypedArray {
    const out = this.#alloc(shape, dtype);
    compute(out);
    return this.#backend.readSync(out.memory);
  }

  #alloc(shape: readonly number[], dtype: DType): Tensor {
    const tensor = { shape, dtype, memory: this.#backend.alloc(sizeOf(shape), dtype) };
    this.#tensors.push(tensor);
    return tensor;
  }
}

/** Runs the self-test on a backend, and frees all memory that the test took. */
export function selfTest(backend: Backend): DeviceReport {
  const test = new SelfTest(backend);
  try {
    test.elementwise();
    test.reductions();
    test.products();
    test.convolutions();
    test.integers();
  } finally {
    test.free();
  }
  const { operations, precision } = test;
  return { device: backend.name, precision, passed: operations.every(({ passed }) => passed), operations };
}

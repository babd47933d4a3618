/**
 * The self-test of a device's arithmetic: drivers differ in what they do to floats and integers, and a user with a
 * wrong result wants to know whether it is the device's. References are computed here in float64, straight from the
 * definitions. It knows backends by the seam alone.
 */
import type { Backend, BinaryOp, DType, Tensor, TypedArray, UnaryOp } from '../backend.js';
import { correlate } from './references.js';
import { type DeviceReport, type Family, inEpsilon, inUlp, type OperationReport, wrong } from './report.js';

export { type DeviceReport, type Family, type OperationReport, printDeviceReport } from './report.js';

const SAMPLES = 2048;

interface Elementwise<Op> {
  readonly op: Op;
  readonly from: number;
  readonly to: number;
  readonly bound: number;
}

/** The accepted errors are a few times what a correctly rounding machine reaches with the same formulas. */
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

/** What the error of a sum of n terms may be: the order of summation is the device's affair. */
const boundOfSum = (n: number): number => Math.max(8, n / 8);

class SelfTest {
  readonly operations: OperationReport[] = [];
  readonly #backend: Backend;
  readonly #tensors: Tensor[] = [];
  #state = 1;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  elementwise(): void {
    for (const { op, from, to, bound, want } of UNARY) {
      const x = this.#floats(SAMPLES, from, to);
      const got = this.#result([SAMPLES], 'float32', (out) => this.#backend.unary(op, this.#put([SAMPLES], x), out));
      this.#report('elementwise', op, 'ulp', inUlp(got, Array.from(x, want)), bound);
    }
    for (const { op, from, to, bound, want } of BINARY) {
      const [a, b] = [this.#floats(SAMPLES, from, to), this.#floats(SAMPLES, from, to)];
      const [x, y] = [this.#put([SAMPLES], a), this.#put([SAMPLES], b)];
      const got = this.#result([SAMPLES], 'float32', (out) => this.#backend.binary(op, x, y, out));
      this.#report(
        'elementwise',
        op,
        'ulp',
        inUlp(
          got,
          Array.from(a, (v, i) => want(v, b[i])),
        ),
        bound,
      );
    }
  }

  reductions(): void {
    const [rows, n] = [8, 5000];
    const x = this.#floats(rows * n, -1, 1);
    const tensor = this.#put([rows, n], x);
    const rowsOf = (of: (row: Float32Array) => number) =>
      Array.from({ length: rows }, (_, i) => of(x.subarray(i * n, (i + 1) * n)));
    const sum = rowsOf((row) => row.reduce((a, b) => a + b, 0));
    const magnitude = rowsOf((row) => row.reduce((a, b) => a + Math.abs(b), 0));
    const got = this.#result([rows], 'float32', (out) => this.#backend.reduce('sum', tensor, [1], out));
    this.#report('reductions', `sum of ${n}`, 'epsilon', inEpsilon(got, sum, magnitude), boundOfSum(n));
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
    this.#report('reductions', `softmax of ${n}`, 'epsilon', inEpsilon(softmax, want, want), boundOfSum(n));
  }

  products(): void {
    for (const [m, k, n] of [
      [5, 7, 3],
      [70, 300, 130],
    ]) {
      const [a, b] = [this.#floats(m * k, -1, 1), this.#floats(k * n, -1, 1)];
      const [x, y] = [this.#put([1, m, k], a), this.#put([1, k, n], b)];
      const got = this.#result([1, m, n], 'float32', (out) => this.#backend.matmul(x, y, out));
      const product = (of: (v: number) => number) =>
        Array.from({ length: m * n }, (_, e) => {
          const [i, j] = [Math.floor(e / n), e % n];
          return Array.from({ length: k }, (_, t) => of(a[i * k + t] * b[t * n + j])).reduce((p, q) => p + q, 0);
        });
      const error = inEpsilon(got, product(Number), product(Math.abs));
      this.#report('products', `matmul ${m}×${k}×${n}`, 'epsilon', error, boundOfSum(k));
    }
  }

  convolutions(): void {
    const [N, C, O, size, ksize] = [2, 6, 10, 13, 3];
    const geometry = { stride: [1, 1], pad: [1, 1], dilation: [1, 1], groups: 1 } as const;
    const shapes = { x: [N, C, size, size], w: [O, C, ksize, ksize], y: [N, O, size, size] };
    const measure = { N, C, O, size, ksize };
    const [x, w, y] = Object.values(shapes).map((shape) =>
      this.#floats(
        shape.reduce((a, b) => a * b),
        -1,
        1,
      ),
    );
    const [tx, tw, ty] = [this.#put(shapes.x, x), this.#put(shapes.w, w), this.#put(shapes.y, y)];
    const [exact, magnitude] = [Number, Math.abs].map((of) => correlate(measure, x, w, y, of));
    const check = (operation: string, which: 'x' | 'w' | 'y', terms: number, compute: (out: Tensor) => void) => {
      const got = this.#result(shapes[which], 'float32', compute);
      const error = inEpsilon(got, exact[which], magnitude[which]);
      this.#report('convolutions', operation, 'epsilon', error, boundOfSum(terms));
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

  /** Numbers in [0, 1), the same at every run: a linear congruential generator is random enough for samples. */
  #random(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state / 2 ** 32;
  }

  #floats(size: number, from: number, to: number): Float32Array {
    return Float32Array.from({ length: size }, () => from + (to - from) * this.#random());
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
    const memory = this.#backend.alloc(
      shape.reduce((a, b) => a * b, 1),
      dtype,
    );
    const tensor = { shape, dtype, memory };
    this.#tensors.push(tensor);
    return tensor;
  }
}

/** Runs the self-test on a backend; what it allocates it frees. */
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
  const { operations } = test;
  return { device: backend.name, passed: operations.every(({ passed }) => passed), operations };
}

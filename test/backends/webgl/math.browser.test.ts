/** How accurate the elementary functions are over their whole ranges, against float64. */
import { describe, expect, test } from 'vitest';
import type { UnaryOp } from '../../../src/backends/ops.js';
import { createWebglBackend } from '../../../src/backends/webgl/index.js';
import { erf, erfc } from '../../support/oracle/special-functions.js';

const backend = createWebglBackend();

/** Numbers in equal steps from a to b. */
const steps = (a: number, b: number, count = 3001) =>
  Float32Array.from({ length: count }, (_, i) => a + ((b - a) * i) / (count - 1));
/** Numbers in equal ratios from a to b, of both signs if so wished. */
const ratios = (a: number, b: number, signed = true, count = 1501) => {
  const positive = Array.from({ length: count }, (_, i) => a * (b / a) ** (i / (count - 1)));
  return Float32Array.from(signed ? [...positive, ...positive.map((x) => -x)] : positive);
};

interface Case {
  readonly x: Float32Array;
  readonly want: (x: number) => number;
  /** Largest error relative to max(|want|, floor). */
  readonly error?: number;
  readonly floor?: number;
}

/** Below this, GPUs may flush results to zero. */
const SMALLEST = 2 ** -126;

/** Functions with zeros away from 0 are compared absolutely: there the rounding of the argument rules. */
const CASES: Partial<Record<UnaryOp, Case>> = {
  exp: { x: steps(-87, 88.7), want: Math.exp },
  exp2: { x: steps(-126, 127.9), want: (x) => 2 ** x },
  expm1: { x: ratios(1e-30, 80), want: Math.expm1 },
  log: { x: ratios(1e-37, 1e38, false), want: Math.log },
  log2: { x: ratios(1e-37, 1e38, false), want: Math.log2 },
  log10: { x: ratios(1e-37, 1e38, false), want: Math.log10 },
  log1p: { x: ratios(1e-30, 0.999), want: Math.log1p },
  sin: { x: steps(-1000, 1000), want: Math.sin, floor: 1 },
  cos: { x: steps(-1000, 1000), want: Math.cos, floor: 1 },
  tan: { x: steps(-1.5, 1.5), want: Math.tan },
  arcsin: { x: steps(-1, 1), want: Math.asin },
  arccos: { x: steps(-1, 1), want: Math.acos },
  arctan: { x: ratios(1e-30, 1e30), want: Math.atan },
  sinh: { x: ratios(1e-30, 88), want: Math.sinh },
  cosh: { x: steps(-88, 88), want: Math.cosh },
  tanh: { x: ratios(1e-30, 20), want: Math.tanh },
  erf: { x: ratios(1e-30, 6), want: erf },
  erfc: { x: steps(-5, 9), want: erfc },
  sigmoid: { x: steps(-80, 80), want: (x) => 1 / (1 + Math.exp(-x)) },
  softplus: { x: steps(-80, 80), want: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) },
};

const put = (values: Float32Array) => {
  const memory = backend.alloc(values.length, 'float32');
  backend.write(memory, values);
  return { shape: [values.length], dtype: 'float32', memory } as const;
};

/** The largest error, and where. */
function worst(got: ArrayLike<number>, want: readonly number[], floor: number): { error: number; at: number } {
  const errors = want.map((w, i) => Math.abs(got[i] - w) / Math.max(Math.abs(w), floor));
  const error = Math.max(...errors);
  return { error, at: errors.indexOf(error) };
}

describe('unary', () => {
  test.each(Object.entries(CASES) as [UnaryOp, Case][])('%s', (op, { x, want, error = 1e-6, floor = SMALLEST }) => {
    const tensor = put(x);
    backend.unary(op, tensor, tensor);
    const { error: found, at } = worst(backend.readSync(tensor.memory), Array.from(x, want), floor);
    expect(found, `${op}(${x[at]})`).toBeLessThan(error);
    backend.free(tensor.memory);
  });
});

test('power', () => {
  const bases = ratios(1e-6, 1e6, false, 61);
  const exponents = steps(-6.3, 6.3, 47);
  const pairs = [...bases].flatMap((x) => [...exponents].map((y) => [x, y] as const));
  const [x, y] = [0, 1].map((side) => put(Float32Array.from(pairs, (pair) => pair[side])));
  backend.binary('power', x, y, x);
  const want = pairs.map(([a, b]) => a ** b);
  const { error, at } = worst(backend.readSync(x.memory), want, SMALLEST);
  expect(error, `${pairs[at]}`).toBeLessThan(1e-6);
});

test('remainders of large quotients are exact', () => {
  const pairs = [
    [1e6 + 0.375, 0.7],
    [1e10, 3],
    [1e30, 7],
    [123456.789, 1e-3],
    [2 ** 24, 0.1],
  ].map((pair) => pair.map(Math.fround));
  const [x, y] = [0, 1].map((side) => put(Float32Array.from(pairs, (pair) => pair[side])));
  backend.binary('fmod', x, y, x);
  const got = backend.readSync(x.memory);
  for (const [i, [a, b]] of pairs.entries()) expect(got[i]).toBe(Math.fround(a % b));
});

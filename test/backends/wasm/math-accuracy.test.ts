/**
 * How far float32 functions are from the truth, in units of the last place of the correctly rounded result. The oracle
 * is float64: JavaScript's Math, and series where it has no function. The arguments are every n-th bit pattern of
 * float32 (so all magnitudes, both signs, subnormals, infinities and NaN) and the neighbours of the edges.
 */
import { describe, expect, test } from 'vitest';
import type { UnaryOp } from '../../../src/backends/ops.js';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { erf, erfc } from '../../support/oracle/special-functions.js';

/** The distance of bit patterns: a prime, so that mantissas vary too. */
const STEP = 20_011;

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

const fromBits = (pattern: number): number => {
  bits[0] = pattern;
  return float[0];
};

/** The distance of float32 neighbours at |x|; subnormals are 2⁻¹⁴⁹ apart. */
function unitInLastPlace(x: number): number {
  float[0] = Math.abs(x);
  const exponent = Math.max(bits[0] >>> 23, 1);
  return 2 ** (Math.min(exponent, 254) - 150);
}

/** 2¹²⁸ for ∞: one unit above the largest number. */
const finite = (x: number) => (Math.abs(x) === Number.POSITIVE_INFINITY ? Math.sign(x) * 2 ** 128 : x);

/** The error in units of the last place. A NaN must be met by a NaN, and ∞ by ∞ or, if barely reached, its neighbour. */
function distance(got: number, want: number): number {
  if (Number.isNaN(want)) return Number.isNaN(got) ? 0 : Number.POSITIVE_INFINITY;
  if (got === want || (got === Math.fround(want) && !Number.isFinite(got))) return 0;
  return Math.abs(finite(got) - finite(want)) / unitInLastPlace(want);
}

/** The bounds that the kernels' docstrings bound, and where on the line they were asked for. */
interface Bound {
  readonly of: (x: number) => number;
  readonly ulp: number;
  /** Arguments beyond this are not asked for. */
  readonly within?: number;
  readonly edges?: readonly number[];
}

const LARGEST = 3.4028234663852886e38;
const TINIEST = 2 ** -149;
const NORMAL = 2 ** -126;

const BOUNDS: Partial<Record<UnaryOp, Bound>> = {
  exp: { of: Math.exp, ulp: 1, edges: [88.7228, 88.72284, -87.33654, -87.33655, -103.27, -103.9721, -103.98, -104] },
  exp2: { of: (x) => 2 ** x, ulp: 1, edges: [127.99999, 128, -126, -126.00001, -148.9, -149, -149.5, -150, -151] },
  log: { of: Math.log, ulp: 1, edges: [0.99999994, 1.0000001, Math.SQRT1_2, Math.SQRT2] },
  log2: { of: Math.log2, ulp: 1.5, edges: [0.99999994, 1.0000001, 0.5, 2, 1024, TINIEST, NORMAL] },
  log10: { of: Math.log10, ulp: 1, edges: [0.99999994, 1.0000001, 10, 1000] },
  sigmoid: { of: (x) => 1 / (1 + Math.exp(-x)), ulp: 2.5, edges: [-88.7, -103, -104, 17, 16.7] },
  tanh: { of: Math.tanh, ulp: 1.5, edges: [0.625, 0.62499994, -0.625, 9.01, 9.02, 20] },
  softplus: {
    of: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    ulp: 2,
    edges: [-88.7, -103, -104, 17, 16.7],
  },
  sqrt: { of: Math.sqrt, ulp: 0.5001 },
  rsqrt: { of: (x) => 1 / Math.sqrt(x), ulp: 1.5 },
  reciprocal: { of: (x) => 1 / x, ulp: 0.5001 },
  expm1: { of: Math.expm1, ulp: 0.501 },
  log1p: { of: Math.log1p, ulp: 0.501, edges: [-0.99999994, -1] },
  sin: { of: Math.sin, ulp: 0.501, within: 2 ** 30 },
  cos: { of: Math.cos, ulp: 0.501, within: 2 ** 30 },
  tan: { of: Math.tan, ulp: 0.501, within: 2 ** 30 },
  arcsin: { of: Math.asin, ulp: 0.501, edges: [0.99999994, -0.99999994] },
  arccos: { of: Math.acos, ulp: 0.501, edges: [0.99999994, -0.99999994] },
  arctan: { of: Math.atan, ulp: 0.501 },
  sinh: { of: Math.sinh, ulp: 0.501 },
  cosh: { of: Math.cosh, ulp: 0.501 },
  erf: { of: erf, ulp: 0.501, edges: [0.75, 0.74999994, 5.99, 6.01] },
  erfc: { of: erfc, ulp: 0.501, within: 10, edges: [0.5, 0.49999997, -6, 10.05] },
};

/** What every function is asked besides the patterns. */
const EDGES = [0, -0, 1, -1, TINIEST, -TINIEST, NORMAL, -NORMAL, LARGEST, -LARGEST, Infinity, -Infinity, Number.NaN];

const neighbours = (x: number): number[] => {
  float[0] = x;
  const pattern = bits[0];
  return [fromBits(pattern - 1), fromBits(pattern), fromBits(pattern + 1)];
};

function argumentsFor({ within = Number.POSITIVE_INFINITY, edges = [] }: Bound): Float32Array {
  const values = [...EDGES, ...edges.flatMap((x) => neighbours(x))];
  for (let pattern = 0; pattern < 2 ** 32; pattern += STEP) values.push(fromBits(pattern));
  // Most functions do something only where |x| is neither tiny nor huge.
  for (let i = 0; i < 40_000; i++) values.push(-120 + i * 0.006, -2 + i * 1e-4);
  return Float32Array.from(values.filter((x) => !(Math.abs(x) > within && Math.abs(x) < Infinity)));
}

describe('float32 accuracy on wasm', () => {
  const backend = createWasmBackend();

  test.each(Object.entries(BOUNDS) as [UnaryOp, Bound][])('%s', (op, bound) => {
    const x = argumentsFor(bound);
    const shape = [x.length];
    const memory = backend.alloc(x.length, 'float32');
    backend.write(memory, x);
    const tensor = { shape, dtype: 'float32', memory } as const;
    backend.unary(op, tensor, tensor);
    const got = backend.readSync(memory);
    backend.free(memory);

    let worst = { error: 0, x: 0, got: 0, want: 0 };
    for (let i = 0; i < x.length; i++) {
      const want = bound.of(x[i]);
      const error = distance(got[i], want);
      if (!(error <= worst.error)) worst = { error, x: x[i], got: got[i], want };
    }
    expect(worst.error, JSON.stringify(worst)).toBeLessThanOrEqual(bound.ulp);
  });
});

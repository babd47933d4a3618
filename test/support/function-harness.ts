/**
 * The harness for every differentiable function: forward against an oracle in float64, gradients and gradients of
 * gradients against finite differences, and float32 gradients of every backend against the float64 ones.
 */
import { describe, expect, it } from 'vitest';
import { checkBackward, checkDoubleBackward } from '../../src/core/gradient-check.js';
import type { GraphFunction } from '../../src/core/variable.js';
import { grad, type NDArray, scope, usingHook, Variable } from '../../src/index.js';
import { type DeviceName, getDevice, init, usingDevice } from '../../src/ndarray/device.js';
import { type DType, isFloating } from '../../src/ndarray/dtype.js';
import { fromHost } from '../../src/ndarray/ndarray.js';
import { RandomState } from '../../src/ndarray/random-state.js';
import { sizeOf } from '../../src/ndarray/shape.js';
import { Storage } from '../../src/ndarray/storage.js';

/** An input of a case: a shape filled with standard normal numbers, or explicit values. */
export type CaseInput =
  | readonly number[]
  | { shape: readonly number[]; values: ArrayLike<number>; dtype?: DType }
  | { shape: readonly number[]; uniform: readonly [low: number, high: number] }
  | { shape: readonly number[]; draw: (rng: RandomState) => number };

/** An array as oracles see it: float64 values, row-major. */
export interface HostValues {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** One function with one list of inputs. */
export interface FunctionCase {
  /** What the case is about. */
  name: string;
  fn: (...inputs: Variable[]) => Variable | readonly Variable[];
  inputs: readonly CaseInput[];
  /** The result of fn, written naively: one array, or several. Left out if fixtures are the oracle. */
  forward?: (...inputs: HostValues[]) => HostValues | readonly HostValues[];
  /** Inputs without a gradient, by place. Integers never have one. */
  noGrads?: readonly boolean[];
  /** `false` for functions that are not differentiable, or not twice. Default both. */
  backward?: boolean;
  doubleBackward?: boolean;
  /** Tolerance of float32 results, relative to the largest element. Default 1e-5. */
  tolerance?: number;
  /** Step and tolerances of the finite differences. Defaults 1e-3 (or smaller near kinks), 1e-5, 1e-4. */
  eps?: number;
  atol?: number;
  rtol?: number;
  /** Devices to run on. Default: all there are. */
  devices?: readonly DeviceName[];
}

const inBrowser = typeof document !== 'undefined';
if (inBrowser) {
  await init({ device: 'webgl' });
  await init({ device: 'wasm' });
}
const DEVICES: readonly DeviceName[] = inBrowser ? ['wasm', 'webgl'] : ['wasm'];

function materialize(input: CaseInput, rng: RandomState): HostValues & { dtype: DType } {
  if (!('shape' in input)) {
    return { shape: input, values: rng.standardNormal(sizeOf(input)), dtype: 'float64' };
  }
  const { shape } = input;
  if ('values' in input) return { shape, values: Float64Array.from(input.values), dtype: input.dtype ?? 'float64' };
  const draw = 'uniform' in input ? () => rng.uniform(...input.uniform) : () => input.draw(rng);
  return { shape, values: Float64Array.from({ length: sizeOf(shape) }, draw), dtype: 'float64' };
}

function place({ shape, values, dtype }: HostValues & { dtype: DType }, float: 'float32' | 'float64'): NDArray {
  const target = isFloating(dtype) ? float : dtype;
  return fromHost(values, shape, 'float64', getDevice('wasm')).astype(target).toDevice(getDevice().name);
}

function listOf<T>(result: T | readonly T[]): readonly T[] {
  return Array.isArray(result) ? result : [result as T];
}

function expectNear(got: NDArray, want: HostValues, tolerance: number, what: string): void {
  expect(got.shape, what).toEqual([...want.shape]);
  const finite = want.values.filter(Number.isFinite).map(Math.abs);
  const bound =
    tolerance *
    Math.max(
      1,
      finite.reduce((a, b) => Math.max(a, b), 0),
    );
  const data = got.dataSync();
  const wrong: string[] = [];
  want.values.forEach((w, i) => {
    const g = data[i];
    const same = g === w || (Number.isNaN(g) && Number.isNaN(w)) || Math.abs(g - w) <= bound;
    if (!same && wrong.length < 5) wrong.push(`${what}[${i}]: got ${g}, expected ${w}, accepted ${bound}`);
  });
  expect(wrong).toEqual([]);
}

/** A constant of a test (labels, a mask, a condition), where the case runs: constants are made on wasm. */
export function onDefaultDevice(constant: NDArray): NDArray {
  const { name, dtypes } = getDevice();
  return (dtypes.includes(constant.dtype) ? constant : constant.astype('float32')).toDevice(name);
}

/** Runs one case on every backend. */
export function checkFunction(test: FunctionCase): void {
  const { fn, noGrads = [], backward = true, doubleBackward = backward, tolerance = 1e-5 } = test;
  const { eps = 1e-3, atol = 1e-5, rtol = 1e-4, devices = DEVICES } = test;
  const hostInputs = () => {
    const rng = new RandomState(20261123);
    return { rng, hosts: test.inputs.map((input) => materialize(input, rng)) };
  };

  describe(test.name, () => {
    if (test.forward) {
      const { forward } = test;
      for (const device of DEVICES.filter((d) => devices.includes(d))) {
        for (const dtype of ['float32', 'float64'] as const) {
          if (!getDevice(device).dtypes.includes(dtype)) continue;
          it(`forward, ${device} ${dtype}`, () =>
            usingDevice(device, () =>
              scope(null, () => {
                const { hosts } = hostInputs();
                // The oracle sees what the device sees: rounded to the dtype.
                const seen = hosts.map((h) => ({
                  ...h,
                  values: dtype === 'float32' ? Float64Array.from(Float32Array.from(h.values)) : h.values,
                }));
                const outputs = listOf(fn(...hosts.map((h) => new Variable(place(h, dtype)))));
                const wanted = listOf<HostValues>(forward(...seen));
                expect(outputs.length).toBe(wanted.length);
                for (const [k, y] of outputs.entries()) {
                  expectNear(y.array, wanted[k], dtype === 'float32' ? tolerance : 1e-9, `y${k}`);
                }
              }),
            ));
        }
      }
    }
    const options = { eps, atol, rtol, noGrads };
    if (backward) {
      it('backward against finite differences', () => {
        const { hosts, rng } = hostInputs();
        checkBackward(
          fn,
          hosts.map((h) => place(h, 'float64')),
          null,
          { ...options, rng },
        );
      });
      for (const device of DEVICES.filter((d) => devices.includes(d))) {
        it(`float32 gradients, ${device}`, () => {
          const wanted = gradients(test, 'wasm', 'float64', hostInputs());
          const got = gradients(test, device, 'float32', hostInputs());
          got.forEach((g, k) => {
            const want = wanted[k];
            expect(g === null, `gradient ${k} exists`).toBe(want === null);
            if (!g || !want) return;
            expectNear(g, { shape: want.shape, values: want.dataSync() as Float64Array }, 10 * tolerance, `gx${k}`);
          });
        });
      }
    }
    if (doubleBackward) {
      it('double backward against finite differences', () => {
        const { hosts, rng } = hostInputs();
        const inputs = hosts.map((h) => place(h, 'float64'));
        const shapes = listOf(fn(...inputs.map((x) => new Variable(x)))).map((y) => y.shape);
        const gys = shapes.map((shape) => fromHost(rng.normal(0, 1, sizeOf(shape)), shape, 'float64'));
        expectSaving(() => checkDoubleBackward(fn, inputs, gys, null, { ...options, rng }));
      });
    }
  });
}

/** Runs `run`, and refuses functions of the library that keep the temporaries of their forward, since they do not call `save`. */
function expectSaving<T>(run: () => T): T {
  const keepers = new Set<string>();
  const noteKeeper = (fn: GraphFunction) => {
    if (fn.retained.some((value) => value instanceof Storage)) keepers.add(fn.label);
  };
  const result = usingHook({ name: 'saving', forwardPostprocess: noteKeeper }, run);
  expect([...keepers], 'functions whose forward makes temporaries and does not call save').toEqual([]);
  return result;
}

/** The gradients of all inputs for random output gradients, the same for every device. */
function gradients(
  { fn, noGrads = [] }: FunctionCase,
  device: DeviceName,
  dtype: 'float32' | 'float64',
  { hosts, rng }: { hosts: readonly (HostValues & { dtype: DType })[]; rng: RandomState },
): (NDArray | null)[] {
  return usingDevice(device, () =>
    scope(null, () => {
      const xs = hosts.map((h) => new Variable(place(h, dtype)));
      const ys = listOf(expectSaving(() => fn(...xs))).filter((y) => y.creator !== null);
      const gys = ys.map(
        (y) => new Variable(place({ shape: y.shape, values: rng.normal(0, 1, y.size), dtype: 'float64' }, dtype)),
      );
      const wanted = xs.filter((x, i) => x.requiresGrad && !(noGrads[i] ?? false));
      return grad(ys, wanted, { gradOutputs: gys }).map((g) => g?.array ?? null);
    }),
  );
}

/** `gradientCheck`: compares backward with finite differences of forward, in float64. */

import { GradientError } from '../errors.js';
import { scope } from '../ndarray/lifetime.js';
import { fromHost } from '../ndarray/ndarray.js';
import { array, astype, NDArray, random } from '../ndarray/np.js';
import { checkOptions } from '../options.js';
import { grad } from './backprop.js';
import { usingConfig } from './config.js';
import { Variable } from './variable.js';

/** A function to check: it takes variables and returns one or several. */
export type Checked = (...inputs: Variable[]) => Variable | readonly Variable[];

/** Options of the checks. */
export interface CheckOptions {
  /** Variables, such as a link's parameters, that are checked besides the inputs. */
  params?: readonly Variable[];
  /** Step of the differences. Default 1e-3. */
  eps?: number;
  /** The absolute tolerance: |numerical − computed| ≤ atol + rtol·|numerical| passes. Default 1e-5. */
  atol?: number;
  /** The relative tolerance; see {@link atol}. Default 1e-4. */
  rtol?: number;
  /** True at the positions of inputs that are not differentiated. Integers never are. */
  noGrads?: readonly boolean[];
  /** The random numbers that directions are drawn from. Default np.random. */
  rng?: random.RandomStream;
}

/**
 * Gradients of Σ f(inputs)·gradOutputs by central differences, element by element: (f(x+eps) − f(x−eps)) / 2eps. The
 * inputs are changed and restored. Follows chainer.gradient_check.numerical_grad.
 */
export function numericalGrad(
  f: () => readonly NDArray[],
  inputs: readonly NDArray[],
  gradOutputs: readonly (NDArray | null)[],
  eps = 1e-3,
): NDArray[] {
  const weights = gradOutputs.map((g) => g?.dataSync() ?? null);
  return inputs.map((x) => {
    const data = x.dataSync();
    const gradient = new Float64Array(data.length);
    for (let i = 0; i < data.length; i++) {
      const value = data[i];
      const at = (shifted: number) => {
        data[i] = shifted;
        x.set(data);
        return scope(null, () => weightedSum(f(), weights));
      };
      gradient[i] = (at(value + eps) - at(value - eps)) / (2 * eps);
      data[i] = value;
      x.set(data);
    }
    return fromHost(gradient, x.shape, 'float64', x.device.dtypes.includes('float64') ? x.device : undefined);
  });
}

/** Σ y·w over all outputs, in double precision on the host. */
function weightedSum(outputs: readonly NDArray[], weights: readonly (ArrayLike<number> | null)[]): number {
  let sum = 0;
  outputs.forEach((y, k) => {
    const weight = weights[k];
    if (!weight) return;
    const values = y.dataSync();
    for (let i = 0; i < values.length; i++) sum += values[i] * weight[i];
  });
  return sum;
}

/** One array, or a list of them, as a list. */
function listOf<T extends NDArray | null>(arrays: NDArray | readonly T[]): readonly (NDArray | T)[] {
  return arrays instanceof NDArray ? [arrays] : arrays;
}

function outputsOf(result: Variable | readonly Variable[]): readonly Variable[] {
  return result instanceof Variable ? [result] : result;
}

/**
 * Checks backward along a random direction d: (Σ f(x + eps·d)·gy − Σ f(x − eps·d)·gy) / 2eps must equal Σ gx·d. Everything is
 * computed in float64. Missing `gradOutputs` are drawn at random. Follows chainer.gradient_check.check_backward.
 *
 * @throws GradientError with both numbers if they differ.
 */
export function checkBackward(
  f: Checked,
  inputs: NDArray | readonly NDArray[],
  gradOutputs: NDArray | readonly (NDArray | null)[] | null = null,
  options: CheckOptions = {},
): void {
  checkOptions('checkBackward', options, { params: 1, eps: 1, atol: 1, rtol: 1, noGrads: 1, rng: 1 });
  const { eps = 1e-3, atol = 1e-5, rtol = 1e-4, noGrads = [], rng = random.defaultState() } = options;
  const params = [...new Set(options.params)];
  const wanted = gradOutputs && listOf(gradOutputs);
  scope(params, () => {
    const xs = listOf(inputs).map((x) => (x.dtype === 'float32' ? astype(x, 'float64') : array(x)));
    const variables = xs.map((x) => new Variable(x));
    const checked = [
      ...variables.filter((v, i) => v.requiresGrad && !(noGrads[i] ?? false)),
      ...params.filter((p) => p.isInitialized),
    ];
    const outputs = outputsOf(usingConfig('enableBackprop', true, () => f(...variables)));
    const weights = outputs.map((y, k) => {
      const given = wanted?.[k];
      if (wanted && !given) return null;
      return given ? astype(given, y.dtype) : fromHost(rng.normal(0, 1, y.size), y.shape, 'float64').astype(y.dtype);
    });
    const seeds = weights.map((w) => w && new Variable(w));
    const used = outputs.flatMap((y, k) => (seeds[k] && y.requiresGrad ? [k] : []));
    const gradients = grad(
      used.map((k) => outputs[k]),
      checked,
      { gradOutputs: used.map((k) => seeds[k]) },
    );
    const directions = directionsFor(checked, rng);
    const computed = gradients.reduce((sum, g, k) => sum + (g ? weightedSum([g.array], [directions[k]]) : 0), 0);
    const hostWeights = weights.map((w) => w?.dataSync() ?? null);
    const shifted = (step: number) => {
      const before = checked.map((v) => v.dataSync());
      for (const [k, v] of checked.entries()) v.array.set(before[k].map((value, i) => value + step * directions[k][i]));
      const value = usingConfig('enableBackprop', true, () =>
        weightedSum(
          outputsOf(f(...variables)).map((y) => y.array),
          hostWeights,
        ),
      );
      for (const [k, v] of checked.entries()) v.array.set(before[k]);
      return value;
    };
    const numerical = (shifted(eps) - shifted(-eps)) / (2 * eps);
    if (!(Math.abs(numerical - computed) <= atol + rtol * Math.abs(numerical))) {
      throw new GradientError(
        `checkBackward: backward gives ${computed}, finite differences give ${numerical} ` +
          `(difference ${Math.abs(numerical - computed)}, accepted ${atol} + ${rtol}·|numerical|)`,
      );
    }
  });
}

/** A direction over all variables, of length 1. No component is near zero, so every element counts. */
function directionsFor(variables: readonly Variable[], rng: random.RandomStream): Float64Array[] {
  const parts = variables.map((v) =>
    rng.normal(0, 1, v.size).map((d) => Math.sign(d || 1) * Math.max(Math.abs(d), 0.1)),
  );
  const norm = Math.sqrt(parts.reduce((sum, part) => sum + part.reduce((s, d) => s + d * d, 0), 0)) || 1;
  return parts.map((part) => part.map((d) => d / norm));
}

/**
 * Checks the gradients of gradients: it runs {@link checkBackward} on the function that maps inputs and gradients of outputs to
 * gradients of inputs. Follows chainer.gradient_check.check_double_backward.
 *
 * @throws GradientError if they differ.
 */
export function checkDoubleBackward(
  f: Checked,
  inputs: NDArray | readonly NDArray[],
  gradOutputs: NDArray | readonly NDArray[],
  gradGradInputs: NDArray | readonly (NDArray | null)[] | null = null,
  options: CheckOptions = {},
): void {
  checkOptions('checkDoubleBackward', options, { params: 1, eps: 1, atol: 1, rtol: 1, noGrads: 1, rng: 1 });
  const { noGrads = [] } = options;
  const params = [...new Set(options.params)];
  const xs = listOf(inputs);
  const n = xs.length;
  const first: Checked = (...args) => {
    const [variables, gys] = [args.slice(0, n), args.slice(n)];
    const ys = outputsOf(f(...variables));
    const wanted = [...variables.filter((x, i) => x.requiresGrad && !(noGrads[i] ?? false)), ...params];
    const gxs = grad(ys, wanted, { gradOutputs: gys, enableDoubleBackprop: true });
    return gxs.filter((g) => g !== null);
  };
  checkBackward(first, [...xs, ...listOf(gradOutputs)], gradGradInputs, { ...options, noGrads: [...noGrads] });
}

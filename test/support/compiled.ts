/** Compares compiled models with the models themselves. */
import { expect } from 'vitest';
import {
  type CompiledModel,
  type CompileOptions,
  compile,
  noBackpropMode,
  type np,
  scope,
  usingConfig,
  Variable,
  type VariableLike,
} from '../../src/index.js';

type Inputs<A extends readonly unknown[]> = { -readonly [K in keyof A]: VariableLike };

/** All arrays of a result, in order. */
function arraysOf(value: unknown): np.NDArray[] {
  if (value instanceof Variable) return [value.array];
  if (typeof value !== 'object' || value === null) return [];
  if ('storage' in value) return [value as np.NDArray];
  return Object.values(value).flatMap(arraysOf);
}

/**
 * Compiles and expects what the target gives in test mode, twice: relative to the largest element of each result. Returns the
 * compiled model.
 */
export function expectLikeModel<const A extends readonly VariableLike[], R>(
  target: (...inputs: Inputs<A>) => R,
  inputs: A,
  options: CompileOptions & { tolerance?: number } = {},
): CompiledModel<A, R> {
  const { tolerance = 2e-5, ...rest } = options;
  const args = [...inputs] as Inputs<A>;
  // First by compiling: what a model initializes at its first call is not to be freed by the scope below.
  const predict = compile(target, inputs, rest);
  const wanted = scope(null, () =>
    usingConfig('train', false, () => noBackpropMode(() => arraysOf(target(...args)))).map((y) => ({
      type: [y.dtype, ...y.shape],
      values: y.dataSync(),
    })),
  );
  for (let run = 0; run < 2; run++) {
    scope(null, () => {
      const got = arraysOf(predict(...args));
      expect(got.map(({ shape, dtype }) => [dtype, ...shape])).toEqual(wanted.map(({ type }) => type));
      for (const [i, want] of wanted.entries()) expectClose(got[i].dataSync(), want.values, tolerance, `result ${i}`);
    });
  }
  return predict;
}

/** Expects elements within a part of the largest. NaN is where NaN is. */
function expectClose(got: ArrayLike<number>, want: ArrayLike<number>, tolerance: number, what: string): void {
  let largest = 1e-3;
  for (let i = 0; i < want.length; i++) if (Number.isFinite(want[i])) largest = Math.max(largest, Math.abs(want[i]));
  for (let i = 0; i < want.length; i++) {
    if (Object.is(got[i], want[i])) continue;
    const error = Math.abs(got[i] - want[i]) / largest;
    if (!(error <= tolerance)) expect.fail(`${what}, element ${i}: ${got[i]} for ${want[i]} (largest ${largest})`);
  }
}

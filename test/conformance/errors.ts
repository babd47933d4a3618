/** The `errors` group: calls that must be refused. Any typed error of the library passes, with any message. */
import { np, RensaError, Variable } from 'rensa';
import type { DType } from '../../src/backends/primitives.js';
import { Mismatch } from './compare.js';
import { callFunction } from './function-cases.js';
import type { Case, Group } from './group.js';
import { bindCall, parametersOf } from './signatures.js';

interface Zeros {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

interface ErrorCase extends Case {
  readonly inputs: readonly (Zeros | readonly Zeros[])[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

function zeros({ shape, dtype }: Zeros): Variable | np.NDArray {
  const array = np.zeros(shape, dtype);
  return np.isFloating(dtype) ? new Variable(array) : array;
}

const isList = (input: Zeros | readonly Zeros[]): input is readonly Zeros[] => Array.isArray(input);

/** Runs one case. */
export function runErrorCase(_group: Group, testCase: Case): void {
  const { op, inputs, kwargs } = testCase as ErrorCase;
  const names = parametersOf(op);
  const values = inputs.map((input) => (isList(input) ? input.map(zeros) : zeros(input)));
  const given = new Map<string, unknown>(values.map((value, i) => [names[i] ?? `input ${i}`, value]));
  const { name, args } = bindCall(op, given, new Map(Object.entries(kwargs)));
  try {
    callFunction(name, args);
  } catch (error) {
    if (error instanceof RensaError) return;
    throw error;
  }
  throw new Mismatch(`F.${name} accepted what it must refuse`);
}

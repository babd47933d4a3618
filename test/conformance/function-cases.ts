/**
 * The `functions_*` groups: one call of a function, its outputs, and its gradients for a given upstream gradient.
 * signatures.ts says how a call of Chainer is written in Rensa.
 */
import { grad, np, usingConfig, Variable } from 'rensa';
import { compare, Mismatch, type Values } from './compare.js';
import type { ArrayEntry, Case, Group } from './group.js';
import { call } from './library.js';
import { bindCall } from './signatures.js';

interface InputEntry extends ArrayEntry {
  readonly name: string;
  readonly dtype: string;
  readonly arg?: string;
  readonly index?: number;
}

interface OutputEntry extends ArrayEntry {
  readonly name: string;
  readonly upstream?: string;
}

export interface FunctionCase extends Case {
  readonly inputs: readonly InputEntry[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly outputs: readonly OutputEntry[];
  readonly gradients?: readonly (ArrayEntry & { readonly wrt: string })[];
  readonly updates?: readonly (ArrayEntry & { readonly of: string })[];
  readonly config?: { readonly train?: boolean };
}

/** A function's result: one array or several. */
type Result = Variable | np.NDArray;

/** A finished call, with everything that its results are judged by. */
export interface MadeCall {
  readonly inputs: ReadonlyMap<string, Result>;
  readonly kwargs: ReadonlyMap<string, unknown>;
  readonly outputs: readonly Result[];
}

/** The values of a result, read back from the device. */
export function valuesOf(result: Result): Values {
  return { shape: result.shape, dtype: result.dtype, data: result.dataSync() };
}

/** One entry of `kwargs.slices`, as an index. */
function indexOf(item: Readonly<Record<string, unknown>>, arrays: ReadonlyMap<string, unknown>): unknown {
  if ('int' in item) return item.int;
  if ('newaxis' in item) return null;
  if ('ellipsis' in item) return '...';
  if ('list' in item) return item.list;
  if ('array' in item) return arrays.get(String(item.array));
  if ('mask' in item) return arrays.get(String(item.mask));
  const [start, stop, step] = item.slice as [number | null, number | null, number | null];
  return np.slice(start, stop, step ?? 1);
}

/** Numbers that JSON cannot write are strings. */
const UNWRITABLE: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** Dtypes that devices lack, with the dtypes that replace them. */
const HELD_AS: Readonly<Record<string, string>> = {
  int8: 'int32',
  int16: 'int32',
  int64: 'int32',
  uint16: 'int32',
  uint32: 'int32',
  float16: 'float32',
};

function isArrayReference(value: unknown): value is { $array: string } {
  return typeof value === 'object' && value !== null && '$array' in value;
}

/** The keyword arguments, with arrays in the place of their names and indices in the place of their descriptions. */
function readKwargs(group: Group, testCase: FunctionCase): Map<string, unknown> {
  const kwargs = new Map<string, unknown>();
  for (const [name, value] of Object.entries(testCase.kwargs ?? {})) {
    if (isArrayReference(value)) kwargs.set(name, group.array(testCase.name, { name: value.$array }));
    else kwargs.set(name, typeof value === 'string' ? (UNWRITABLE[value] ?? HELD_AS[value] ?? value) : value);
  }
  const slices = kwargs.get('slices');
  if (Array.isArray(slices)) {
    const arrays = new Map(kwargs);
    const items = slices as Readonly<Record<string, unknown>>[];
    kwargs.set(
      'slices',
      items.map((item) => indexOf(item, arrays)),
    );
    for (const item of items) for (const used of [item.array, item.mask]) kwargs.delete(String(used));
  }
  return kwargs;
}

/** Inputs by parameter; those of one list parameter are gathered in a list. */
function byParameter(testCase: FunctionCase, inputs: ReadonlyMap<string, Result>): Map<string, unknown> {
  const parameters = new Map<string, unknown>();
  for (const { name, arg = name, index } of testCase.inputs) {
    if (index === undefined) {
      parameters.set(arg, inputs.get(name));
    } else {
      const list = parameters.get(arg);
      parameters.set(arg, [...(Array.isArray(list) ? list : []), inputs.get(name)]);
    }
  }
  return parameters;
}

/** Calls a function of `F` by name. */
export function callFunction(name: string, args: readonly unknown[]): Result[] {
  const result = call(`F.${name}`, ...args);
  return (Array.isArray(result) ? result : [result]).map((item: unknown) => {
    if (item instanceof Variable || item instanceof np.NDArray) return item;
    throw new Mismatch(`F.${name} returned ${String(item)}, which is not an array`);
  });
}

/** Makes the call that a case describes: floating inputs are variables, others plain arrays. */
export function makeCall(group: Group, testCase: FunctionCase): MadeCall {
  const inputs = new Map<string, Result>();
  for (const entry of testCase.inputs) {
    const array = group.array(testCase.name, entry);
    inputs.set(entry.name, np.isFloating(array.dtype) ? new Variable(array) : array);
  }
  const kwargs = readKwargs(group, testCase);
  const { name, args } = bindCall(testCase.op, byParameter(testCase, inputs), kwargs);
  const outputs = usingConfig('train', testCase.config?.train ?? true, () => callFunction(name, args));
  if (outputs.length !== testCase.outputs.length) {
    throw new Mismatch(`F.${name} returned ${outputs.length} arrays instead of ${testCase.outputs.length}`);
  }
  return { inputs, kwargs, outputs };
}

/** An input of the call as a variable. Only variables have gradients. */
export function inputVariable({ inputs }: MadeCall, name: string): Variable {
  const input = inputs.get(name);
  if (!(input instanceof Variable)) throw new Mismatch(`input '${name}' takes no gradient`);
  return input;
}

/** The outputs that have an upstream gradient, and those gradients. */
export function upstreams(group: Group, testCase: FunctionCase, made: MadeCall): { ys: Variable[]; gys: Variable[] } {
  const ys: Variable[] = [];
  const gys: Variable[] = [];
  testCase.outputs.forEach(({ name, upstream }, i) => {
    const y = made.outputs[i];
    if (upstream === undefined) return;
    if (!(y instanceof Variable)) throw new Mismatch(`output '${name}' is not a variable`);
    ys.push(y);
    gys.push(new Variable(group.array(testCase.name, { name: upstream })));
  });
  return { ys, gys };
}

/** Compares outputs, then updated arguments. */
export function compareOutputs(group: Group, testCase: FunctionCase, made: MadeCall): void {
  const tolerance = group.tolerance(testCase);
  testCase.outputs.forEach((entry, i) => {
    compare(entry.name, valuesOf(made.outputs[i]), group.host(testCase.name, entry), tolerance);
  });
  for (const entry of testCase.updates ?? []) {
    const updated = made.kwargs.get(entry.of);
    if (!(updated instanceof np.NDArray)) throw new Mismatch(`argument '${entry.of}' is not an array`);
    compare(`${entry.of} afterwards`, valuesOf(updated), group.host(testCase.name, entry), tolerance);
  }
}

/** Compares gradients with those that the manifest lists; a null name means that there is none. */
export function compareGradients(
  group: Group,
  testCase: Case,
  entries: readonly (ArrayEntry & { readonly wrt: string })[],
  gradients: readonly (Variable | null)[],
): void {
  entries.forEach((entry, i) => {
    const gradient = gradients[i];
    const what = `gradient of ${entry.wrt}`;
    if (entry.name === null) {
      if (gradient) throw new Mismatch(`${what}: there is one, but none should flow`);
    } else if (gradient) {
      compare(what, valuesOf(gradient), group.host(testCase.name, entry), group.tolerance(testCase));
    } else {
      throw new Mismatch(`${what}: there is none`);
    }
  });
}

/** Runs one case of a `functions_*` group. */
export function runFunctionCase(group: Group, testCase: Case): void {
  const functionCase = testCase as FunctionCase;
  const made = makeCall(group, functionCase);
  compareOutputs(group, functionCase, made);
  const entries = functionCase.gradients ?? [];
  const { ys, gys } = upstreams(group, functionCase, made);
  if (ys.length === 0) return;
  const xs = entries.map(({ wrt }) => inputVariable(made, wrt));
  compareGradients(group, functionCase, entries, grad(ys, xs, { gradOutputs: gys }));
}

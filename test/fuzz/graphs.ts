/**
 * The fuzzer of graphs: random graphs over all operators, with hostile sizes and attributes. Each is loaded, run
 * beside canaries, computed again node by node, and written as ONNX again. Both ways must give equal results.
 */
import fc from 'fast-check';
import { Budget } from '../../src/formats/limits.js';
import { parseOnnx } from '../../src/formats/onnx/parse.js';
import { interpret } from '../../src/graph/onnx/interpret.js';
import { type LoadedOnnx, readOnnx } from '../../src/graph/onnx/load.js';
import { LoadingCosts } from '../../src/graph/onnx/loading-costs.js';
import { getDevice, init } from '../../src/ndarray/device.js';
import { scope } from '../../src/ndarray/lifetime.js';
import type { NDArray } from '../../src/ndarray/ndarray.js';
import type { TypedArray } from '../../src/ndarray/np.js';
import { formatShape } from '../../src/ndarray/shape.js';
import { type GraphCase, nodeOf } from './graph-case.js';
import { arrayOf, type Built, build } from './graph-model.js';
import { OPERATOR_CASES } from './graph-operators.js';
import { drawn, Finding, type Outcome, refusedOr, type Target } from './target.js';

const anyNode = fc.constantFrom(...Object.keys(OPERATOR_CASES)).chain((op) => nodeOf(op, OPERATOR_CASES[op]));

const anyGraph: fc.Arbitrary<GraphCase> = fc.record({
  opset: fc.constantFrom(7, 9, 10, 11, 12, 13, 13, 17, 18, 18, 18, 21, 24),
  nodes: fc.oneof(
    { arbitrary: fc.array(anyNode, { minLength: 1, maxLength: 1 }), weight: 2 },
    { arbitrary: fc.array(anyNode, { minLength: 2, maxLength: 5 }), weight: 1 },
  ),
  rewritten: fc.constantFrom(false, false, false, true),
  isTight: fc.constantFrom(true, true, true, true, true, true, false),
});

/** Operators with undefined results, and operators that magnify rounding. Their results are not compared. */
const NOT_COMPARED =
  /^(Random|Dropout|Arg|Floor|Ceil|Round|Cast|Mod|Sign|Equal|Greater|Less|Tan$|Sin|Cos|Resize|IsInf|IsNaN|Not|And|Or|Xor|Where|Pow|Reciprocal|Div|Log)/;

/** Limits so low that a case takes little more memory than its file, and that results may be compared. */
const TIGHT = { bytes: 2 ** 22, constants: 2 ** 21 };
/** The memory of the default limits, and of copies of the results. */
const ALLOWANCE = 2 ** 29;

/** Loading has checked the cost of the graph already. */
const UNLIMITED = {
  bytes: Number.POSITIVE_INFINITY,
  constants: Number.POSITIVE_INFINITY,
  multiplyAdds: Number.POSITIVE_INFINITY,
};

interface Result {
  readonly shape: readonly number[];
  readonly values: TypedArray;
}

const resultOf = (array: NDArray): Result => ({ shape: array.shape, values: array.dataSync() });

/** A thousandth of the largest of these values, and of one. */
function toleranceOf(values: TypedArray): number {
  let largest = 1;
  for (const value of values) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest * 1e-3;
}

/** @throws Finding unless the results of two ways are equal. `strictly`: infinities and NaN are compared too. */
function compare(what: string, expected: readonly Result[], actual: readonly Result[], strictly: boolean): void {
  for (const [k, { shape, values }] of expected.entries()) {
    const other = actual[k];
    if (formatShape(shape) !== formatShape(other.shape))
      throw new Finding(
        'wrong result',
        `${what}: output ${k} is ${formatShape(other.shape)}, not ${formatShape(shape)}`,
      );
    const tolerance = toleranceOf(values);
    for (let i = 0; i < values.length; i++) {
      const [a, b] = [values[i], other.values[i]];
      if (Object.is(a, b) || Math.abs(a - b) <= tolerance) continue;
      if (!strictly && !(Number.isFinite(a) && Number.isFinite(b))) continue;
      throw new Finding('wrong result', `${what}: element ${i} of output ${k} is ${b}, not ${a}`);
    }
  }
}

/** Products take constants into their weights, where an infinity meets zeros. */
const PRODUCTS = /^(Gemm|MatMul|Conv)/;

/** Infinities and NaN are compared where a single node makes them. */
const isStrict = ({ model: { nodes } }: Built): boolean => nodes.length === 1 && !PRODUCTS.test(nodes[0].op);

/** Calls the model, and computes it once more without compiling. */
function called(model: LoadedOnnx, built: Built, inputs: readonly NDArray[], comparable: boolean): Result[] {
  return scope(null, () => {
    const named = model.run(Object.fromEntries(built.model.inputs.map(({ name }, i) => [name, inputs[i]])));
    const results = built.model.outputs.map(({ name }) => resultOf(named[name]));
    if (!comparable) return results;
    const costs = new LoadingCosts(new Budget('fuzz', UNLIMITED), built.model.opset);
    const eager = interpret(parseOnnx(built.bytes), inputs, getDevice(), costs);
    compare('compiled, beside computed node by node', eager.map(resultOf), results, isStrict(built));
    return results;
  });
}

async function run(value: GraphCase): Promise<Outcome> {
  const built = build(value);
  const { length } = built.bytes;
  const refused = { accepted: false, bytes: length };
  const model = await refusedOr(() => readOnnx(built.bytes, { maxShapes: 2, limits: value.isTight ? TIGHT : {} }));
  if (!model) return refused;
  const inputs: NDArray[] = [];
  try {
    const comparable = value.isTight && !value.nodes.some(({ op }) => NOT_COMPARED.test(op));
    const results = await refusedOr(() => {
      for (const input of built.inputs) inputs.push(arrayOf(input));
      return called(model, built, inputs, comparable);
    });
    if (!results) return refused;
    if (value.rewritten) await rewrite(model, built, inputs, results, comparable);
    return { accepted: true, bytes: length, allowance: value.isTight ? 0 : ALLOWANCE };
  } finally {
    for (const input of inputs) input.dispose();
    model.free();
  }
}

/** Writes a model, reads it again, and compares the results. */
async function rewrite(
  model: LoadedOnnx,
  built: Built,
  inputs: readonly NDArray[],
  expected: readonly Result[],
  comparable: boolean,
): Promise<void> {
  const bytes = await refusedOr(() => model.toOnnx(inputs));
  if (!bytes) return;
  const again = readOnnx(bytes);
  try {
    const results = scope(null, () => {
      const named = again.run(Object.fromEntries(again.inputs.map(({ name }, i) => [name, inputs[i]])));
      return built.model.outputs.map(({ name }) => resultOf(named[name]));
    });
    if (comparable) compare('written as ONNX and read', expected, results, isStrict(built));
  } finally {
    again.free();
  }
}

export const graphs = drawn(anyGraph, {
  run,
  topic: ({ nodes, rewritten }) =>
    `${nodes.length === 1 ? nodes[0].op : 'several'}${rewritten ? ', written again' : ''}`,
  describe: ({ opset, nodes, rewritten, isTight }) =>
    [
      `opset ${opset}${rewritten ? ', written again' : ''}${isTight ? ', tight limits' : ''}`,
      ...nodes.map((node) => fc.stringify(node)),
    ].join('\n    '),
});

/** The same, computed by several threads. */
export const threadedGraphs: Target = {
  ...graphs,
  prepare: () => init({ threads: 3 }),
  finish: () => init({ threads: 1 }),
};

/**
 * Runs an ONNX model on arrays, operator by operator. The run is recorded, and so the model becomes a graph of primitives, with all
 * shapes and constants.
 */
import { DeviceError, FormatError, MemoryError, RensaError } from '../../errors.js';
import type { OnnxModel, OnnxNode } from '../../formats/onnx/model.js';
import { NDArray } from '../../ndarray/ndarray.js';
import { MAX_AXES, OnnxCall, type Operand, type Operator } from './call.js';
import { constantOf } from './constants.js';
import type { LoadingCosts } from './loading-costs.js';
import { nameOf } from './node-name.js';
import { OPERATORS } from './operators/index.js';

/** The versions of ONNX's operators that are read. Before version 7, broadcasting had other rules. */
const VERSIONS = { least: 7, most: 24 };

/** The operator of a node. @throws FormatError naming node, operator and version if the operator is not supported. */
function operatorOf(node: OnnxNode, opset: number): Operator {
  const operator = node.domain === '' ? OPERATORS.get(node.op) : undefined;
  if (!operator) throw new FormatError(`onnx: ${nameOf(node, opset)}: this operator is not supported`);
  return operator;
}

/** @throws FormatError for a model with an operator or a version that is not supported, naming node, operator and version. */
export function checkOperators({ nodes, opset }: OnnxModel): void {
  if (opset < VERSIONS.least || opset > VERSIONS.most) {
    const range = `${VERSIONS.least} to ${VERSIONS.most}`;
    throw new FormatError(`onnx: the model is of version ${opset} of the operators, those from ${range} are read`);
  }
  for (const node of nodes) operatorOf(node, opset);
}

/** The number of readers of each value. After the last, the value's array is given up. The name '' stands for no value. */
function readersOf({ nodes, outputs }: OnnxModel): Map<string, number> {
  const readers = new Map<string, number>();
  const read = (name: string) => readers.set(name, (readers.get(name) ?? 0) + 1);
  for (const { inputs } of nodes) for (const name of inputs) read(name);
  for (const { name } of outputs) read(name);
  readers.delete('');
  return readers;
}

/**
 * The outputs of a model for inputs, in their order.
 *
 * @throws FormatError naming the node that cannot be computed; MemoryError when memory runs out.
 */
export function interpret(
  model: OnnxModel,
  inputs: readonly NDArray[],
  device: NDArray['device'],
  costs: LoadingCosts,
): NDArray[] {
  const values = new Map<string, Operand>(
    inputs.map((array, i): [string, Operand] => [model.inputs[i].name, { array, varies: true }]),
  );
  const readers = readersOf(model);
  const computed = new Set(values.keys());
  const find = (name: string): Operand => {
    const found = values.get(name);
    if (found) return found;
    const tensor = model.initializers.get(name);
    if (!tensor) throw new FormatError(`onnx: value '${name}' is used before anything computes it`);
    const operand = { array: constantOf(tensor, device), varies: false };
    values.set(name, operand);
    return operand;
  };
  for (const node of model.nodes) {
    costs.node = node;
    const operator = operatorOf(node, model.opset);
    const operands = node.inputs.map((name) => (name === '' ? null : find(name)));
    // A shape does not depend on the values.
    const varies = node.op !== 'Shape' && node.op !== 'Size' && operands.some((operand) => operand?.varies);
    // An output that is left out, or that nothing reads, need not be computed.
    const reads = (place: number) => readers.has(node.outputs[place] || '');
    const call = new OnnxCall(node, operands, costs, device, reads);
    const results = compute(node, operator, call);
    node.outputs.forEach((name, i) => {
      if (!reads(i)) return;
      if (computed.size === computed.add(name).size || model.initializers.has(name))
        call.fail(`output ${i} ('${name}') is there already: each value has a name of its own`);
      if (!results[i]) call.fail(`output ${i} ('${name}') is not supported`);
      values.set(name, { array: results[i], varies });
    });
    for (const name of node.inputs) {
      const left = (readers.get(name) ?? 0) - 1;
      readers.set(name, left);
      if (left === 0) values.delete(name);
    }
  }
  costs.node = null;
  return model.outputs.map(({ name }) => find(name).array);
}

function compute(node: OnnxNode, operator: Operator, call: OnnxCall): readonly NDArray[] {
  try {
    const results = operator(call);
    const arrays = results instanceof NDArray ? [results] : results;
    for (const { ndim } of arrays) if (ndim > MAX_AXES) call.fail(`its result has ${ndim} axes, more than ${MAX_AXES}`);
    return arrays;
  } catch (error) {
    const isAbout = error instanceof RensaError || error instanceof TypeError || error instanceof RangeError;
    if (!isAbout || error instanceof FormatError || error instanceof MemoryError || error instanceof DeviceError)
      throw error;
    throw new FormatError(`onnx: ${nameOf(node, call.opset)}: ${error.message}`, { cause: error });
  }
}

/** Writes a graph of primitives as an ONNX model of standard operators. */

import type { Backend } from '../../backends/backend.js';
import type { Memory } from '../../backends/primitives.js';
import { ValueError } from '../../errors.js';
import { encodeOnnx } from '../../formats/onnx/encode.js';
import { sameShape } from '../../ndarray/shape.js';
import { checkOptions, inWords } from '../../options.js';
import type { Graph } from '../graph.js';
import { Constants } from '../passes/constants.js';
import { optimized } from '../passes/index.js';
import { Contents } from './contents.js';
import { writePrimitive } from './write-primitives.js';
import { OnnxWriter } from './writer.js';

/** Options of `toOnnx`. */
export interface OnnxOptions {
  /** The name of the graph in the file. Default: 'model'. */
  readonly name?: string;
  /** Names of the inputs, in order. Default: 'input', or 'input0', 'input1', … */
  readonly inputNames?: readonly string[];
  /** Names of the outputs, in order. Default: 'output', or 'output0', 'output1', … */
  readonly outputNames?: readonly string[];
  /**
   * The format of float32 constants with two or more axes. With 'float16' the model widens them where it uses them; constants beyond
   * the range of float16 stay float32. Default: 'float32'.
   */
  readonly weights?: 'float32' | 'float16';
}

/** The names of the options. */
const OPTIONS = { name: true, inputNames: true, outputNames: true, weights: true } satisfies Record<
  keyof OnnxOptions,
  true
>;

/** @throws TypeError for a name that is not text, ValueError for a name that stands twice. */
function checkNames(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (typeof name !== 'string') throw new TypeError(`toOnnx: a name is ${inWords(name)}, expected a text`);
    if (seen.size === seen.add(name).size) throw new ValueError(`toOnnx: two inputs or outputs are named '${name}'`);
  }
}

/** The given names, with default names for the rest. A single value has no number in its default name. */
function namesFor(word: string, count: number, given: readonly string[] = []): string[] {
  if (!Array.isArray(given)) throw new TypeError(`toOnnx: ${word}Names is ${inWords(given)}, expected a list of names`);
  if (given.length > count) throw new ValueError(`toOnnx: ${given.length} names for ${count} ${word}s`);
  return Array.from({ length: count }, (_, i) => given[i] || (count === 1 ? word : `${word}${i}`));
}

/**
 * The bytes of an ONNX file that computes what the graph computes, with operators of version 17 and the weights inside. Shapes are
 * those of the graph.
 *
 * @throws GraphError naming a primitive that ONNX cannot compute, ValueError if two values have one name, FormatError beyond 2 GiB.
 */
function writeOnnx(graph: Graph, device: Backend, options: OnnxOptions = {}): Uint8Array {
  const { name = 'model', weights = 'float32', inputNames, outputNames } = options;
  checkOptions('toOnnx', options, OPTIONS);
  const names = namesFor('input', graph.inputs.length, inputNames);
  const outputs = namesFor('output', graph.outputs.length, outputNames);
  const inputsByName = new Map(graph.inputs.map((input, i) => [names[i], input]));
  const isInputItself = (name: string, i: number): boolean => {
    const input = inputsByName.get(name);
    const { buffer, shape } = graph.outputs[i];
    return input?.buffer === buffer && sameShape(input.shape, shape);
  };
  checkNames([...names, ...outputs.filter((name, i) => !isInputItself(name, i))]);
  const writer = new OnnxWriter([...names, ...outputs]);
  const contents = new Contents(writer, { device, weights });
  const inputs = graph.inputs.map((ref, i) => {
    const value = { name: names[i], dtype: ref.buffer.dtype, shape: ref.shape };
    contents.write(ref, value);
    return value;
  });
  for (const node of graph.nodes) {
    writer.layer = node.layer ?? '';
    writePrimitive(contents, node);
  }
  writer.layer = '';
  const results = graph.outputs.map((ref, i) => ({ value: contents.read(ref), name: outputs[i] }));
  return encodeOnnx(writer.finish(name, inputs, results));
}

/** {@link writeOnnx} of a recorded graph after optimization. Frees the memory `owned`. */
export function toOnnx(graph: Graph, device: Backend, owned: readonly Memory[], options: OnnxOptions = {}): Uint8Array {
  const constants = new Constants(device);
  for (const memory of owned) constants.owned.push(memory);
  try {
    return writeOnnx(optimized(graph, constants), device, options);
  } finally {
    constants.release(new Set());
  }
}

/** Parses the bytes of an ONNX file into a model as plain data. Weights stay in the file until they are decoded. */
import { FormatError } from '../../errors.js';
import { inWords } from '../../options.js';
import { Budget, type Limits } from '../limits.js';
import { type Message, readMessage } from '../protobuf/messages.js';
import type { BytesSource } from '../stored-bytes.js';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './model.js';
import { MODEL, SHAPE } from './schema.js';
import { checkTensor, dtypeOf } from './tensor.js';

type Graph = Message<typeof MODEL>['graph'];
type Attribute = Graph['nodes'][number]['attributes'][number];

/** The reader of an attribute, by the number of its type. */
const ATTRIBUTES: Readonly<Record<number, (attribute: Attribute, what: string) => OnnxAttribute>> = {
  1: ({ f }) => ({ type: 'float', value: f }),
  2: ({ i }) => ({ type: 'int', value: i }),
  3: ({ s }) => ({ type: 'string', value: s }),
  4: ({ t }, what) => ({ type: 'tensor', value: checkTensor(t, what) }),
  6: ({ floats }) => ({ type: 'floats', value: floats }),
  7: ({ ints }) => ({ type: 'ints', value: ints }),
  8: ({ strings }) => ({ type: 'strings', value: strings }),
};

const NONE: ReadonlyMap<string, OnnxAttribute> = new Map();

/** The two names of the domain of ONNX's own operators. */
const domainOf = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);

function readNode(node: Graph['nodes'][number], what: string): OnnxNode {
  const { name, op, domain, inputs, outputs } = node;
  if (node.attributes.length === 0) return { name, op, domain: domainOf(domain), inputs, outputs, attributes: NONE };
  const attributes = new Map(
    node.attributes.map((attribute) => {
      const where = `${what}: attribute '${attribute.name}'`;
      const read = ATTRIBUTES[attribute.type];
      if (!read) throw new FormatError(`${where} is of type ${attribute.type}, which is not supported`);
      return [attribute.name, read(attribute, where)];
    }),
  );
  return { name, op, domain: domainOf(domain), inputs, outputs, attributes };
}

function readValue({ name, type }: Graph['inputs'][number], what: string): OnnxValue {
  const { elementType, shape } = type.tensor;
  const where = `${what}: value '${name}'`;
  const dims = shape && readMessage(SHAPE, shape, where).dims;
  // TensorFlow's exporters write -1 for an unknown length.
  const lengths = dims?.map(({ value, param }) => (value === null ? param : value < 0 ? '' : value)) ?? null;
  return { name, dtype: dtypeOf(elementType, where), shape: lengths };
}

/**
 * Reads an ONNX file. Its tensors are views of the bytes, or stay in their file; their sizes are checked.
 *
 * @param what names the file in errors.
 * @param limits on the cost of the file: `nodes`, `elements` and `depth` count here.
 * @throws FormatError when the bytes are not an ONNX file, exceed a limit, or hold something unsupported: subgraphs,
 *   and element types that JavaScript has no arrays for. TypeError if `bytes` is not bytes.
 */
export function parseOnnx(source: BytesSource | ArrayBuffer, what = 'onnx', limits: Limits = {}): OnnxModel {
  const bytes = source instanceof ArrayBuffer ? new Uint8Array(source) : source;
  if (!(bytes instanceof Uint8Array || typeof bytes?.read === 'function'))
    throw new TypeError(`${what}: ${inWords(bytes)} came, expected the bytes of a file; loadOnnx opens files`);
  const budget = new Budget(what, limits, bytes.length);
  const { irVersion, producer, graph, operatorSets } = readMessage(MODEL, bytes, what, budget);
  const own = operatorSets.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  if (!own) throw new FormatError(`${what}: no version of ONNX's operators is named, so this is not an ONNX model`);
  const initializers = new Map<string, OnnxTensor>();
  for (const tensor of graph.initializers) {
    if (initializers.has(tensor.name)) throw new FormatError(`${what}: two initializers are named '${tensor.name}'`);
    initializers.set(tensor.name, checkTensor(tensor, `${what}: initializer '${tensor.name}'`));
  }
  // Before IR version 4 every initializer had to be an input, too.
  const inputs = graph.inputs.filter(({ name }) => !initializers.has(name)).map((value) => readValue(value, what));
  const names = new Set<string>();
  for (const { name } of inputs)
    if (names.size === names.add(name).size) throw new FormatError(`${what}: two inputs are named '${name}'`);
  return {
    irVersion,
    opset: own.version,
    producer,
    name: graph.name,
    nodes: graph.nodes.map((node, i) => readNode(node, `${what}: node ${i} '${node.name}' (${node.op})`)),
    initializers,
    inputs,
    outputs: graph.outputs.map((value) => readValue(value, what)),
    bytes: bytes.length,
  };
}

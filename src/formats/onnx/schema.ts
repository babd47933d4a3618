/** The messages of onnx.proto that this library reads, as tables of fields. Subgraphs are not among them. */
import { elements, float, int, longBytes, message, repeated, text, wideInt } from '../protobuf/fields.js';
import type { Schema } from '../protobuf/messages.js';

/** ONNX tensors have no limit on axes; arrays here have few. */
const MAX_AXES = 32;

/** The most inputs, and the most outputs, of a node and of the graph. */
const MAX_ENDS = 2 ** 16;

/** A key and a value of the location of external data. */
const ENTRY = { key: text(1), value: text(2) } satisfies Schema;

export const TENSOR = {
  dims: repeated(int(1, 0), MAX_AXES),
  dataType: int(2, 0),
  floatData: elements(4, 4),
  int32Data: repeated(wideInt(5, 0)),
  int64Data: repeated(wideInt(7, 0)),
  name: text(8),
  rawData: longBytes(9),
  doubleData: elements(10, 8),
  uint64Data: repeated(wideInt(11, 0)),
  externalData: repeated(message(13, ENTRY)),
  dataLocation: int(14, 0),
} satisfies Schema;

const ATTRIBUTE = {
  name: text(1),
  f: float(2, 0),
  i: wideInt(3, 0),
  s: text(4),
  t: message(5, TENSOR),
  floats: repeated(float(7, 0)),
  ints: repeated(wideInt(8, 0)),
  strings: repeated(text(9)),
  type: int(20, 0),
} satisfies Schema;

const NODE = {
  inputs: repeated(text(1), MAX_ENDS),
  outputs: repeated(text(2), MAX_ENDS),
  name: text(3),
  op: text(4),
  attributes: repeated(message(5, ATTRIBUTE)),
  domain: text(7),
} satisfies Schema;

const DIMENSION = { value: int(1, null), param: text(2) } satisfies Schema;

export const SHAPE = { dims: repeated(message(1, DIMENSION), MAX_AXES) } satisfies Schema;

/** Without a shape, the number of axes is unknown. */
const TENSOR_TYPE = { elementType: int(1, 0), shape: longBytes(2) } satisfies Schema;

const TYPE = { tensor: message(1, TENSOR_TYPE) } satisfies Schema;

const VALUE_INFO = { name: text(1), type: message(2, TYPE) } satisfies Schema;

const GRAPH = {
  nodes: repeated(message(1, NODE), 'nodes'),
  name: text(2),
  initializers: repeated(message(5, TENSOR)),
  inputs: repeated(message(11, VALUE_INFO), MAX_ENDS),
  outputs: repeated(message(12, VALUE_INFO), MAX_ENDS),
} satisfies Schema;

const OPERATOR_SET = { domain: text(1), version: int(2, 0) } satisfies Schema;

export const MODEL = {
  irVersion: int(1, 0),
  producer: text(2),
  graph: message(7, GRAPH),
  operatorSets: repeated(message(8, OPERATOR_SET)),
} satisfies Schema;

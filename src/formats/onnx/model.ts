/** What an ONNX file holds, as plain data that is read and written: values by name, nodes over them, tensors. */
import type { NumericDType } from '../host-array.js';
import type { StoredBytes } from '../stored-bytes.js';

/** The numbers that onnx.proto gives to element types; strings, complex and 8- and 4-bit floats are not read. */
export const DATA_TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
} as const satisfies Record<NumericDType, number>;

/** A tensor of a file: an initializer or an attribute. */
export interface OnnxTensor {
  /** The name by which nodes refer to it; an attribute's may be ''. */
  readonly name: string;
  /** The lengths of its axes; none for a scalar. */
  readonly shape: readonly number[];
  /** What its elements are in the file. */
  readonly dtype: NumericDType;
  /**
   * Its elements: little-endian bytes, in pieces or still in the file, or numbers; or where they are, if that is another file. There
   * are as many as the shape says.
   */
  readonly elements: readonly Uint8Array[] | StoredBytes | { readonly numbers: readonly number[] } | ExternalElements;
}

/** Elements in a file beside the model's: what the model says of them, such as `location`, `offset` and `length`, as text. */
export interface ExternalElements {
  readonly external: ReadonlyMap<string, string>;
}

/** What an attribute of a node may be. */
export type OnnxAttribute =
  | { readonly type: 'float' | 'int'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'tensor'; readonly value: OnnxTensor }
  | { readonly type: 'floats' | 'ints'; readonly value: readonly number[] }
  | { readonly type: 'strings'; readonly value: readonly string[] };

/** One operator applied to values; '' among the inputs or outputs is one that was left out. */
export interface OnnxNode {
  /** The node's name, for messages; may be ''. */
  readonly name: string;
  /** The operator's name, such as `Conv`. */
  readonly op: string;
  /** '' is ONNX's own. */
  readonly domain: string;
  /** The names of the values it takes. */
  readonly inputs: readonly string[];
  /** The names of the values it gives. */
  readonly outputs: readonly string[];
  /** The operator's settings; those left out have the operator's defaults. */
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** An input or output. */
export interface OnnxValue {
  /** The name by which nodes refer to it. */
  readonly name: string;
  /** What its elements are. */
  readonly dtype: NumericDType;
  /**
   * The dimensions: a length, or a name for one that is known when the model is called ('' has none). Null where the file does not
   * say how many there are.
   */
  readonly shape: readonly (number | string)[] | null;
}

/** A model. */
export interface OnnxModel {
  /** The version of the file format. */
  readonly irVersion: number;
  /** The version of ONNX's own operators. */
  readonly opset: number;
  /** What wrote the file; may be ''. */
  readonly producer: string;
  /** The graph's name; may be ''. */
  readonly name: string;
  /** The operators, each behind those whose results it takes. */
  readonly nodes: readonly OnnxNode[];
  /** The weights and other constants by name. */
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  /** Without those that initializers give values to. */
  readonly inputs: readonly OnnxValue[];
  /** What the model gives. */
  readonly outputs: readonly OnnxValue[];
  /** Bytes of the files that it was read from; limits grow with them. Absent of a model that no file holds. */
  readonly bytes?: number;
}

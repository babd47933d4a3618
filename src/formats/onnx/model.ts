/** The contents of an ONNX file as plain data, for reading and writing: values by name, nodes over them, tensors. */
import type { NumericDType } from '../host-array.js';
import type { StoredBytes } from '../stored-bytes.js';

/** The element types of onnx.proto by number. Strings, complex numbers and floats of 8 and 4 bits are not supported. */
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
  /** The dtype of its elements in the file. */
  readonly dtype: NumericDType;
  /**
   * Its elements: little-endian bytes, in pieces or still in the file; or numbers; or their location in another file.
   * Their number is that of the shape.
   */
  readonly elements: readonly Uint8Array[] | StoredBytes | { readonly numbers: readonly number[] } | ExternalElements;
}

/** The location of elements in another file, as the model writes it: `location`, `offset` and `length`, as text. */
export interface ExternalElements {
  readonly external: ReadonlyMap<string, string>;
}

/** The value of an attribute. */
export type OnnxAttribute =
  | { readonly type: 'float' | 'int'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'tensor'; readonly value: OnnxTensor }
  | { readonly type: 'floats' | 'ints'; readonly value: readonly number[] }
  | { readonly type: 'strings'; readonly value: readonly string[] };

/** One operator applied to values; the name '' stands for an input or output that is left out. */
export interface OnnxNode {
  /** The node's name, for messages; may be ''. */
  readonly name: string;
  /** The operator's name, such as `Conv`. */
  readonly op: string;
  /** The domain of the operator; '' is ONNX's own. */
  readonly domain: string;
  /** The names of the values it takes. */
  readonly inputs: readonly string[];
  /** The names of the values it gives. */
  readonly outputs: readonly string[];
  /** The operator's settings; absent ones have the operator's defaults. */
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** An input or output. */
export interface OnnxValue {
  /** The name by which nodes refer to it. */
  readonly name: string;
  /** The dtype of its elements. */
  readonly dtype: NumericDType;
  /**
   * The dimensions: a length, or a name for a length that a call sets ('' if it has no name). Null if the file does not
   * give the number of dimensions.
   */
  readonly shape: readonly (number | string)[] | null;
}

/** A model. */
export interface OnnxModel {
  /** The version of the file format. */
  readonly irVersion: number;
  /** The version of ONNX's own operators. */
  readonly opset: number;
  /** The program that wrote the file; may be ''. */
  readonly producer: string;
  /** The graph's name; may be ''. */
  readonly name: string;
  /** The operators; each comes after those whose results it takes. */
  readonly nodes: readonly OnnxNode[];
  /** The weights and other constants by name. */
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  /** The inputs, without those that have an initializer. */
  readonly inputs: readonly OnnxValue[];
  /** The results of the model. */
  readonly outputs: readonly OnnxValue[];
  /** Bytes of the files that the model was read from; limits grow with them. Absent if no file holds the model. */
  readonly bytes?: number;
}

/** What an ONNX file holds, as plain data that is read and written: values by name, nodes over them, tensors. */
import type { NumericDType } from '../host-array.js';

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
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: NumericDType;
  /** Its elements: little-endian bytes in pieces, or numbers. There are as many as the shape says. */
  readonly elements: readonly Uint8Array[] | { readonly numbers: readonly number[] };
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
  readonly name: string;
  readonly op: string;
  /** '' is ONNX's own. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** An input or output: a dimension is a length, or a name for one that is known when the model is called ('' has none). */
export interface OnnxValue {
  readonly name: string;
  readonly dtype: NumericDType;
  readonly shape: readonly (number | string)[];
}

/** A model. */
export interface OnnxModel {
  readonly irVersion: number;
  /** The version of ONNX's own operators. */
  readonly opset: number;
  readonly producer: string;
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  /** Without those that initializers give values to. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

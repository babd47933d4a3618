/**
 * Writes .caffemodel files by caffe.proto's field numbers, so that the reader is checked against the format and not
 * against itself.
 */
import { PbfWriter } from 'pbf';

/** A value of a field; a list of pairs is a message, a list of numbers is packed. */
export type Value =
  | number
  | boolean
  | string
  | { readonly float: number }
  | readonly number[]
  | Float32Array
  | Float64Array
  | Fields;

/** The fields of a message: number and value, in the order written. */
export type Fields = readonly (readonly [number: number, value: Value])[];

function isFields(value: readonly number[] | Fields): value is Fields {
  return value.length === 0 || Array.isArray(value[0]);
}

/** A typed array's little-endian bytes, a fast way for large ones. */
const raw = (data: Float32Array | Float64Array) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

function writeField(pbf: PbfWriter, number: number, value: Value): void {
  if (typeof value === 'number') pbf.writeVarintField(number, value);
  else if (typeof value === 'boolean') pbf.writeBooleanField(number, value);
  else if (typeof value === 'string') pbf.writeStringField(number, value);
  else if (value instanceof Float32Array || value instanceof Float64Array) pbf.writeBytesField(number, raw(value));
  else if ('float' in value) pbf.writeFloatField(number, value.float);
  else if (isFields(value)) pbf.writeBytesField(number, encodeMessage(value));
  else pbf.writePackedVarint(number, [...value]);
}

/** The bytes of a message. */
export function encodeMessage(fields: Fields): Uint8Array {
  const pbf = new PbfWriter();
  for (const [number, value] of fields) writeField(pbf, number, value);
  return pbf.finish();
}

/** An array of a layer. */
export interface BlobSpec {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/** A layer; `params` are its own messages, by field number. */
export interface LayerSpec {
  readonly name: string;
  readonly type: string;
  readonly bottoms?: readonly string[];
  readonly tops?: readonly string[];
  readonly blobs?: readonly BlobSpec[];
  readonly params?: Fields;
}

const blobFields = ({ shape, data }: BlobSpec): Fields => [
  [7, [[1, shape]]],
  [data instanceof Float64Array ? 8 : 5, data],
];

/** A NetParameter of layers (`LayerParameter`). */
export function encodeCaffemodel(layers: readonly LayerSpec[], name = 'net'): Uint8Array {
  return encodeMessage([
    [1, name],
    ...layers.map(({ name, type, bottoms = [], tops = [], blobs = [], params = [] }): [number, Fields] => [
      100,
      [
        [1, name],
        [2, type],
        ...bottoms.map((blob) => [3, blob] as const),
        ...tops.map((blob) => [4, blob] as const),
        ...blobs.map((blob) => [7, blobFields(blob)] as const),
        ...params,
      ],
    ]),
  ]);
}

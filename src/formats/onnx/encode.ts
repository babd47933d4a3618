/**
 * Encodes a model as the bytes of an ONNX file. Messages are lists of pieces, joined once at the end, so weights are
 * copied only once.
 */
import { FormatError } from '../../errors.js';
import {
  DATA_TYPES,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from './model.js';

/** The largest message, in bytes, that readers of protocol buffers accept. */
const MAX_BYTES = 2 ** 31 - 1;

/** How a value is stored in the file. */
const WIRE = { varint: 0, bytes: 2, fixed32: 5 } as const;

const utf8 = new TextEncoder();

/** An integer of 64 bits, negative ones in two's complement: seven bits a byte, the lowest first. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

/** The bytes before the value of a field. */
const tag = (field: number, wire: number): number[] => varint(field * 8 + wire);

/** A message being encoded. Fields without a value are left out. */
class Encoding {
  readonly pieces: Uint8Array[] = [];
  length = 0;

  #push(piece: Uint8Array): this {
    this.pieces.push(piece);
    this.length += piece.length;
    return this;
  }

  int(field: number, value: number): this {
    return this.#push(Uint8Array.of(...tag(field, WIRE.varint), ...varint(value)));
  }

  float(field: number, value: number): this {
    const piece = Uint8Array.of(...tag(field, WIRE.fixed32), 0, 0, 0, 0);
    new DataView(piece.buffer).setFloat32(piece.length - 4, value, true);
    return this.#push(piece);
  }

  text(field: number, value: string): this {
    const piece = utf8.encode(value);
    return this.bytes(field, [piece], piece.length);
  }

  /** A packed list; nothing if it is empty. */
  ints(field: number, values: readonly number[]): this {
    const piece = Uint8Array.from(values.flatMap(varint));
    return values.length > 0 ? this.bytes(field, [piece], piece.length) : this;
  }

  bytes(field: number, pieces: readonly Uint8Array[], length: number): this {
    this.#push(Uint8Array.of(...tag(field, WIRE.bytes), ...varint(length)));
    for (const piece of pieces) this.#push(piece);
    return this;
  }

  message(field: number, { pieces, length }: Encoding): this {
    return this.bytes(field, pieces, length);
  }

  messages<T>(field: number, items: Iterable<T>, encode: (item: T) => Encoding): this {
    for (const item of items) this.message(field, encode(item));
    return this;
  }
}

function encodeTensor({ name, shape, dtype, elements }: OnnxTensor): Encoding {
  const out = new Encoding().ints(1, shape).int(2, DATA_TYPES[dtype]).text(8, name);
  if (!Array.isArray(elements)) throw new FormatError(`onnx: tensor '${name}' is not given as bytes`);
  return out.bytes(
    9,
    elements,
    elements.reduce((sum, piece) => sum + piece.length, 0),
  );
}

function encodeAttribute([name, attribute]: readonly [string, OnnxAttribute]): Encoding {
  const out = new Encoding().text(1, name);
  switch (attribute.type) {
    case 'float':
      return out.float(2, attribute.value).int(20, 1);
    case 'int':
      return out.int(3, attribute.value).int(20, 2);
    case 'string':
      return out.text(4, attribute.value).int(20, 3);
    case 'tensor':
      return out.message(5, encodeTensor(attribute.value)).int(20, 4);
    case 'floats':
      for (const value of attribute.value) out.float(7, value);
      return out.int(20, 6);
    case 'ints':
      return out.ints(8, attribute.value).int(20, 7);
    case 'strings':
      for (const value of attribute.value) out.text(9, value);
      return out.int(20, 8);
    default:
      return attribute satisfies never;
  }
}

function encodeNode({ name, op, inputs, outputs, attributes }: OnnxNode): Encoding {
  const out = new Encoding();
  for (const input of inputs) out.text(1, input);
  for (const output of outputs) out.text(2, output);
  return out.text(3, name).text(4, op).messages(5, attributes, encodeAttribute);
}

function encodeValue({ name, dtype, shape }: OnnxValue): Encoding {
  const tensor = new Encoding().int(1, DATA_TYPES[dtype]);
  const dims = (lengths: NonNullable<typeof shape>) =>
    new Encoding().messages(1, lengths, (n) =>
      typeof n === 'number' ? new Encoding().int(1, n) : new Encoding().text(2, n),
    );
  if (shape) tensor.message(2, dims(shape));
  return new Encoding().text(1, name).message(2, new Encoding().message(1, tensor));
}

/** The bytes of a model. @throws FormatError if it is too large for one file (2 GiB, a limit of protocol buffers). */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const graph = new Encoding()
    .messages(1, model.nodes, encodeNode)
    .text(2, model.name)
    .messages(5, model.initializers.values(), encodeTensor)
    .messages(11, model.inputs, encodeValue)
    .messages(12, model.outputs, encodeValue);
  const { pieces, length } = new Encoding()
    .int(1, model.irVersion)
    .text(2, model.producer)
    .message(7, graph)
    .message(8, new Encoding().text(1, '').int(2, model.opset));
  if (length > MAX_BYTES) throw new FormatError(`onnx: ${length} bytes do not fit one file (at most ${MAX_BYTES})`);
  const out = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

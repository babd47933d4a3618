/**
 * The kinds of fields that a schema of protocol buffers names: numbers, strings, bytes, nested messages and lists. See
 * caffemodel.ts and onnx/schema.ts for the schemas.
 */
import type { BytesSource } from '../stored-bytes.js';
import { type Cursor, WIRE, type Wire } from './cursor.js';
import { defaultsOf, type Field, type Message, readNested, type Schema } from './messages.js';

/** A field with one value, stored in one way. */
export interface ScalarField<T, D> extends Field<T | D> {
  readonly wire: Wire;
  read(cursor: Cursor): T;
}

function scalar<T, D>(number: number, wire: Wire, absent: D, read: (cursor: Cursor) => T): ScalarField<T, D> {
  return {
    number,
    wire,
    read,
    absent,
    merge(_before, cursor) {
      if (cursor.wire !== wire) cursor.fail(`field ${number} is stored as type ${cursor.wire} instead of ${wire}`);
      return read(cursor);
    },
  };
}

/** An int32, int64, uint32, uint64 or enum. `absent` is its default. */
export function int<D extends number | null = number>(number: number, absent: D): ScalarField<number, D> {
  return scalar(number, WIRE.varint, absent, (cursor) => cursor.varint(true));
}

/** An int64 of any size, such as the largest, which means 'to the end': see {@link Cursor.wideVarint}. */
export function wideInt(number: number, absent: number): ScalarField<number, number> {
  return scalar(number, WIRE.varint, absent, (cursor) => cursor.wideVarint());
}

/** A bool. */
export function bool(number: number, absent: boolean): ScalarField<boolean, boolean> {
  return scalar(number, WIRE.varint, absent, (cursor) => cursor.varint(true) !== 0);
}

/** A float. */
export function float(number: number, absent: number): ScalarField<number, number> {
  return scalar(number, WIRE.fixed32, absent, (cursor) => cursor.float());
}

const utf8 = new TextDecoder();

/** A string. */
export function text(number: number, absent = ''): ScalarField<string, string> {
  return scalar(number, WIRE.bytes, absent, (cursor) => utf8.decode(cursor.bytes()));
}

/** Bytes: a view of the file, or a part of a stored file. */
export function longBytes(number: number): ScalarField<BytesSource | null, null> {
  return scalar(number, WIRE.bytes, null, (cursor) => cursor.source());
}

/** A nested message. If it comes twice, the later fields win, as the format demands. */
export function message<S extends Schema>(number: number, schema: S): ScalarField<Message<S>, Message<S>> {
  return {
    number,
    wire: WIRE.bytes,
    read: (cursor) => readNested(schema, undefined, cursor),
    absent: defaultsOf(schema),
    merge(before, cursor) {
      if (cursor.wire !== WIRE.bytes) cursor.fail(`field ${number} is stored as type ${cursor.wire} instead of 2`);
      return readNested(schema, before, cursor);
    },
  };
}

/**
 * The bound on the length of a list: a number, the limit `elements` of each list, or `nodes`, which all such lists of
 * the file share.
 */
type Most = number | 'elements' | 'nodes';

const NONE: readonly never[] = Object.freeze([]);

/** A list. Numbers may be packed or single. `most` bounds its length; default: the limit `elements`. */
export function repeated<T>(field: ScalarField<T, unknown>, most: Most = 'elements'): Field<readonly T[]> {
  return {
    number: field.number,
    absent: NONE,
    merge(before, cursor) {
      let list = before;
      if (cursor.wire === field.wire) list = appended(cursor, list, field.read(cursor), most);
      else if (cursor.wire === WIRE.bytes) {
        cursor.within(() => {
          while (cursor.hasMore) list = appended(cursor, list, field.read(cursor), most);
        });
      } else cursor.fail(`field ${field.number} is stored as type ${cursor.wire} instead of ${field.wire} or 2`);
      return list ?? NONE;
    },
  };
}

/** Appends to a list of the message being read, so that many short pieces cost no more than one long piece. */
function appended<T>(cursor: Cursor, before: readonly T[] | undefined, item: T, most: Most): readonly T[] {
  if (most === 'nodes') cursor.budget.spend(most, 1, 'a list');
  // A list of one item has space for one: most lists of small messages are short.
  if (!before || before.length === 0) return [item];
  const list = before as T[];
  list.push(item);
  if (most === 'elements') cursor.budget.check(most, list.length, 'a list');
  else if (typeof most === 'number' && list.length > most) cursor.fail(`a list has more than ${most} items`);
  return list;
}

/** Repeated floats (`width` 4) or doubles (8) as pieces of the file; packed values are one piece. */
export function elements(number: number, width: 4 | 8): Field<readonly Uint8Array[]> {
  const single = width === 4 ? WIRE.fixed32 : WIRE.fixed64;
  return {
    number,
    absent: NONE,
    merge(before, cursor) {
      const packed = cursor.wire === WIRE.bytes;
      if (!packed && cursor.wire !== single) cursor.fail(`field ${number} is stored as type ${cursor.wire}`);
      const piece = packed ? cursor.bytes() : cursor.bytes(width);
      if (piece.length % width !== 0)
        cursor.fail(`${piece.length} bytes are not a whole number of ${width}-byte elements`);
      return appended(cursor, before, piece, 'elements');
    },
  };
}

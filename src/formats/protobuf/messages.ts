/**
 * Reads messages of protocol buffers by schema. A schema is a table of the fields of a message; reading gives a plain
 * object of that type, with defaults for absent fields. fields.ts has the kinds of fields.
 */
import { FormatError, RensaError } from '../../errors.js';
import { beginningOf } from '../beginning.js';
import { Budget } from '../limits.js';
import type { BytesSource } from '../stored-bytes.js';
import { Cursor } from './cursor.js';

/** One field of a message: its number, its default, and how it is read. */
export interface Field<T> {
  readonly number: number;
  /** The value when the field is absent. All messages share it, so nobody changes it. */
  readonly absent: T;
  /** `before`: the value read so far; undefined if there is none. */
  merge(before: T | undefined, cursor: Cursor): T;
}

/** The fields of a message, under the names they get. */
export type Schema = Readonly<Record<string, Field<unknown>>>;

/** The type of a message with this schema. */
export type Message<S extends Schema> = {
  readonly [K in keyof S]: S[K] extends Field<infer T> ? T : never;
};

const defaults = new WeakMap<Schema, object>();

/**
 * A message without fields: the prototype of all messages of a schema. A message stores only the fields that came, so a
 * file of many small messages takes memory in proportion to its bytes.
 */
export function defaultsOf<S extends Schema>(schema: S): Message<S> {
  let found = defaults.get(schema);
  if (!found) {
    found = Object.fromEntries(Object.entries(schema).map(([key, { absent }]) => [key, absent]));
    defaults.set(schema, found);
  }
  // `Object.entries` loses the type of each key's value; the schema has it.
  return found as Message<S>;
}

/** Reads the fields of the message that follows, and adds them to those of `before`. */
function readFields<S extends Schema>(schema: S, before: Message<S> | undefined, cursor: Cursor): Message<S> {
  const fields = fieldsOf(schema);
  const absent = defaultsOf(schema);
  // All empty messages are one object.
  let values: Record<string, unknown> | null = before === absent ? null : ((before as Record<string, unknown>) ?? null);
  while (cursor.hasMore) {
    const found = fields.get(cursor.field());
    if (!found) {
      cursor.skip();
      continue;
    }
    const { key, field } = found;
    values ??= Object.create(absent) as Record<string, unknown>;
    values[key] = field.merge(Object.hasOwn(values, key) ? values[key] : undefined, cursor);
  }
  return (values as Message<S>) ?? absent;
}

/** Reads a nested message, which declares its length, and adds its fields to those of `before`. */
export function readNested<S extends Schema>(schema: S, before: Message<S> | undefined, cursor: Cursor): Message<S> {
  let values = before;
  cursor.within(() => {
    values = readFields(schema, before, cursor);
  });
  return values as Message<S>;
}

const numbered = new WeakMap<Schema, ReadonlyMap<number, { key: string; field: Field<unknown> }>>();

/** A schema's fields by number, computed once. */
function fieldsOf(schema: Schema): ReadonlyMap<number, { key: string; field: Field<unknown> }> {
  let fields = numbered.get(schema);
  if (!fields) {
    fields = new Map(Object.entries(schema).map(([key, field]) => [field.number, { key, field }]));
    numbered.set(schema, fields);
  }
  return fields;
}

/**
 * Reads a message. Strings are decoded; `elements` are views of `source`, and so are `longBytes`, which stay in a stored
 * file. The prototype of the message has the defaults of absent fields: `{ ...message }` leaves them out.
 *
 * @param what names the file in errors.
 * @param budget bounds the lengths of lists.
 * @throws FormatError when a length, a number or a field's type does not fit, or a list is too long.
 */
export function readMessage<S extends Schema>(
  schema: S,
  source: BytesSource,
  what: string,
  budget = new Budget(what, {}, source.length),
): Message<S> {
  try {
    return readFields(schema, undefined, new Cursor(source, what, budget));
  } catch (cause) {
    if (cause instanceof RensaError && !(cause instanceof FormatError)) throw cause;
    const reason = cause instanceof FormatError ? cause.message : `${what}: not a protocol buffer, or damaged`;
    throw new FormatError(`${reason}; the file ${beginningOf(source)}`, { cause });
  }
}

/**
 * Reads protocol buffers by schema. A schema is a table of the fields of a message; reading gives a plain object of
 * that type, with defaults for absent fields. Every length is checked against the bytes before it is used. See
 * caffemodel.ts and onnx/schema.ts for the messages.
 */
import { FormatError, RensaError } from '../errors.js';
import { beginningOf } from './beginning.js';
import { Budget } from './limits.js';
import { type BytesSource, partOf, type StoredBytes } from './stored-bytes.js';

/** How a value is stored in the file. Types 3 and 4, groups, are older than all formats read here. */
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

type Wire = (typeof WIRE)[keyof typeof WIRE];

const isWire = (type: number): type is Wire => Object.values(WIRE).some((known) => known === type);

/** Bytes of a stored file that are in memory at once, and bytes of the longest varint. */
const WINDOW = 16_384;
const LONGEST_VARINT = 10;

/** A position in the bytes, and the end of the current message. A window of a stored file is in memory. */
class Cursor {
  /** The bytes in memory, and the position in them. */
  #bytes: Uint8Array;
  #at = 0;
  readonly #what: string;
  readonly #stored: StoredBytes | null;
  /** The offset in the file of the bytes in memory. */
  #base = 0;
  #end: number;
  #wire: Wire = WIRE.varint;

  constructor(
    source: BytesSource,
    what: string,
    /** The limits on lists. */
    readonly budget: Budget,
  ) {
    this.#stored = source instanceof Uint8Array ? null : source;
    this.#bytes = source instanceof Uint8Array ? source : new Uint8Array(0);
    this.#what = what;
    this.#end = source.length;
  }

  get #pos(): number {
    return this.#base + this.#at;
  }

  fail(reason: string): never {
    throw new FormatError(`${this.#what}: ${reason} (at byte ${this.#pos})`);
  }

  /** Brings the next bytes into memory, as many as the window holds. */
  #fetch(length: number): void {
    const pos = this.#pos;
    const stored = this.#stored;
    if (!stored || this.#at + length <= this.#bytes.length) return;
    const left = stored.length - pos;
    if (this.#bytes.length - this.#at >= left) return;
    // The window gets new memory, because values read from the last one may be views of it.
    const window = new Uint8Array(Math.min(Math.max(length, WINDOW), left));
    stored.read(pos, window);
    this.#bytes = window;
    this.#at = 0;
    this.#base = pos;
  }

  /** The storage type of the current field. */
  get wire(): Wire {
    return this.#wire;
  }

  /** Whether the message has more to read. */
  get hasMore(): boolean {
    return this.#pos < this.#end;
  }

  /** Reads the number of the next field. */
  field(): number {
    const tag = this.varint();
    const type = tag & 7;
    const number = Math.floor(tag / 8);
    if (!isWire(type) || number === 0) this.fail(`${tag} is not a field of a protocol buffer`);
    this.#wire = type;
    return number;
  }

  /** Refuses a length that exceeds the bytes that follow. */
  #expect(length: number): void {
    const left = this.#end - this.#pos;
    if (!(length <= left)) this.fail(`${length} bytes are declared, but ${left} follow`);
  }

  /** Skips bytes that are available, and gives their offset in memory. */
  #take(length: number): number {
    this.#expect(length);
    this.#fetch(length);
    const start = this.#at;
    this.#at += length;
    return start;
  }

  /** A varint of 64 bits, seven a byte and the lowest first, as the nearest number. */
  #varint(signed: boolean): number {
    this.#fetch(LONGEST_VARINT);
    let low = 0; // 28 bits
    let high = 0; // 36 bits
    for (let i = 0; i < LONGEST_VARINT; i++) {
      if (!this.hasMore) this.fail('a message ends in the middle of a number');
      const byte = this.#bytes[this.#at++];
      if (i < 4) low += (byte & 127) * 2 ** (7 * i);
      else high += (byte & (i < 9 ? 127 : 1)) * 2 ** (7 * (i - 4));
      if (byte < 128) return (signed && high >= 2 ** 35 ? high - 2 ** 36 : high) * 2 ** 28 + low;
    }
    return this.fail('a number has more than ten bytes');
  }

  /** An integer; a negative one only if the field allows it. */
  varint(signed = false): number {
    const value = this.#varint(signed);
    if (!Number.isSafeInteger(value)) this.fail(`${value} is out of range`);
    return value;
  }

  /** An integer of 64 bits. Beyond the exact integers it becomes the nearest exact one. */
  wideVarint(): number {
    const value = this.#varint(true);
    return Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
  }

  float(): number {
    return this.#viewOf(4).getFloat32(0, true);
  }

  #viewOf(length: number): DataView {
    const start = this.#take(length);
    const { buffer, byteOffset } = this.#bytes;
    return new DataView(buffer, byteOffset + start, length);
  }

  /** A view of the bytes of a value with this length, or with the length that it declares. */
  bytes(length = this.varint()): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** As {@link bytes}, but a long value of a stored file stays in the file. */
  source(): BytesSource {
    const length = this.varint();
    if (!this.#stored || length <= WINDOW) return this.bytes(length);
    const start = this.#pos;
    this.#pass(length);
    return partOf(this.#stored, start, length);
  }

  /** Skips bytes without reading them. */
  #pass(length: number): void {
    this.#expect(length);
    this.#at += length;
  }

  /** Reads to the end of a message that declares its length. */
  within(read: () => void): void {
    const length = this.varint();
    this.#expect(length);
    const outer = this.#end;
    this.#end = this.#pos + length;
    read();
    this.#end = outer;
  }

  skip(): void {
    if (this.wire === WIRE.varint) this.#varint(false);
    else this.#pass(this.wire === WIRE.bytes ? this.varint() : this.wire === WIRE.fixed32 ? 4 : 8);
  }
}

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

function readNested<S extends Schema>(schema: S, before: Message<S> | undefined, cursor: Cursor): Message<S> {
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
 * Reads a message. Strings are decoded; {@link elements} are views of `source`, and so are {@link longBytes}, which
 * stay in a stored file. The prototype of the message has the defaults of absent fields: `{ ...message }` leaves them
 * out.
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

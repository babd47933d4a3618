/**
 * The one pickle that Rensa reads: a NumPy object array whose every element is None, which is what Chainer saves for
 * a value that does not exist yet. Pickles are programs; here none is executed. A few opcodes are followed, calls stay
 * symbols, and anything but the expected end is refused.
 */
import { FormatError } from '../errors.js';
import { formatShape, sizeOf } from '../ndarray/shape.js';

/** What a pickle's stack may hold. A call is written down, never made. */
type Value = null | boolean | number | string | Value[] | Global | Call;

class Global {
  constructor(readonly name: string) {}
}

class Call {
  state: Value = null;
  constructor(
    readonly name: string,
    readonly args: Value,
  ) {}
}

const RECONSTRUCT = ['numpy.core.multiarray._reconstruct', 'numpy._core.multiarray._reconstruct'];
const GLOBALS = new Set([...RECONSTRUCT, 'numpy.ndarray', 'numpy.dtype', '_codecs.encode']);

/** Follows a pickle's opcodes from the first to STOP. */
class Reader {
  readonly #what: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;
  readonly #stack: Value[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, Value>();

  constructor(what: string, bytes: Uint8Array) {
    this.#what = what;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The value that the pickle ends with, of symbols. */
  run(): Value {
    for (;;) {
      const code = String.fromCharCode(this.#u8());
      if (code === '.') break;
      const operation = OPCODES[code];
      if (!operation) this.fail(`opcode 0x${code.charCodeAt(0).toString(16)} is not one of an array of None`);
      operation(this);
    }
    if (this.#position !== this.#bytes.length) this.fail(`${this.#bytes.length - this.#position} bytes follow its end`);
    return this.pop();
  }

  fail(reason: string): never {
    throw new FormatError(
      `${this.#what}: an object array holds a pickle, and pickles are not executed; only arrays of None are read (${reason})`,
    );
  }

  #skip(count: number): number {
    const start = this.#position;
    if (start + count > this.#bytes.length) this.fail(`it ends inside the opcode at byte ${start}`);
    this.#position = start + count;
    return start;
  }

  #u8(): number {
    return this.#bytes[this.#skip(1)];
  }

  /** An unsigned little-endian integer of 1, 2 or 4 bytes, or with `signed` an int32. */
  int(width: 1 | 2 | 4, signed = false): number {
    const at = this.#skip(width);
    if (width === 1) return this.#view.getUint8(at);
    if (width === 2) return this.#view.getUint16(at, true);
    return signed ? this.#view.getInt32(at, true) : this.#view.getUint32(at, true);
  }

  ignore(count: number): void {
    this.#skip(count);
  }

  text(length: number): string {
    const start = this.#skip(length);
    return String.fromCharCode(...this.#bytes.subarray(start, start + Math.min(length, 256)));
  }

  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#position);
    if (end < 0) this.fail('a line has no end');
    const line = this.text(end - this.#position);
    this.#position = end + 1;
    return line;
  }

  push(value: Value): void {
    this.#stack.push(value);
  }

  pop(): Value {
    const value = this.#stack.pop();
    if (value === undefined) this.fail('its stack runs empty');
    return value;
  }

  list(): Value[] {
    const value = this.#stack.at(-1);
    if (!Array.isArray(value)) this.fail('it appends to what is no list');
    return value;
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  popToMark(): Value[] {
    const mark = this.#marks.pop();
    if (mark === undefined || mark > this.#stack.length) this.fail('a mark is missing');
    return this.#stack.splice(mark);
  }

  popMany(count: number): Value[] {
    if (this.#stack.length < count) this.fail('its stack runs empty');
    return this.#stack.splice(this.#stack.length - count);
  }

  memoize(key: number = this.#memo.size): void {
    const value = this.pop();
    this.push(value);
    this.#memo.set(key, value);
  }

  recall(key: number): void {
    const value = this.#memo.get(key);
    if (value === undefined) this.fail(`memo ${key} is missing`);
    this.push(value);
  }

  global(module: Value, name: Value): void {
    const path = `${String(module)}.${String(name)}`;
    if (!GLOBALS.has(path)) this.fail(`it asks for ${path}`);
    this.push(new Global(path));
  }

  call(): void {
    const [callee, args] = this.popMany(2);
    if (!(callee instanceof Global)) this.fail('it calls what is no function');
    this.push(new Call(callee.name, args));
  }

  build(): void {
    const state = this.pop();
    const target = this.#stack.at(-1);
    if (!(target instanceof Call)) this.fail('it sets the state of what is no object');
    target.state = state;
  }
}

/** The opcodes of protocols 0 to 5 that NumPy's pickles of such arrays have. */
const OPCODES: Record<string, ((r: Reader) => void) | undefined> = {
  '\x80': (r) => r.ignore(1), // PROTO
  '\x95': (r) => r.ignore(8), // FRAME
  c: (r) => r.global(r.line(), r.line()), // GLOBAL
  '\x93': (r) => r.global(...pair(r.popMany(2))), // STACK_GLOBAL
  '\x8c': (r) => r.push(r.text(r.int(1))), // SHORT_BINUNICODE
  X: (r) => r.push(r.text(r.int(4))), // BINUNICODE
  V: (r) => r.push(r.line()), // UNICODE
  U: (r) => r.push(r.text(r.int(1))), // SHORT_BINSTRING
  C: (r) => r.push(r.text(r.int(1))), // SHORT_BINBYTES
  S: (r) => r.push(r.line().slice(1, -1)), // STRING
  K: (r) => r.push(r.int(1)), // BININT1
  M: (r) => r.push(r.int(2)), // BININT2
  J: (r) => r.push(r.int(4, true)), // BININT
  I: (r) => r.push(lineInt(r.line())), // INT, and the booleans of protocols 0 and 1
  L: (r) => r.push(Number.parseInt(r.line(), 10)), // LONG
  N: (r) => r.push(null),
  '\x88': (r) => r.push(true),
  '\x89': (r) => r.push(false),
  '(': (r) => r.mark(),
  ')': (r) => r.push([]),
  ']': (r) => r.push([]),
  t: (r) => r.push(r.popToMark()), // TUPLE
  l: (r) => r.push(r.popToMark()), // LIST
  '\x85': (r) => r.push(r.popMany(1)),
  '\x86': (r) => r.push(r.popMany(2)),
  '\x87': (r) => r.push(r.popMany(3)),
  a: (r) => append(r, [r.pop()]),
  e: (r) => append(r, r.popToMark()),
  q: (r) => r.memoize(r.int(1)), // BINPUT
  r: (r) => r.memoize(r.int(4)), // LONG_BINPUT
  p: (r) => r.memoize(Number.parseInt(r.line(), 10)), // PUT
  '\x94': (r) => r.memoize(), // MEMOIZE
  h: (r) => r.recall(r.int(1)), // BINGET
  j: (r) => r.recall(r.int(4)), // LONG_BINGET
  g: (r) => r.recall(Number.parseInt(r.line(), 10)), // GET
  R: (r) => r.call(),
  b: (r) => r.build(),
};

function pair(values: Value[]): [Value, Value] {
  return [values[0], values[1]];
}

function lineInt(line: string): boolean | number {
  return line === '00' ? false : line === '01' ? true : Number.parseInt(line, 10);
}

function append(r: Reader, values: Value[]): void {
  const list = r.list();
  for (const value of values) list.push(value);
}

/**
 * Refuses a pickle that is not an object array of `shape` full of None.
 *
 * @throws FormatError that says pickles are not executed, and what this one holds.
 */
export function checkPickledNone(what: string, pickle: Uint8Array, shape: readonly number[]): void {
  // Annotated, so that fail() narrows what follows it.
  const reader: Reader = new Reader(what, pickle);
  const array = reader.run();
  if (!(array instanceof Call) || !RECONSTRUCT.includes(array.name) || !Array.isArray(array.state)) {
    reader.fail('it ends with something that is no array');
  }
  // numpy.ndarray.__setstate__: version, shape, dtype, Fortran order, elements.
  const elements = array.state.at(-1);
  if (array.state.length !== 5 || !Array.isArray(elements)) reader.fail('its array has no elements');
  const size = sizeOf(shape);
  if (elements.length !== size) {
    reader.fail(`it has ${elements.length} elements, but shape ${formatShape(shape)} takes ${size}`);
  }
  if (elements.some((element) => element !== null)) reader.fail('it holds something other than None');
}

/** The pickle of a 0-d object array holding None, byte for byte what NumPy's protocol 3 gives. */
export function pickledNone(): Uint8Array {
  const pickle =
    '\x80\x03cnumpy.core.multiarray\n_reconstruct\nq\0cnumpy\nndarray\nq\x01K\0\x85q\x02C\x01bq\x03\x87q\x04Rq\x05' +
    '(K\x01)cnumpy\ndtype\nq\x06X\x02\0\0\0O8q\x07\x89\x88\x87q\x08Rq\x09' +
    '(K\x03X\x01\0\0\0|q\nNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tq\x0bb\x89]q\x0cNatq\rb.';
  return Uint8Array.from(pickle, (c) => c.charCodeAt(0));
}

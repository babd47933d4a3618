/**
 * Recognises the one pickle that Rensa reads: a NumPy object array whose every element is None, which Chainer saves for
 * a value that does not exist yet. Pickles are programs, and none is executed here: the bytes are compared with what
 * NumPy writes, in every protocol.
 */
import { FormatError } from '../errors.js';
import { formatShape, sizeOf } from '../ndarray/shape.js';
import { UnsupportedKind } from './unsupported.js';

/**
 * The function that makes arrays: the first thing that the pickle names, after the protocol and the length of the
 * frame.
 */
const BEGINNING = /^(\x80.)?(\x95.{8})?(c|\x8c.)numpy\._?core\.multiarray(\n|\x94\x8c.)_reconstruct/s;

/** The instructions that store a value for later use: PUT, BINPUT, LONG_BINPUT, MEMOIZE. */
const MEMO = '(?:p\\d+\\n|q.|r.{4}|\\x94)?';

/**
 * The instructions for the elements: a list, None appended one by one or many at a time, and a tuple that makes the
 * list the array's state.
 */
const END = new RegExp(`(?:\\]|\\(l)${MEMO}((?:Na|\\(N*e)*)t${MEMO}b\\.$`, 's');

/** The most bytes around the elements. */
const AROUND = 1000;

/**
 * Refuses a pickle that is not an object array of `shape` full of None.
 *
 * @throws FormatError that says pickles are not executed.
 */
export function checkPickledNone(what: string, pickle: Uint8Array, shape: readonly number[]): void {
  checkPickleLength(what, pickle.length, shape);
  const size = sizeOf(shape);
  const text = Array.from(pickle, (c) => String.fromCharCode(c)).join('');
  const elements = BEGINNING.test(text) && END.exec(text);
  if (!elements) refuse(what);
  const count = elements[1].split('N').length - 1;
  if (count !== size) {
    throw new FormatError(`${what}: it has ${count} elements, but shape ${formatShape(shape)} takes ${size}`);
  }
}

/**
 * Refuses a pickle that is longer than one of None for each element.
 *
 * @throws FormatError that says pickles are not executed.
 */
export function checkPickleLength(what: string, length: number, shape: readonly number[]): void {
  if (length > AROUND + 2 * sizeOf(shape)) refuse(what);
}

function refuse(what: string): never {
  throw new UnsupportedKind(
    `${what}: an object array holds a pickle, and pickles are not executed; only arrays of None are read`,
  );
}

/** The pickle of a 0-d object array that holds None, byte for byte as NumPy's protocol 3 writes it. */
export function pickledNone(): Uint8Array {
  const pickle =
    '\x80\x03cnumpy.core.multiarray\n_reconstruct\nq\0cnumpy\nndarray\nq\x01K\0\x85q\x02C\x01bq\x03\x87q\x04Rq\x05' +
    '(K\x01)cnumpy\ndtype\nq\x06X\x02\0\0\0O8q\x07\x89\x88\x87q\x08Rq\x09' +
    '(K\x03X\x01\0\0\0|q\nNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tq\x0bb\x89]q\x0cNatq\rb.';
  return Uint8Array.from(pickle, (c) => c.charCodeAt(0));
}

/**
 * Saves models, optimizers and trainers as NumPy's .npz, the files that Chainer's `save_npz` and `load_npz` exchange.
 */

import type { Serializer } from '../core/serializer.js';
import { ValueError } from '../errors.js';
import type { HostArray } from '../formats/host-array.js';
import type { Limits } from '../formats/limits.js';
import { encodeNpz, NpzFile } from '../formats/npz.js';
import { reading } from '../formats/reading.js';
import { scope } from '../ndarray/lifetime.js';
import { checkOptions, inWords } from '../options.js';
import {
  type DeserializerOptions,
  DictionaryChecker,
  DictionaryDeserializer,
  DictionarySerializer,
} from './dictionary.js';
import { type WriteOptions, writeBytes } from './disk.js';
import { splitTransferOptions, TRANSFER_OPTIONS, type TransferOptions } from './download.js';
import { type ByteSource, nameOf, readBytes } from './files.js';

/** An object with state to save: a link, an optimizer, an updater, a trainer. */
export interface Serializable {
  /** Passes each value to the serializer under its name, and takes the value that the serializer returns. */
  serialize(serializer: Serializer): void;
}

/** Options of writing. */
export interface NpzOptions {
  /** Deflate the entries. Default true, as in Chainer. */
  compression?: boolean;
}

/** Options of {@link saveNpz}. */
export interface SaveNpzOptions extends NpzOptions, WriteOptions {}

/** Options of reading. */
export interface FromNpzOptions extends DeserializerOptions {
  /** Reads only names below this path, such as `updater/model:main/`. Default '': everything. */
  path?: string;
  /**
   * Limits on the cost of the file: `bytes` of all its arrays, by default 256 MiB, or 64 times the file if that is
   * more; `nodes`: number of arrays; `elements`: elements of one array of texts.
   */
  limits?: Limits;
}

/** Options of {@link loadNpz}. */
export interface LoadNpzOptions extends FromNpzOptions, TransferOptions {}

/** @throws ValueError for an object without state, such as a path where the model belongs. */
export function checkState(op: string, target: unknown): asserts target is Serializable {
  const hasState = typeof target === 'function' || (typeof target === 'object' && target !== null);
  if (hasState && 'serialize' in target && typeof target.serialize === 'function') return;
  throw new ValueError(`${op}: ${inWords(target)} has no state; expected a link, an optimizer or a trainer`);
}

/** The state of an object as the bytes of an .npz file. Uninitialised parameters are stored as None. */
export function toNpz(target: Serializable, options: NpzOptions = {}): Uint8Array {
  checkState('toNpz', target);
  checkOptions('toNpz', options, { compression: true });
  const { compression = true } = options;
  const entries = new Map<string, HostArray>();
  target.serialize(new DictionarySerializer(entries));
  return encodeNpz(entries, { compressed: compression });
}

/**
 * Sets the state of an object from the bytes of an .npz file. The whole file is checked first, so after an error the
 * object is unchanged.
 *
 * @throws FormatError if the bytes are damaged or beyond a limit, KeyError if a key is missing, ShapeError if an array
 *   does not fit.
 */
export function fromNpz(bytes: Uint8Array, target: Serializable, options: FromNpzOptions = {}, name = 'npz'): void {
  checkState('fromNpz', target);
  checkOptions('fromNpz', options, { path: '', strict: true, limits: {} });
  const { path = '', strict = true } = options;
  const file = new NpzFile(bytes, name, options.limits);
  target.serialize(new DictionaryChecker(file, path, { strict }));
  scope(target, () => target.serialize(new DictionaryDeserializer(file, path, { strict })));
}

/**
 * Writes the state of an object to a file; follows chainer.serializers.save_npz. The file appears whole or not at all.
 * An existing file keeps its mode and owner, and a symbolic link is followed.
 *
 * @throws FileError if it cannot be written, with the code 'EACCES' if it is read-only, 'EISDIR' if it is a directory.
 */
export async function saveNpz(path: string, target: Serializable, options: SaveNpzOptions = {}): Promise<void> {
  checkOptions('saveNpz', options, { compression: true, durable: false });
  const { durable, ...format } = options;
  await writeBytes(path, toNpz(target, format), { durable });
}

/** Sets the state of an object from a file, URL, blob or bytes; follows chainer.serializers.load_npz. See {@link fromNpz}. */
export async function loadNpz(source: ByteSource, target: Serializable, options: LoadNpzOptions = {}): Promise<void> {
  checkOptions('loadNpz', options, { path: '', strict: true, limits: {}, ...TRANSFER_OPTIONS });
  const { transfer, rest } = splitTransferOptions(options);
  const [bytes, name] = [await readBytes(source, transfer, 'loadNpz'), nameOf(source)];
  await reading('npz', bytes, name, () => fromNpz(bytes, target, rest, name));
}

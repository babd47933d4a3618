/** Models, optimizers and trainers as NumPy's .npz, the files that Chainer's `save_npz` and `load_npz` exchange. */
import type { Serializer } from '../core/serializer.js';
import type { HostArray } from '../formats/host-array.js';
import { encodeNpz, NpzFile } from '../formats/npz.js';
import { reading } from '../formats/reading.js';
import { scope } from '../ndarray/lifetime.js';
import {
  type DeserializerOptions,
  DictionaryChecker,
  DictionaryDeserializer,
  DictionarySerializer,
} from './dictionary.js';
import { type ByteSource, nameOf, readBytes, writeBytes } from './files.js';

/** What has state to save: links, optimizers, updaters, trainers. */
export interface Serializable {
  /** Gives the serializer each value under its name, and takes what it gives back. */
  serialize(serializer: Serializer): void;
}

/** Options of writing. */
export interface NpzOptions {
  /** Deflate the entries. Default true, as in Chainer. */
  compression?: boolean;
}

/** Options of reading. */
export interface LoadNpzOptions extends DeserializerOptions {
  /** Read only what is below this path, such as `updater/model:main/`. Default '': everything. */
  path?: string;
}

/** The state of an object as the bytes of an .npz file. Uninitialised parameters are stored as None. */
export function toNpz(target: Serializable, options: NpzOptions = {}): Uint8Array {
  const { compression = true } = options;
  const entries = new Map<string, HostArray>();
  target.serialize(new DictionarySerializer(entries));
  return encodeNpz(entries, { compressed: compression });
}

/**
 * Sets the state of an object from the bytes of an .npz file.
 *
 * @throws FormatError if the bytes are damaged, KeyError if a key is missing, ShapeError if an array does not fit. The whole file is
 *   checked first, so that after an error the object is as it was.
 */
export function fromNpz(bytes: Uint8Array, target: Serializable, options: LoadNpzOptions = {}, name = 'npz'): void {
  const { path = '', strict = true } = options;
  const file = new NpzFile(bytes, name);
  target.serialize(new DictionaryChecker(file, path, { strict }));
  scope(target, () => target.serialize(new DictionaryDeserializer(file, path, { strict })));
}

/** Writes the state of an object to a file; follows chainer.serializers.save_npz. The file appears whole or not at all. */
export async function saveNpz(path: string, target: Serializable, options: NpzOptions = {}): Promise<void> {
  await writeBytes(path, toNpz(target, options));
}

/** Sets the state of an object from a file, URL, blob or bytes; follows chainer.serializers.load_npz. See {@link fromNpz}. */
export async function loadNpz(source: ByteSource, target: Serializable, options: LoadNpzOptions = {}): Promise<void> {
  const [bytes, name] = [await readBytes(source), nameOf(source)];
  await reading('npz', bytes, name, () => fromNpz(bytes, target, options, name));
}

/**
 * Saves models as safetensors, the format of most published weights. The publisher chooses the names in a file, so a
 * map gives the name of each parameter's path.
 */

import { type HostArray, isNumeric } from '../formats/host-array.js';
import type { Limits } from '../formats/limits.js';
import { reading } from '../formats/reading.js';
import { encodeSafetensors, SafetensorsFile } from '../formats/safetensors.js';
import { scope } from '../ndarray/lifetime.js';
import { checkOptions } from '../options.js';
import {
  type DeserializerOptions,
  DictionaryChecker,
  DictionaryDeserializer,
  DictionarySerializer,
  type HostArraySource,
} from './dictionary.js';
import { type WriteOptions, writeBytes } from './disk.js';
import { splitTransferOptions, TRANSFER_OPTIONS, type TransferOptions } from './download.js';
import { type ByteSource, nameOf, readBytes } from './files.js';
import { checkState, type Serializable } from './npz.js';

/**
 * The name in a file of each path here (`conv1/W`): a table, in which missing paths keep their names, or a function.
 * {@link torchNames} is the map for PyTorch's usual names.
 */
export type NameMap = Readonly<Record<string, string>> | ((path: string) => string);

/** Options of writing. */
export interface SafetensorsOptions {
  /** Default: names are paths. */
  names?: NameMap;
  /** Texts stored in the header. */
  metadata?: Readonly<Record<string, string>>;
}

/** Options of reading. */
export interface FromSafetensorsOptions extends DeserializerOptions {
  /** Default: names are paths. */
  names?: NameMap;
  /**
   * Limits on the cost of the file: `depth`: nesting of its JSON header, by default 100; `nodes`: number of arrays, by
   * default 2¹⁷.
   */
  limits?: Limits;
}

/** Options of {@link loadSafetensors}. */
export interface LoadSafetensorsOptions extends FromSafetensorsOptions, TransferOptions {}

function mapper(names: NameMap = {}): (path: string) => string {
  return typeof names === 'function' ? names : (path) => (Object.hasOwn(names, path) ? names[path] : path);
}

const TORCH_LEAVES: Readonly<Record<string, string>> = {
  W: 'weight',
  b: 'bias',
  gamma: 'weight',
  beta: 'bias',
  avg_mean: 'running_mean',
  avg_var: 'running_var',
  N: 'num_batches_tracked',
};

/** PyTorch's names: `conv1/W` is `conv1.weight`, `bn/avg_mean` is `bn.running_mean`, other slashes become dots. */
export function torchNames(path: string): string {
  const parts = path.split('/');
  const leaf = parts.pop() ?? '';
  return [...parts, Object.hasOwn(TORCH_LEAVES, leaf) ? TORCH_LEAVES[leaf] : leaf].join('.');
}

/** The state of an object as the bytes of a safetensors file. Parameters without a shape, and None, are left out. */
export function toSafetensors(target: Serializable, options: SafetensorsOptions = {}): Uint8Array {
  checkState('toSafetensors', target);
  checkOptions('toSafetensors', options, { names: null, metadata: null });
  const entries = new Map<string, HostArray>();
  target.serialize(new DictionarySerializer(entries));
  const nameFor = mapper(options.names);
  const arrays = [...entries].flatMap(([path, array]) => (isNumeric(array) ? [[nameFor(path), array] as const] : []));
  return encodeSafetensors(arrays, options.metadata);
}

/**
 * Sets the state of an object from the bytes of a safetensors file. The whole file is checked first, so after an error
 * the object is unchanged.
 *
 * @throws FormatError if the bytes are damaged or beyond a limit, KeyError if a name is missing, ShapeError if an array
 *   does not fit.
 */
export function fromSafetensors(
  bytes: Uint8Array,
  target: Serializable,
  options: FromSafetensorsOptions = {},
  name = 'safetensors',
): void {
  checkState('fromSafetensors', target);
  checkOptions('fromSafetensors', options, { names: null, strict: true, limits: {} });
  const { names, strict = true, limits } = options;
  const file = new SafetensorsFile(bytes, name, limits);
  const nameFor = mapper(names);
  const source: HostArraySource = {
    has: (path) => file.has(nameFor(path)),
    get: (path) => file.get(nameFor(path)),
  };
  target.serialize(new DictionaryChecker(source, '', { strict }));
  scope(target, () => target.serialize(new DictionaryDeserializer(source, '', { strict })));
}

/** Options of {@link saveSafetensors}. */
export interface SaveSafetensorsOptions extends SafetensorsOptions, WriteOptions {}

/**
 * Writes the state of an object to a safetensors file, which appears whole or not at all. See {@link saveNpz} for links and modes.
 *
 * @throws FileError if it cannot be written.
 */
export async function saveSafetensors(
  path: string,
  target: Serializable,
  options: SaveSafetensorsOptions = {},
): Promise<void> {
  checkOptions('saveSafetensors', options, { names: null, metadata: null, durable: false });
  const { durable, ...format } = options;
  await writeBytes(path, toSafetensors(target, format), { durable });
}

/** Sets the state of an object from a safetensors file, URL, blob or bytes. See {@link fromSafetensors}. */
export async function loadSafetensors(
  source: ByteSource,
  target: Serializable,
  options: LoadSafetensorsOptions = {},
): Promise<void> {
  checkOptions('loadSafetensors', options, { names: null, strict: true, limits: {}, ...TRANSFER_OPTIONS });
  const { transfer, rest } = splitTransferOptions(options);
  const [bytes, name] = [await readBytes(source, transfer, 'loadSafetensors'), nameOf(source)];
  await reading('safetensors', bytes, name, () => fromSafetensors(bytes, target, rest, name));
}

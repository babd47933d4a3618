/**
 * Serializers over a dictionary of host arrays. The writer collects the contents of a file; the reader returns them.
 * See `npz.ts` and `safetensors.ts` for the formats.
 */

import { otherCopy } from '../copies.js';
import type { Persistent, Serializer } from '../core/serializer.js';
import { KeyError, ShapeError } from '../errors.js';
import { type HostArray, narrow, scalarOf } from '../formats/host-array.js';
import { ofThisCopy } from '../ndarray/conversion.js';
import { fromHost } from '../ndarray/ndarray.js';
import { astype, copyto, NDArray, type TypedArray } from '../ndarray/np.js';
import { broadcastsTo, formatShape, type Shape } from '../ndarray/shape.js';
import { inWords } from '../options.js';

/** A copy of a device array in host memory. */
function toHost(array: NDArray, data: TypedArray = array.dataSync()): HostArray {
  const { shape, dtype } = array;
  // The dtype names the class of the data; the type checker cannot follow that.
  return { shape, dtype, data } as HostArray;
}

/** Collects values under their paths; follows chainer.serializers.DictionarySerializer. */
export class DictionarySerializer implements Serializer {
  readonly writing = true;

  /**
   * @param target the destination of arrays: path → host array.
   *
   * @param path the prefix of all names; it ends in '/' unless it is empty
   */
  constructor(
    readonly target: Map<string, HostArray> = new Map(),
    /** The prefix of its keys. */
    readonly path = '',
  ) {}

  child(name: string): Serializer {
    return new DictionarySerializer(this.target, `${this.path}${name}/`);
  }

  array(name: string, array: NDArray | null): NDArray | null {
    this.target.set(this.path + name, array === null ? { shape: [], dtype: 'none', data: null } : toHost(array));
    return array;
  }

  value<T extends Persistent>(name: string, value: T): T {
    this.target.set(this.path + name, hostValue(value));
    return value;
  }
}

/**
 * The types that Chainer stores: whole numbers as NumPy's int64, others as float64, booleans as bool, texts as unicode,
 * null as None.
 */
function hostValue(given: Persistent): HostArray {
  const value = ofThisCopy('save', given);
  if (value instanceof NDArray) return toHost(value);
  if (value === null) return { shape: [], dtype: 'none', data: null };
  if (typeof value === 'string') return { shape: [], dtype: 'str', data: [value] };
  if (typeof value === 'boolean') return { shape: [], dtype: 'bool', data: Uint8Array.of(Number(value)) };
  if (Number.isSafeInteger(value)) return { shape: [], dtype: 'int64', data: BigInt64Array.of(BigInt(value)) };
  return { shape: [], dtype: 'float64', data: Float64Array.of(value) };
}

/** The source of a reader: arrays by key. */
export interface HostArraySource {
  /** Whether there is a value with that key. */
  has(key: string): boolean;
  /** The value, or undefined if there is none. */
  get(key: string): HostArray | undefined;
}

/** Options of reading. */
export interface DeserializerOptions {
  /** Whether a missing key is an error. Default true; otherwise the old value stays. */
  strict?: boolean;
}

/** Reads values by their paths; follows chainer.serializers.NpzDeserializer. */
export class DictionaryDeserializer implements Serializer {
  readonly writing = false;
  constructor(
    /** The source of the values. */
    readonly source: HostArraySource,
    /** The prefix of its keys. */
    readonly path = '',
    /** Whether values may be missing. */
    readonly options: DeserializerOptions = {},
  ) {}

  child(name: string): Serializer {
    return new DictionaryDeserializer(this.source, `${this.path}${name}/`, this.options);
  }

  array(name: string, array: NDArray | null): NDArray | null {
    const found = find(this.source, this.path + name, this.options);
    if (found === null) return array;
    if (found.dtype === 'none') return array;
    const { data, shape, dtype } = narrow(found, `load '${this.path + name}'`);
    if (otherCopy(array)) throw new TypeError(`load '${this.path + name}': it goes to ${inWords(array)}`);
    if (array === null) return fromHost(data, shape, dtype);
    checkFits(this.path + name, shape, array.shape);
    copyto(array, astype(fromHost(data, shape, dtype, array.device), array.dtype));
    return array;
  }

  value<T extends Persistent>(name: string, value: T): T {
    if (value instanceof NDArray || otherCopy(value)) return (this.array(name, value as NDArray) ?? value) as T;
    const found = find(this.source, this.path + name, this.options);
    if (found === null) return value;
    if (found.dtype === 'none') return null as T;
    if (found.shape.length > 0) return this.array(name, null) as T;
    const scalar = scalarOf(found, `load '${this.path + name}'`);
    if (found.dtype === 'bool' || typeof value === 'boolean') return Boolean(scalar) as T;
    return (typeof scalar === 'bigint' ? Number(scalar) : scalar) as T;
  }
}

/**
 * Reads without changing anything, to check that a source has everything that an object needs, undamaged and with
 * shapes that fit. The object sees a writer, so it sets nothing.
 */
export class DictionaryChecker implements Serializer {
  readonly writing = true;

  constructor(
    readonly source: HostArraySource,
    readonly path = '',
    readonly options: DeserializerOptions = {},
  ) {}

  child(name: string): Serializer {
    return new DictionaryChecker(this.source, `${this.path}${name}/`, this.options);
  }

  array(name: string, array: NDArray | null): NDArray | null {
    const key = this.path + name;
    const found = find(this.source, key, this.options);
    if (found && array && found.dtype !== 'none') checkFits(key, narrow(found, `load '${key}'`).shape, array.shape);
    return array;
  }

  value<T extends Persistent>(name: string, value: T): T {
    if (value instanceof NDArray) this.array(name, value);
    else find(this.source, this.path + name, this.options);
    return value;
  }
}

/** The array of a key, or null if it is missing and may be. @throws KeyError, FormatError */
function find(source: HostArraySource, key: string, { strict = true }: DeserializerOptions): HostArray | null {
  const found = source.has(key) ? source.get(key) : undefined;
  if (!found && strict) throw new KeyError(`load: there is no '${key}'`);
  return found ?? null;
}

function checkFits(key: string, shape: Shape, wanted: Shape): void {
  if (!broadcastsTo(shape, wanted)) {
    throw new ShapeError(`load: '${key}' is ${formatShape(shape)} but the model has ${formatShape(wanted)}`);
  }
}

/** Concatenates a list of examples to the arrays that a model takes. */

import { ShapeError, ValueError } from '../errors.js';
import { type ArrayLike, convert, isItem } from '../ndarray/conversion.js';
import { type DeviceName, getDevice } from '../ndarray/device.js';
import { NDArray, pad, stack, toDevice } from '../ndarray/np.js';
import { formatShape } from '../ndarray/shape.js';
import { checkOptions, inWords } from '../options.js';
import { Batch, type Examples } from './batch.js';
import type { Concatenated } from './dataset.js';

/** The number that fills arrays up to a common shape, or one for each part of the examples. null: shapes must be equal. */
export type Padding = number | null | readonly (number | null)[] | Readonly<Record<string, number | null>>;

/** Options of {@link concatExamples}. */
export interface ConcatExamplesOptions {
  /** Fills arrays up to a common shape. Default null: arrays of different shapes are an error. */
  padding?: Padding;
}

/** Makes the arguments of a model from examples: one array, a tuple of arrays (the arguments in order), or a record of arrays. */
export type Converter<T> = (batch: Examples<T>, device?: DeviceName | null) => unknown;

/** A part of an example: any argument of `np.array`. */
type Part = ArrayLike;

function isTuple(example: unknown): example is readonly Part[] {
  return Array.isArray(example);
}

function isRecord(example: unknown): example is Readonly<Record<string, Part>> {
  return typeof example === 'object' && example !== null && !(Symbol.iterator in example) && !isItem(example);
}

function padTo(x: NDArray, shape: readonly number[], value: number): NDArray {
  if (x.ndim !== shape.length) {
    throw new ShapeError(`concatExamples: ${formatShape(x.shape)} cannot be padded to ${formatShape(shape)}`);
  }
  return pad(
    x,
    x.shape.map((n, k) => [0, shape[k] - n] as const),
    value,
  );
}

/** Numbers become int32 if all of them are whole, as labels are, and float32 otherwise. */
function concatArrays(parts: readonly Part[], padding: number | null): NDArray {
  if (parts.every((part) => typeof part === 'number'))
    return convert('concatExamples', 'examples', parts, parts.every(Number.isInteger) ? 'int32' : 'float32');
  const arrays = parts.map((part, i) =>
    part instanceof NDArray ? part : convert('concatExamples', `the part of example ${i}`, part),
  );
  if (padding === null) return stack(arrays);
  const shape = arrays[0].shape.map((_, k) => Math.max(...arrays.map((x) => x.shape[k] ?? 0)));
  return stack(arrays.map((x) => padTo(x, shape, padding)));
}

/** The padding of one part. */
function paddingOf(padding: Padding, key: number | string): number | null {
  if (padding === null || typeof padding === 'number') return padding;
  if (Array.isArray(padding)) return padding[Number(key)] ?? null;
  return Object.hasOwn(padding, key) ? (Reflect.get(padding, key) ?? null) : null;
}

function concatAny(examples: readonly unknown[], padding: Padding): unknown {
  const [first] = examples;
  if (isTuple(first)) {
    return first.map((_, k) =>
      concatArrays(
        examples.map((example) => partOf(example, k)),
        paddingOf(padding, k),
      ),
    );
  }
  if (isRecord(first)) {
    const columns = Object.keys(first).map((key) => [
      key,
      concatArrays(
        examples.map((example) => partOf(example, key)),
        paddingOf(padding, key),
      ),
    ]);
    return Object.fromEntries(columns);
  }
  return concatArrays(examples as readonly Part[], typeof padding === 'number' ? padding : null);
}

function partOf(example: unknown, key: number | string): Part {
  const part: Part | undefined =
    typeof example === 'object' && example !== null && Object.hasOwn(example, key)
      ? Reflect.get(example, key)
      : undefined;
  if (part === undefined) throw new ValueError(`concatExamples: an example lacks part ${key}, which the first one has`);
  return part;
}

/** Moves arrays, alone or in a list or a record, to a device. */
function move(arrays: unknown, device: DeviceName): unknown {
  if (arrays instanceof NDArray) return toDevice(arrays, device);
  if (Array.isArray(arrays)) return arrays.map((x) => move(x, device));
  return Object.fromEntries(Object.entries(Object(arrays)).map(([key, x]) => [key, move(x, device)]));
}

/**
 * Concatenates examples: arrays gain a first axis for the examples; of tuples and records, each part is concatenated by itself. A part
 * that is a number becomes int32 if it is whole in all examples of the batch, as labels are, and float32 otherwise. So pass targets that
 * are real numbers as arrays, or in a Float32Array. A part can be any argument of `np.array`. Follows chainer.dataset.concat_examples.
 *
 * @param device the device of the arrays. Default: that of the examples; numbers go to the default device.
 * @throws ShapeError if shapes differ and there is no padding. ValueError if there are no examples. TypeError for a part that is not an
 *   argument of `np.array`.
 */
export function concatExamples<T>(
  batch: Examples<T>,
  device: DeviceName | null = null,
  options: ConcatExamplesOptions = {},
): Concatenated<T> {
  checkOptions('concatExamples', options, { padding: 1 });
  const { padding = null } = options;
  if (!(batch instanceof Batch) && !Array.isArray(batch))
    throw new TypeError(`concatExamples: the batch is ${inWords(batch)}, expected a list of examples`);
  if (batch.length === 0) throw new ValueError('concatExamples: the batch is empty');
  if (device !== null) getDevice(device);
  const arrays =
    padding === null && batch instanceof Batch && batch.dataset.getBatch
      ? batch.dataset.getBatch(batch.indices)
      : concatAny([...batch], padding);
  return (device === null ? arrays : move(arrays, device)) as Concatenated<T>;
}

/** From a list of examples to the arrays that a model takes. */

import { ShapeError, ValueError } from '../errors.js';
import { type DeviceName, getDevice } from '../ndarray/device.js';
import { asarray, NDArray, type Nested, pad, stack, toDevice } from '../ndarray/np.js';
import { formatShape } from '../ndarray/shape.js';
import { checkOptions } from '../options.js';
import { Batch, type Examples } from './batch.js';
import type { Concatenated } from './dataset.js';

/** What fills arrays up to a common shape: one number, or one for each part of the examples. null: shapes must be equal. */
export type Padding = number | null | readonly (number | null)[] | Readonly<Record<string, number | null>>;

/** Options of {@link concatExamples}. */
export interface ConcatExamplesOptions {
  /** Default null: arrays of different shapes are an error. */
  padding?: Padding;
}

/** Makes the arguments of a model of examples: an array, several as a tuple (the arguments in order), or a record of arrays. */
export type Converter<T> = (batch: Examples<T>, device?: DeviceName | null) => unknown;

/** A number, nested numbers or an array: a part of an example. */
type Part = NDArray | Nested<number> | Nested<boolean>;

function isTuple(example: unknown): example is readonly Part[] {
  return Array.isArray(example);
}

function isRecord(example: unknown): example is Readonly<Record<string, Part>> {
  return (
    typeof example === 'object' && example !== null && !(example instanceof NDArray) && !ArrayBuffer.isView(example)
  );
}

/** Numbers are int32 where all of them are whole, as labels are, and float32 otherwise. */
function arrayOf(part: Part, wholeNumbers: boolean): NDArray {
  return typeof part === 'number' ? asarray(part, wholeNumbers ? 'int32' : 'float32') : asarray(part);
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

function concatArrays(parts: readonly Part[], padding: number | null): NDArray {
  const wholeNumbers = parts.every((part) => typeof part === 'number' && Number.isInteger(part));
  const arrays = parts.map((part) => arrayOf(part, wholeNumbers));
  if (padding === null) return stack(arrays);
  const shape = arrays[0].shape.map((_, k) => Math.max(...arrays.map((x) => x.shape[k] ?? 0)));
  return stack(arrays.map((x) => padTo(x, shape, padding)));
}

/** The padding of one part. */
function paddingOf(padding: Padding, key: number | string): number | null {
  if (padding === null || typeof padding === 'number') return padding;
  return (Array.isArray(padding) ? padding[Number(key)] : Reflect.get(padding, key)) ?? null;
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
    typeof example === 'object' && example !== null ? Reflect.get(example, key) : undefined;
  if (part === undefined) throw new ValueError(`concatExamples: an example has no part ${key}, but the first one has`);
  return part;
}

/** Arrays, alone or in a list or a record, on a device. */
function move(arrays: unknown, device: DeviceName): unknown {
  if (arrays instanceof NDArray) return toDevice(arrays, device);
  if (Array.isArray(arrays)) return arrays.map((x) => move(x, device));
  return Object.fromEntries(Object.entries(Object(arrays)).map(([key, x]) => [key, move(x, device)]));
}

/**
 * Puts examples together: arrays gain a first axis, the examples'; of tuples and records each part is put together. A part
 * that is a number gives int32 where it is whole in all examples of the batch, as labels are, and float32 otherwise: give
 * targets that are real numbers as arrays, or in a Float32Array. Follows chainer.dataset.concat_examples.
 *
 * @param device where the arrays go. Default: where the examples are; numbers go to the default device.
 * @throws ShapeError if shapes differ and there is no padding. ValueError if there are no examples.
 */
export function concatExamples<T>(
  batch: Examples<T>,
  device: DeviceName | null = null,
  options: ConcatExamplesOptions = {},
): Concatenated<T> {
  checkOptions('concatExamples', options, { padding: null });
  const { padding = null } = options;
  if (batch.length === 0) throw new ValueError('concatExamples: the batch is empty');
  if (device !== null) getDevice(device);
  const arrays =
    padding === null && batch instanceof Batch && batch.dataset.getBatch
      ? batch.dataset.getBatch(batch.indices)
      : concatAny([...batch], padding);
  return (device === null ? arrays : move(arrays, device)) as Concatenated<T>;
}

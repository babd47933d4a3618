/**
 * Remedies: the end of an error's message, which says how to mend the argument. Only checks that have failed call these functions.
 */
import { type Shape, sameShape, sizeOf } from '../../ndarray/shape.js';

/** For integers and bool where floats are needed. */
export const FLOATS_REMEDY = ".astype('float32') converts it";

/** For labels of another dtype than int32. */
export const LABELS_REMEDY = "np.array([…], 'int32') makes labels, .astype('int32') converts them";

/** The axes of a batch of `ndim` axes whose channels come second: features, signals, pictures or volumes. */
export const batchAxisNames = (ndim: number): string =>
  ['N', 'N, C', 'N, C, L', 'N, C, H, W', 'N, C, D, H, W'][ndim - 1] ??
  ['N', 'C', ...Array.from({ length: ndim - 2 }, (_, k) => `d${k + 1}`)].join(', ');

/** The call of `reshape` that gives an array a shape. */
const reshaped = (name: string, shape: Shape): string => `${name}.reshape([${shape.join(', ')}])`;

/** Whether a length may be that of a channel axis: equal to `channels` if that is known, else 1, 3 or 4 as in pictures. */
const isChannels = (length: number, channels: number | undefined): boolean =>
  channels === undefined ? [1, 3, 4].includes(length) : length === channels;

/**
 * For an array with channels on its last axis, where axis 1 is expected.
 *
 * @param axes the names of the expected axes, as `N, C, H, W`
 * @param channels the expected number of channels, if it is known
 */
export function channelsLastRemedy(name: string, shape: Shape, axes: string, channels?: number): string {
  const [n, c, ...inner] = axes.split(', ');
  const last = shape.length - 1;
  if (last !== inner.length + 1 || inner.length === 0) return '';
  if (!isChannels(shape[last], channels) || isChannels(shape[1], channels)) return '';
  const order = [0, last, ...inner.map((_, k) => k + 1)];
  return `; ${name} seems to be (${[n, ...inner, c].join(', ')}): ${name}.transpose([${order.join(', ')}]) gives (${axes})`;
}

/**
 * For an array that lacks the axis of the batch, of the channels, or both.
 *
 * @param axes the names of the expected axes, as `N, C, H, W`
 * @param channels the expected number of channels, if it is known
 */
export function missingAxesRemedy(name: string, shape: Shape, axes: string, channels?: number): string {
  const [n, c, ...inner] = axes.split(', ');
  const missing = 2 + inner.length - shape.length;
  if (n !== 'N' || shape.length === 0 || missing < 1 || missing > (c === 'C' ? 2 : 1)) return '';
  if (missing === 2) return `; batch and channel axes are missing: ${reshaped(name, [1, 1, ...shape])}`;
  const batch = `; a batch axis is missing: ${reshaped(name, [1, ...shape])}`;
  if (c !== 'C' || inner.length === 0 || isChannels(shape[0], channels)) return batch;
  const last = shape.length - 1;
  if (isChannels(shape[last], channels)) {
    const order = [last, ...inner.map((_, k) => k)];
    const image = [1, shape[last], ...shape.slice(0, last)];
    return `; ${name} seems to be one (${[...inner, c].join(', ')}): ${reshaped(`${name}.transpose([${order.join(', ')}])`, image)}`;
  }
  return `${batch}; or a channel axis: ${reshaped(name, [shape[0], 1, ...shape.slice(1)])}`;
}

/** For x with channels on another axis than 1, or without a batch axis. */
export function channelAxisRemedy(shape: Shape, channels: number): string {
  const ndim = shape.length;
  return (
    channelsLastRemedy('x', shape, batchAxisNames(ndim), channels) ||
    missingAxesRemedy('x', shape, batchAxisNames(ndim + 1), channels)
  );
}

/** For weights of a convolution in the layout of TensorFlow, where x has `channels` channels. */
export function weightsRemedy(shape: Shape, channels: number): string {
  const [c, o] = [shape.length - 2, shape.length - 1];
  if (shape[c] !== channels) return '';
  const order = [o, c, ...shape.slice(2).map((_, k) => k)];
  return `; W seems to have its channels last: W.transpose([${order.join(', ')}]) gives (O, C, …)`;
}

/** For an array whose shape differs from the expected one only in axes of length 1. */
export const sameSizeRemedy = (wanted: Shape, shape: Shape): string =>
  sizeOf(wanted) === sizeOf(shape) ? `; ${reshaped('', wanted)} makes them alike` : '';

/** For labels that do not have the shape `expected`, which follows from scores (N, C, …). */
export function labelShapeRemedy(scores: Shape, labels: Shape, expected: Shape): string {
  if (sameShape(scores, labels)) return '; np.argmax(t, 1) makes labels of one-hot rows';
  return sizeOf(labels) === sizeOf(expected) ? `; ${reshaped('t', expected)} has it` : '';
}

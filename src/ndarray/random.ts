/**
 * `np.random`: one generator for the whole program. Draws on the host (initial weights, shuffles) come from NumPy's legacy MT19937, so
 * that a seed gives NumPy's numbers. Draws of kernels (dropout) come from a counter-based generator with the same seed, so that a
 * seed gives the same numbers on every device.
 */

import { checkNumbers } from '../options.js';
import { choose } from './choice.js';
import { getDevice } from './device.js';
import { chooseSeedsBy, moveToStream, type StreamPosition, streamPosition } from './kernel-streams.js';
import { computedOnHost, type NDArray } from './ndarray.js';
import { type RandomStateSnapshot, RandomStream } from './random-stream.js';
import { apartFromRecording } from './recording.js';
import { checkList, checkShape, type Shape } from './shape.js';

export { drawOnDevice, type StreamPosition } from './kernel-streams.js';
export { RandomState, type RandomStateSnapshot } from './random-state.js';
export type { RandomStream } from './random-stream.js';

const generator = new RandomStream();

// A recording refuses host draws of the program, but may need a seed for kernels.
chooseSeedsBy(() => apartFromRecording(() => generator.randint(0, 2 ** 31 - 1)));

/** Restarts every random stream; follows numpy.random.seed. `n` is an unsigned 32-bit integer. */
export function seed(n: number): void {
  checkNumbers('seed', { n });
  generator.seed(n);
  moveToStream({ seed: n, next: 0 });
}

/** The state of all random numbers: the host's generator, and the place of the kernels' draws. */
export interface RandomStreams extends RandomStateSnapshot {
  /** The seed of the kernels' draws, null if none is chosen yet, and the next stream. */
  readonly kernels: StreamPosition;
}

/** The state of every random stream, from which {@link setState} can continue; follows numpy.random.get_state. */
export function getState(): RandomStreams {
  return { ...generator.getState(), kernels: streamPosition() };
}

/** Continues from a state; follows numpy.random.set_state. */
export function setState(state: RandomStreams): void {
  generator.setState(state);
  moveToStream(state.kernels);
}

/** The generator of these functions, which draws where no RandomState is given. */
export function defaultState(): RandomStream {
  return generator;
}

/** A float32 array of drawn numbers. */
function filled(op: string, size: unknown, draw: (numbers: Float32Array) => void): NDArray {
  return computedOnHost(shapeOf(op, size), 'float32', getDevice(), draw);
}

/** An int32 array of drawn numbers. The device allocates before the host draws. */
function drawn(shape: Shape, draw: (n: number) => Int32Array): NDArray {
  return computedOnHost<Int32Array>(shape, 'int32', getDevice(), (numbers) => numbers.set(draw(numbers.length)));
}

/** A shape as a list, or as the length of its only axis. */
function shapeOf(op: string, size: unknown): Shape {
  const shape = typeof size === 'number' ? [size] : size;
  checkList(op, 'size', shape);
  return checkShape(op, shape);
}

/** A shape as one list, or as its lengths one by one. */
function listOf(shape: number[] | [Shape]): unknown {
  return shape.length === 1 && typeof shape[0] === 'object' && shape[0] !== null ? shape[0] : shape;
}

/** float32 numbers from [0, 1): `rand(32, 1, 28, 28)` or `rand([32, 1, 28, 28])`; follows numpy.random.rand. */
export function rand(...shape: number[] | [Shape]): NDArray {
  return filled('rand', listOf(shape), (numbers) => generator.fillUniform(numbers));
}

/** float32 numbers from the standard normal distribution: `randn(3, 4)` or `randn([3, 4])`; follows numpy.random.randn. */
export function randn(...shape: number[] | [Shape]): NDArray {
  return filled('randn', listOf(shape), (numbers) => generator.fillNormal(numbers));
}

/** float32 numbers from [low, high); follows numpy.random.uniform. */
export function uniform(low = 0, high = 1, size: number | Shape = []): NDArray {
  checkNumbers('uniform', { low, high });
  return filled('uniform', size, (numbers) => generator.fillUniform(numbers, low, high));
}

/** float32 numbers of a normal distribution; follows numpy.random.normal. */
export function normal(loc = 0, scale = 1, size: number | Shape = []): NDArray {
  checkNumbers('normal', { loc, scale });
  return filled('normal', size, (numbers) => generator.fillNormal(numbers, loc, scale));
}

/** int32 integers from [low, high), or [0, low) when `high` is null; follows numpy.random.randint. */
export function randint(low: number, high: number | null = null, size: number | Shape = []): NDArray {
  checkNumbers('randint', high === null ? { low } : { low, high });
  return drawn(shapeOf('randint', size), (n) => generator.randint(low, high, n));
}

/** 0 … n−1 in random order, int32; follows numpy.random.permutation. */
export function permutation(n: number): NDArray {
  return drawn(checkShape('permutation', [n]), () => generator.permutation(n));
}

/**
 * A choice of `size` integers from 0 … n−1, int32, with the probabilities `p` (default: equal ones); follows numpy.random.choice.
 */
export function choice(n: number, size: number, replace = true, p: ArrayLike<number> | null = null): NDArray {
  checkNumbers('choice', { n });
  return drawn(checkShape('choice', [size]), () => choose(generator, n, size, { replace, p }));
}

/**
 * The random streams of kernels, which draw from a counter-based generator. Each draw takes the next stream of one seed, so that a
 * seed gives the same numbers on every device. For random numbers of the host, see `random-stream.ts`.
 */
import type { RandomKind } from '../backends/ops.js';
import type { Device } from './device.js';
import { allocate, type NDArray } from './ndarray.js';
import type { Shape } from './shape.js';

/** A place in the sequence of streams. */
export interface StreamPosition {
  /** The seed; null if the next draw chooses one. */
  readonly seed: number | null;
  /** The stream that the next draw reads. */
  readonly next: number;
}

let position: StreamPosition = { seed: null, next: 0 };

/** Chooses a seed if the program sets none. It runs at the first draw, because some runtimes forbid randomness at global scope. */
let chooseSeed = (): number => Math.floor(Math.random() * 2 ** 31);

/** Replaces the function that chooses a seed if the program sets none. */
export function chooseSeedsBy(choose: () => number): void {
  chooseSeed = choose;
}

/** The place of the next draw. */
export function streamPosition(): StreamPosition {
  return position;
}

/** Sets the place of the next draw. */
export function moveToStream(to: StreamPosition): void {
  position = to;
}

/** Takes the next `count` streams, of which `first` is the first. */
export function takeStreams(count: number): { seed: number; first: number } {
  const { seed, next: first } = position;
  const chosen = seed ?? chooseSeed();
  position = { seed: chosen, next: first + count };
  return { seed: chosen, first };
}

/** Runs `fn` and takes its draws back: the next draw reads the stream that it would read without `fn`. */
export function withoutTakingStreams<T>(fn: () => T): T {
  const { seed, next } = position;
  try {
    return fn();
  } finally {
    // A seed that `fn` chose stays.
    position = { seed: seed ?? position.seed, next };
  }
}

/**
 * float32 numbers that the device draws from its counter-based generator, for dropout and noise functions. Each call takes the next
 * stream of the seed.
 */
export function drawOnDevice(kind: RandomKind, shape: Shape, device: Device): NDArray {
  const { seed, first } = takeStreams(1);
  const out = allocate(shape, 'float32', device);
  device.random(kind, seed, first, out);
  return out;
}

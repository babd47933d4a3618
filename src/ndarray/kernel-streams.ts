/**
 * The random numbers that kernels draw: which stream of the counter-based generator each draw reads. Each draw takes the next
 * stream of one seed, so a seed gives the same numbers on every device. It knows nothing of the generator of the host.
 */
import type { RandomKind } from '../backends/ops.js';
import type { Device } from './device.js';
import { allocate, type NDArray } from './ndarray.js';
import type { Shape } from './shape.js';

/** A place in the sequence of streams: the next draw reads stream `next` of `seed`. A null seed is chosen at the next draw. */
export interface StreamPosition {
  /** The seed; null: it is chosen at the next draw. */
  readonly seed: number | null;
  /** The stream that the next draw reads. */
  readonly next: number;
}

let position: StreamPosition = { seed: null, next: 0 };

/** Chooses a seed where the program sets none. It runs at the first draw: some runtimes forbid randomness at global scope. */
let chooseSeed = (): number => Math.floor(Math.random() * 2 ** 31);

/** Replaces what chooses a seed where the program sets none. */
export function chooseSeedsBy(choose: () => number): void {
  chooseSeed = choose;
}

/** Where the next draw reads. */
export function streamPosition(): StreamPosition {
  return position;
}

/** Makes the next draw read there. */
export function moveToStream(to: StreamPosition): void {
  position = to;
}

/** Takes the next `count` streams: `first` and those after it. */
export function takeStreams(count: number): { seed: number; first: number } {
  const { seed, next: first } = position;
  const chosen = seed ?? chooseSeed();
  position = { seed: chosen, next: first + count };
  return { seed: chosen, first };
}

/** Runs `fn` and takes back its draws: the next draw reads where it would have read without `fn`. */
export function withoutTakingStreams<T>(fn: () => T): T {
  const { seed, next } = position;
  try {
    return fn();
  } finally {
    // A seed that was chosen meanwhile stays.
    position = { seed: seed ?? position.seed, next };
  }
}

/**
 * float32 numbers drawn by the device itself, from its counter-based generator: what dropout and noise functions use.
 * Each call takes the next stream of the seed.
 */
export function drawOnDevice(kind: RandomKind, shape: Shape, device: Device): NDArray {
  const { seed, first } = takeStreams(1);
  const out = allocate(shape, 'float32', device);
  device.random(kind, seed, first, out);
  return out;
}

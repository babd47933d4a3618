/**
 * What an updater and its replicas say to each other, and how arguments of a model travel: arrays as host data, in lists and
 * records as they were. replicas.ts and replica.ts send them.
 */
import type { ErrorMessage } from '../../datasets/messages.js';
import type { HostArray } from '../../formats/host-array.js';
import { fromHost } from '../../ndarray/ndarray.js';
import { type DType, NDArray, type TypedArray } from '../../ndarray/np.js';
import type { Shape } from '../../ndarray/shape.js';
import type { Place } from './shared-parameters.js';

/** The property of a worker's global under which its bootstrap leaves a {@link Welcome}; the script of replica-worker.ts names it too. */
export const WELCOME = Symbol.for('rensa.replica');

/** How the two sides find each other. */
export interface Welcome {
  readonly start: Start;
  readonly port: ReplicaPort;
}

/** The replica's side of the channel. */
export interface ReplicaPort {
  onmessage: ((event: { readonly data: Step }) => void) | null;
  postMessage(answer: Answer): void;
}

/** To a replica, first: what it shares, and what its model is to be like. */
export interface Start {
  readonly kind: 'rensa.replica';
  /** The module that makes the model; null where it is the worker's own script. */
  readonly url: string | null;
  readonly places: readonly Place[];
  readonly parameters: SharedArrayBuffer;
  readonly gradients: SharedArrayBuffer;
  /** Parameters and persistent values, as a file would hold them. */
  readonly state: ReadonlyMap<string, HostArray>;
  /** The name of the model in reports. */
  readonly name: string;
}

/** To a replica: compute the gradients of a share of a batch, with the parameters that are shared now. */
export interface Step {
  /** Counts the steps of this replica, so that an answer tells which one it belongs to. */
  readonly number: number;
  readonly inputs: readonly unknown[];
  /** The share's part of the batch, by which gradients are multiplied. */
  readonly weight: number;
  /** Of the random numbers of this step. */
  readonly seed: number;
  readonly train: boolean;
  readonly inRecomputing: boolean;
}

/** From a replica: that it is there, that gradients are shared now, or what went wrong. */
export type Answer =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'done';
      /** That of the step. */
      readonly number: number;
      /** Reported values by name. */
      readonly values: ReadonlyMap<string, number>;
      /** The places of parameters that the loss does not depend on. */
      readonly without: readonly number[];
    }
  | { readonly kind: 'failed'; readonly error: ErrorMessage };

/** Whether a message is an {@link Answer}, and not something that the module of a replica sent of its own. */
export function isAnswer(value: unknown): value is Answer {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, number, values, without, error } = value as Partial<Record<string, unknown>>;
  if (kind === 'ready') return true;
  if (kind === 'failed') return typeof Object(error).name === 'string' && typeof Object(error).message === 'string';
  return (
    kind === 'done' &&
    Number.isInteger(number) &&
    values instanceof Map &&
    [...values.values()].every((reported) => typeof reported === 'number') &&
    Array.isArray(without) &&
    without.every(Number.isInteger)
  );
}

/** An array on its way. */
class Sent {
  constructor(
    readonly sent: TypedArray,
    readonly shape: Shape,
    readonly dtype: DType,
  ) {}
}

/** Arguments as they can be sent; the buffers of their arrays, which may move, are added to `moved`. */
export function pack(value: unknown, moved: ArrayBuffer[]): unknown {
  if (value instanceof NDArray) {
    const data = value.dataSync();
    if (data.buffer instanceof ArrayBuffer) moved.push(data.buffer);
    return new Sent(data, value.shape, value.dtype);
  }
  return mapParts(value, (part) => pack(part, moved));
}

/** The arguments that {@link pack} sent, as arrays of the default device. */
export function unpack(value: unknown): unknown {
  return isSent(value) ? fromHost(value.sent, value.shape, value.dtype) : mapParts(value, unpack);
}

/** A class does not survive the way; its fields do. */
function isSent(value: unknown): value is Sent {
  return typeof value === 'object' && value !== null && 'sent' in value && ArrayBuffer.isView(value.sent);
}

/** A list or a plain record with its parts replaced; anything else as it is. */
function mapParts(value: unknown, change: (part: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, change(part)]));
}

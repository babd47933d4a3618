/**
 * The messages between an updater and its replicas, and the arguments of a model in them: arrays travel as host data, in the lists and
 * records that hold them. `replicas.ts` and `replica.ts` send the messages.
 */
import type { ErrorMessage } from '../../datasets/messages.js';
import type { HostArray } from '../../formats/host-array.js';
import { fromHost } from '../../ndarray/ndarray.js';
import { type DType, NDArray, type TypedArray } from '../../ndarray/np.js';
import type { Shape } from '../../ndarray/shape.js';
import type { Place } from './shared-parameters.js';

/** The property of a worker's global under which its bootstrap leaves a {@link Welcome}; the script of replica-worker.ts names it too. */
export const WELCOME = Symbol.for('rensa.replica');

/** The start and the port that a worker's bootstrap leaves for `replica`. */
export interface Welcome {
  readonly start: Start;
  readonly port: ReplicaPort;
}

/** The replica's side of the channel. */
export interface ReplicaPort {
  onmessage: ((event: { readonly data: Step }) => void) | null;
  postMessage(answer: Answer): void;
}

/** The first message to a replica: the shared memory, and the state of the model. */
export interface Start {
  readonly kind: 'rensa.replica';
  /** The address of the module that makes the model; null if that is the worker's own script. */
  readonly url: string | null;
  readonly places: readonly Place[];
  readonly parameters: SharedArrayBuffer;
  readonly gradients: SharedArrayBuffer;
  /** Parameters and persistent values by the names that a file has for them. */
  readonly state: ReadonlyMap<string, HostArray>;
  /** The name of the model in reports. */
  readonly name: string;
}

/** A message to a replica: compute the gradients of a share of a batch with the shared parameters. */
export interface Step {
  /** The number of the step, by which its answer is recognised. */
  readonly number: number;
  readonly inputs: readonly unknown[];
  /** The share's number of examples divided by the batch's; gradients are multiplied by it. */
  readonly weight: number;
  /** The seed of the random numbers of this step. */
  readonly seed: number;
  readonly train: boolean;
  readonly inRecomputing: boolean;
}

/** A message from a replica: it has started, its gradients are in the shared memory, or it failed. */
export type Answer =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'done';
      /** The number of the step. */
      readonly number: number;
      /** Reported values by name. */
      readonly values: ReadonlyMap<string, number>;
      /** The indices of parameters that the loss does not depend on. */
      readonly without: readonly number[];
    }
  | { readonly kind: 'failed'; readonly error: ErrorMessage };

/** Whether a message is an {@link Answer}. A replica's module may post messages of its own. */
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

/** An array in a message. */
class Sent {
  constructor(
    readonly sent: TypedArray,
    readonly shape: Shape,
    readonly dtype: DType,
  ) {}
}

/** Arguments in a form that can be sent. Adds the buffers of their arrays, which may move, to `moved`. */
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

/** Tells by fields, because a message keeps an object's fields and loses its class. */
function isSent(value: unknown): value is Sent {
  return typeof value === 'object' && value !== null && 'sent' in value && ArrayBuffer.isView(value.sent);
}

/** Applies `change` to the parts of a list or a plain record. Any other value stays as it is. */
function mapParts(value: unknown, change: (part: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, change(part)]));
}

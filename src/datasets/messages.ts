/** What threads say to each other: tasks one way, answers the other. Errors travel by name and are made again on arrival. */
import * as errors from '../errors.js';
import type { TaskName } from './tasks.js';

/** To a worker: do this. */
export interface Order {
  readonly id: number;
  readonly name: TaskName;
  readonly args: readonly unknown[];
}

/** An error that has left its thread. */
export interface ErrorMessage {
  readonly name: string;
  readonly message: string;
  /** Of a FileError. */
  readonly code?: string;
  /** Of a FileError. */
  readonly path?: string;
}

/** From a worker: that it is there, what came of an order, or what went wrong with it. */
export type Answer =
  | { readonly id: null }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: ErrorMessage };

/** Whether a message is an {@link Answer}, and not something that a module, or a script in the worker's place, sent. */
export function isAnswer(value: unknown): value is Answer {
  if (typeof value !== 'object' || value === null || !('id' in value)) return false;
  if (value.id === null) return true;
  if (!Number.isInteger(value.id)) return false;
  return 'error' in value ? typeof Object(value.error).message === 'string' : 'value' in value;
}

/** An error as its name and message. */
export function packError(error: unknown): ErrorMessage {
  if (error instanceof errors.FileError) {
    const { name, message, code, path } = error;
    return { name, message, code, path };
  }
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'ValueError', message: String(error) };
}

/** The error that a message tells of: of its own class if that is one of the library's, else a ValueError. */
export function unpackError({ name, message, ...reason }: ErrorMessage): errors.RensaError {
  const classes: Partial<Record<string, new (message: string, reason: errors.FileErrorOptions) => errors.RensaError>> =
    errors;
  const known = Object.hasOwn(classes, name) ? classes[name] : null;
  return new (known ?? errors.ValueError)(message, reason);
}

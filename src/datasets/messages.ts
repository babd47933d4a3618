/** The messages between a program and its dataset workers: tasks and answers. Errors travel by name and are made anew on arrival. */
import * as errors from '../errors.js';
import type { TaskName } from './tasks.js';

/** A message to a worker: do this task. */
export interface Order {
  readonly id: number;
  readonly name: TaskName;
  readonly args: readonly unknown[];
}

/** An error in a message. */
export interface ErrorMessage {
  readonly name: string;
  readonly message: string;
  /** The code of a FileError. */
  readonly code?: string;
  /** The path of a FileError. */
  readonly path?: string;
}

/** A message from a worker: it has started, or the result or the error of an order. */
export type Answer =
  | { readonly id: null }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: ErrorMessage };

/** Whether a message is an {@link Answer}. A module, or another script in the worker's place, may post messages of its own. */
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

/** Makes the error of a message: of its own class if that is one of the library's, else a ValueError. */
export function unpackError({ name, message, ...reason }: ErrorMessage): errors.RensaError {
  const classes: Partial<Record<string, new (message: string, reason: errors.FileErrorOptions) => errors.RensaError>> =
    errors;
  const known = Object.hasOwn(classes, name) ? classes[name] : null;
  return new (known ?? errors.ValueError)(message, reason);
}

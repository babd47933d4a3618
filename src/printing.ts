/**
 * How objects print. A class describes itself by `toString`; the hooks in this file let the consoles of Node, Bun and
 * Deno ask for that text. {@link Described} is a base class for objects that print their constructor's arguments.
 */

import { COPY, type Copy, MARK } from './copies.js';

/** The method that Node's and Bun's `console.log` call. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** The method that Deno's `console.log` calls. */
export const INSPECT_IN_DENO: unique symbol = Symbol.for('Deno.customInspect');

/** The method by which an object gives the arguments it was made with; see {@link Described}. */
export const made: unique symbol = Symbol('made');

/** Characters of the longest description that stays on one line. */
const LINE = 100;

/** How many items of a list are written out. */
const ITEMS = 8;

/** The name of an object's class. */
export function classOf(value: object): string {
  return value.constructor?.name || 'Object';
}

/** An object in a few words, where there is no space for more: `[NDArray]`. */
export function inBrief(value: object): string {
  return `[${classOf(value)}]`;
}

/** The base of classes that print as their name and arguments: `Adam(alpha=0.001, beta1=0.9)`. */
export abstract class Described {
  /** @internal The arguments that the object was made with, by name. Default: its public fields. */
  [made](): Readonly<Record<string, unknown>> {
    const isArgument = (value: unknown) => typeof value !== 'function' || value instanceof Described;
    return Object.fromEntries(Object.entries(this).filter(([, value]) => isArgument(value)));
  }

  /** @internal */
  get [MARK](): Copy {
    return COPY;
  }

  /** The class and its arguments, as consoles show them. */
  toString(): string {
    return describe(classOf(this), this[made]());
  }

  /** @internal */
  [INSPECT](depth: number): string {
    return depth < 0 ? inBrief(this) : this.toString();
  }

  /** @internal */
  [INSPECT_IN_DENO](): string {
    return this.toString();
  }
}

/** `SGD(lr=0.01)`, with one argument a line if the text is too long for one line. */
function describe(name: string, args: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(args).map(([key, value]) => `${key}=${valueText(value)}`);
  const line = `${name}(${parts.join(', ')})`;
  if (line.length <= LINE && !line.includes('\n')) return line;
  return `${name}(\n${parts.map((part) => indent(part)).join(',\n')}\n)`;
}

/** Every line indented by two more columns. */
export function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

/** A value inside a description. It reads no array: a large value appears as its class and shape. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (value instanceof Described) return value.toString();
  if (typeof value === 'function') return value.name || 'function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) {
    const items = value.slice(0, ITEMS).map(valueText);
    return `[${items.join(', ')}${value.length > ITEMS ? `, … ${value.length} in all` : ''}]`;
  }
  const name = classOf(value);
  if (name === 'Object')
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key}: ${valueText(item)}`)
      .join(', ')} }`;
  const { length, shape, dtype } = value as { length?: number; shape?: readonly number[]; dtype?: string };
  if (shape && dtype) return `${name} ${shapeText(shape)} ${dtype}`;
  return length === undefined ? name : `${name}(${length})`;
}

/** A shape as NumPy writes it: `(2, 3)`, `(6,)`, `()`. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}

/** Links as text: the tree of layers with the shapes and numbers of parameters, as PyTorch prints modules. */

import { classOf, indent, shapeText, valueText } from '../printing.js';
import { formatCount } from '../text-table.js';
import type { Parameter } from './parameter.js';

/** The contents of a link. */
export interface Composition {
  /** The own parameters of the link. */
  readonly params: readonly (readonly [name: string, param: Parameter])[];
  /** Links and functions in the order of the text. A function in a list has no name. */
  readonly parts: readonly (readonly [name: string, part: unknown])[];
  /** The parameters of the link and of all links below it. */
  readonly all: readonly Parameter[];
  /** Whether the own parameters of the link are frozen. */
  readonly isFrozen: boolean;
}

/** The text of a link or a function. `compositionOf` returns null for a value that is not a link. A link inside itself shows its name alone. */
export function linkText(
  link: unknown,
  compositionOf: (part: unknown) => Composition | null,
  above: readonly unknown[] = [],
): string {
  const composition = compositionOf(link);
  if (!composition) return valueText(link);
  const name = classOf(link as object);
  if (above.includes(link)) return name;
  const { params, parts, all, isFrozen } = composition;
  const own = params.map(([name, param]) => `${name}=${param.isInitialized ? shapeText(param.shape) : '?'}`);
  const lines = parts.map(
    ([name, part]) => `${name && `(${name}): `}${linkText(part, compositionOf, [...above, link])}`,
  );
  const body = lines.length === 0 ? own.join(', ') : `\n${indent([...own, ...lines].join('\n'))}\n`;
  return `${name}(${body})${all.length === 0 ? '' : ` // ${countOf(all)}${isFrozen ? ', frozen' : ''}`}`;
}

/** `61,706 parameters`; before the first call `84 parameters and those of unknown shape`. */
function countOf(params: readonly Parameter[]): string {
  const known = params.filter(({ isInitialized }) => isInitialized);
  const count = known.reduce((sum, { size }) => sum + size, 0);
  return `${formatCount(count)} parameters${known.length < params.length ? ' and those of unknown shape' : ''}`;
}

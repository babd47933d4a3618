/** Links as text: the tree of their parts, with the shapes and the number of their parameters, as PyTorch prints modules. */

import { classOf, indent, shapeText, valueText } from '../printing.js';
import { formatCount } from '../text-table.js';
import type { Parameter } from './parameter.js';

/** What a link is made of. */
export interface Composition {
  /** Its own parameters. */
  readonly params: readonly (readonly [name: string, param: Parameter])[];
  /** Links and functions in the order they are shown; a function in a list has no name. */
  readonly parts: readonly (readonly [name: string, part: unknown])[];
  /** Its own parameters and those of all links below it. */
  readonly all: readonly Parameter[];
  /** Whether optimizers leave the link's own parameters as they are. */
  readonly isFrozen: boolean;
}

/** The text of a link or a function, `compositionOf` giving null for what is no link. A link inside of itself is shown by its name. */
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

/** `61,706 parameters`, and `84 parameters and those of unknown shape` before the first call. */
function countOf(params: readonly Parameter[]): string {
  const known = params.filter(({ isInitialized }) => isInitialized);
  const count = known.reduce((sum, { size }) => sum + size, 0);
  return `${formatCount(count)} parameters${known.length < params.length ? ' and those of unknown shape' : ''}`;
}

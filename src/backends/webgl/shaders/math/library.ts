/**
 * A GLSL library of elementary functions in float32, with a relative error of about 2e-7. The built-in functions are less accurate: real
 * GPUs may err by 2⁻¹¹ absolute in sin, and by several units in the last place in exp, log and pow. Each function reduces its argument
 * and evaluates a near-minimax polynomial, fitted by weighted least squares (Lawson's iteration) on the reduced interval.
 */

import { ANGLES } from './angles.js';
import { ERROR_FUNCTIONS } from './erf.js';
import { EXPONENTIALS } from './exponentials.js';
import { POWERS } from './powers.js';

const LIBRARY = { ...EXPONENTIALS, ...ANGLES, ...ERROR_FUNCTIONS, ...POWERS };

export type LibraryName = keyof typeof LIBRARY;

/** A function of the library, which also contains all functions that it uses. */
interface Entry {
  readonly uses?: readonly LibraryName[];
  readonly source: string;
}

/** The sources of these functions and of all functions that they use, each once and before its users. */
export function library(names: readonly LibraryName[]): string {
  const included = new Map<LibraryName, string>();
  const include = (name: LibraryName) => {
    if (included.has(name)) return;
    const { uses = [], source }: Entry = LIBRARY[name];
    for (const used of uses) include(used);
    included.set(name, source);
  };
  for (const name of names) include(name);
  return `${[...included.values()].join('\n')}\n`;
}

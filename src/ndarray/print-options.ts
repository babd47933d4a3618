/** How arrays are written as text: NumPy's options, in force for the whole program. */
import { ValueError } from '../errors.js';
import { checkOptions } from '../options.js';

/** Options of {@link setPrintoptions}, with NumPy's meanings and defaults. */
export interface PrintOptions {
  /** Digits after the point at most. Default 8. */
  precision?: number;
  /** Arrays of more elements are summarised. Default 1000. */
  threshold?: number;
  /** How many elements at each end of each axis a summary shows. Default 3. */
  edgeitems?: number;
  /** Characters of a line, after which elements are wrapped. Default 75. */
  linewidth?: number;
  /** Never write small numbers as 1e-10, but as 0. Default false. */
  suppress?: boolean;
  /** What NaN is written as. Default `nan`. */
  nanstr?: string;
  /** What infinity is written as. Default `inf`. */
  infstr?: string;
}

const DEFAULTS: Required<PrintOptions> = {
  precision: 8,
  threshold: 1000,
  edgeitems: 3,
  linewidth: 75,
  suppress: false,
  nanstr: 'nan',
  infstr: 'inf',
};

let current = DEFAULTS;

/** The options in force. Follows numpy.get_printoptions. */
export function getPrintoptions(): Required<PrintOptions> {
  return { ...current };
}

/** The options in force, with some replaced. @throws TypeError for unknown names, ValueError for values that cannot be. */
export function withOptions(op: string, options: PrintOptions): Required<PrintOptions> {
  checkOptions(op, options, DEFAULTS);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const all: Required<PrintOptions> = { ...current, ...Object.fromEntries(given) };
  for (const name of ['precision', 'threshold', 'edgeitems', 'linewidth'] as const) {
    const value = all[name];
    const isCount = name === 'precision' ? value <= 60 : true;
    if (!(isCount && value >= 0 && value === Math.floor(value)))
      throw new ValueError(`${op}: ${name} ${value}, expected a whole number of 0 or more`);
  }
  return all;
}

/**
 * Sets options for all arrays that are printed from now on; those that are not named stay. Follows numpy.set_printoptions.
 *
 * @throws TypeError for unknown names, ValueError for values that cannot be.
 */
export function setPrintoptions(options: PrintOptions): void {
  current = withOptions('setPrintoptions', options);
}

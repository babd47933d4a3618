/** NumPy's options for arrays as text. They hold for the whole program. */
import { ValueError } from '../errors.js';
import { checkOptions } from '../options.js';

/** Options of {@link setPrintoptions}, with NumPy's meanings and defaults. */
export interface PrintOptions {
  /** The most digits after the point. Default: 8. */
  precision?: number;
  /** The most elements that are all shown; of more, a summary is shown. Default: 1000. */
  threshold?: number;
  /** The number of elements that a summary shows at each end of each axis. Default: 3. */
  edgeitems?: number;
  /** The most characters in a line. Default: 75. */
  linewidth?: number;
  /** Whether small numbers are written as 0, never as 1e-10. Default: false. */
  suppress?: boolean;
  /** The text for NaN. Default: `nan`. */
  nanstr?: string;
  /** The text for infinity. Default: `inf`. */
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

/** The current options. Follows numpy.get_printoptions. */
export function getPrintoptions(): Required<PrintOptions> {
  return { ...current };
}

/** The current options with some replaced. @throws TypeError for unknown names, ValueError for invalid values. */
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
 * Sets options for all later prints; options without a name here stay. Follows numpy.set_printoptions.
 *
 * @throws TypeError for unknown names, ValueError for invalid values.
 */
export function setPrintoptions(options: PrintOptions): void {
  current = withOptions('setPrintoptions', options);
}

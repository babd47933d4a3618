/**
 * What a file may cost. A reader makes a {@link Budget} from its options and the size of its file, and asks it before it takes
 * memory or time: a file of a few bytes can declare any size.
 */
import { FormatError, ValueError } from '../errors.js';
import { checkOptions, inWords } from '../options.js';

/** What one file may cost: positive integers, or Infinity for no limit. */
export interface Limits {
  /** Bytes that the file may have reserved for it, its weights included. Default: 256 MiB, or 64 times the file if that is more. */
  bytes?: number;
  /** Of these, bytes of arrays that are computed while a graph is loaded. Default: 32 MiB, or 12 times the file if that is more. */
  constants?: number;
  /**
   * Multiply-adds that are computed while a graph is loaded; a step that multiplies nothing counts four for each element. Default: 2²⁷,
   * or 64 for each byte of the file if that is more.
   */
  multiplyAdds?: number;
  /** Operators of a graph, layers of a net and their blobs, entries of an archive. Default: 2¹⁷. */
  nodes?: number;
  /** How deep values may be nested in one another. Default: 100. */
  depth?: number;
  /**
   * Items of one list, in the file or made from it, such as the places of a Resize. Default: 2²⁰, or one for each byte of the file if
   * that is more.
   */
  elements?: number;
  /** Pixels of one picture. Default: 10⁸. */
  pixels?: number;
}

/** The defaults for a file of so many bytes. */
const defaultsFor = (file: number): Required<Limits> => ({
  bytes: Math.max(2 ** 28, 64 * file),
  constants: Math.max(2 ** 25, 12 * file),
  multiplyAdds: Math.max(2 ** 27, 64 * file),
  nodes: 2 ** 17,
  depth: 100,
  elements: Math.max(2 ** 20, file),
  pixels: 1e8,
});

/** A quantity for messages: three digits, with SI's prefix: `4.29 GB`, `100 M`, `131,072`. */
function amount(n: number, unit: string): string {
  const power = n < 1e6 || n === Number.POSITIVE_INFINITY ? 0 : Math.min(5, Math.floor(Math.log10(n) / 3));
  const digits = power ? (n / 1000 ** power).toPrecision(3) : n.toLocaleString('en');
  return `${digits} ${['', '', 'M', 'G', 'T', 'P'][power] ?? ''}${unit}`.trim();
}

/** What is left of the {@link Limits} of one file. */
export class Budget {
  readonly #op: string;
  readonly #limits: Required<Limits>;
  readonly #spent = new Map<keyof Limits, number>();

  /**
   * @param op the function that the limits were passed to, for messages
   * @param file the bytes of the file
   * @throws TypeError for a limit that does not exist, ValueError for one that is no positive integer.
   */
  constructor(op: string, limits: Limits = {}, file = 0) {
    const defaults = defaultsFor(file);
    checkOptions(`${op}: limits`, limits, defaults);
    for (const [name, most] of Object.entries(limits)) {
      if (most !== undefined && most !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(most) && most > 0))
        throw new ValueError(`${op}: limits.${name} is ${inWords(most)}, expected a positive integer or Infinity`);
    }
    this.#op = op;
    const given = Object.entries(limits).filter(([, most]) => most !== undefined);
    this.#limits = { ...defaults, ...Object.fromEntries(given) };
  }

  /** Takes from a limit that the whole file shares, such as `bytes`. @throws FormatError if too little is left. */
  spend(limit: keyof Limits, needed: number, what: string): void {
    const sum = (this.#spent.get(limit) ?? 0) + needed;
    this.#expect(limit, sum, sum === needed ? `${what} needs` : `${what} brings the total to`);
    this.#spent.set(limit, sum);
  }

  /** Refuses more than a limit that holds for each thing by itself, such as `depth` or `pixels`. @throws FormatError */
  check(limit: keyof Limits, needed: number, what: string): void {
    this.#expect(limit, needed, `${what} needs`);
  }

  #expect(limit: keyof Limits, needed: number, what: string): void {
    const most = this.#limits[limit];
    if (needed <= most) return;
    const unit = limit === 'bytes' || limit === 'constants' ? 'B' : '';
    throw new FormatError(
      `${this.#op}: ${what} ${amount(needed, unit)}, more than limits.${limit} (${amount(most, unit)}): ` +
        `pass { limits: { ${limit} } } to allow it`,
    );
  }
}

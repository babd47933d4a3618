/**
 * Limits on the cost of a file. A reader makes a {@link Budget} from its options and the size of its file, and asks it
 * before it allocates memory or computes: a file of a few bytes can declare any size.
 */
import { FormatError, ValueError } from '../errors.js';
import { checkOptions, inWords } from '../options.js';

/** Limits on the cost of one file: positive integers, or Infinity for no limit. */
export interface Limits {
  /**
   * Bytes of memory that are reserved for the file, its weights included. Default: 256 MiB, or 64 times the file if
   * that is more.
   */
  bytes?: number;
  /**
   * The part of `bytes` for arrays that are computed while a graph is loaded. Default: 32 MiB, or 12 times the file if
   * that is more.
   */
  constants?: number;
  /**
   * Multiply-adds that are computed while a graph is loaded. A step without products counts as four for each element.
   * Default: 2²⁷, or 64 for each byte of the file if that is more.
   */
  multiplyAdds?: number;
  /** Operators of a graph, layers of a net and their blobs, entries of an archive. Default: 2¹⁷. */
  nodes?: number;
  /** Nesting depth of values. Default: 100. */
  depth?: number;
  /**
   * Items of one list, in the file or made from it, such as the sizes of a Resize. Default: 2²⁰, or one for each byte
   * of the file if that is more.
   */
  elements?: number;
  /** Pixels of one picture. Default: 10⁸. */
  pixels?: number;
}

/** The default limits for a file of `file` bytes. */
const defaultsFor = (file: number): Required<Limits> => ({
  bytes: Math.max(2 ** 28, 64 * file),
  constants: Math.max(2 ** 25, 12 * file),
  multiplyAdds: Math.max(2 ** 27, 64 * file),
  nodes: 2 ** 17,
  depth: 100,
  elements: Math.max(2 ** 20, file),
  pixels: 1e8,
});

/** A quantity for messages, with three digits and an SI prefix: `4.29 GB`, `100 M`, `131,072`. */
function amount(n: number, unit: string): string {
  const power = n < 1e6 || n === Number.POSITIVE_INFINITY ? 0 : Math.min(5, Math.floor(Math.log10(n) / 3));
  const digits = power ? (n / 1000 ** power).toPrecision(3) : n.toLocaleString('en');
  return `${digits} ${['', '', 'M', 'G', 'T', 'P'][power] ?? ''}${unit}`.trim();
}

/** The unused part of the {@link Limits} of one file. */
export class Budget {
  readonly #op: string;
  readonly #limits: Required<Limits>;
  readonly #spent = new Map<keyof Limits, number>();

  /**
   * @param op the function that got the limits, for messages.
   *
   * @param file the bytes of the file.
   * @throws TypeError for an unknown limit, ValueError for one that is not a positive integer.
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

  /** Spends from a limit that the whole file shares, such as `bytes`. @throws FormatError if too little is left. */
  spend(limit: keyof Limits, needed: number, what: string): void {
    const sum = (this.#spent.get(limit) ?? 0) + needed;
    this.#expect(limit, sum, sum === needed ? `${what} needs` : `${what} brings the total to`);
    this.#spent.set(limit, sum);
  }

  /**
   * Checks against a limit that holds for each item separately, such as `depth` or `pixels`.
   *
   * @throws FormatError beyond it.
   */
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

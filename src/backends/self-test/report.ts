/** The report of a device's self-test: how errors are measured, and how a report is printed. */
import { tableLines } from '../../text-table.js';
import type { Precision } from '../backend.js';

/** Kinds of arithmetic in which devices differ. */
export type Family = 'elementwise' | 'reductions' | 'products' | 'convolutions' | 'integers';

/**
 * Units of errors. `ulp`: the largest distance to the exact result, in units of the spacing of the device's numbers at that result.
 * `epsilon`: the largest distance divided by the sum of the terms' magnitudes, in units of half the spacing at 1; a sum that cancels has
 * few digits on any device. `wrong`: the number of elements that differ from an exact result.
 */
type ErrorUnit = 'ulp' | 'epsilon' | 'wrong';

/** One operation's errors. */
export interface OperationReport {
  /** The kind of the operation. */
  readonly family: Family;
  /** The operation, and the sizes that it was tried on. */
  readonly operation: string;
  /** The unit of `error` and `bound`. */
  readonly unit: ErrorUnit;
  /** The largest error found; NaN where a result is not a number but should be. */
  readonly error: number;
  /** The largest error that is accepted. */
  readonly bound: number;
  /** Whether the error is within the bound. */
  readonly passed: boolean;
}

/** The result of {@link checkDevice}. */
export interface DeviceReport {
  /** The device that was checked. */
  readonly device: string;
  /** The precision in which the device stores float32 arrays. Errors are measured by its spacing. */
  readonly precision: Precision;
  /** Whether all operations passed. */
  readonly passed: boolean;
  /** Each operation, in the order of the test. */
  readonly operations: readonly OperationReport[];
}

/** For each precision: the bits of the fraction, the exponent of the smallest normal number, and the largest number. */
export const NUMBERS = {
  float32: { bits: 23, smallestExponent: -126, largest: 2 ** 128 - 2 ** 104 },
  float16: { bits: 10, smallestExponent: -14, largest: 65_504 },
} satisfies Record<Precision, { bits: number; smallestExponent: number; largest: number }>;

/** The distance between neighbouring numbers at x. */
function spacingAt(x: number, precision: Precision): number {
  const { bits, smallestExponent } = NUMBERS[precision];
  const exponent = x === 0 ? smallestExponent : Math.max(smallestExponent, Math.floor(Math.log2(Math.abs(x))));
  return 2 ** (exponent - bits);
}

/** The largest of the errors, NaN if one of them is. */
const largest = (got: ArrayLike<number>, errorOf: (value: number, i: number) => number): number =>
  Array.from(got, errorOf).reduce((a, b) => (Number.isNaN(a) || a > b ? a : b), 0);

/** Errors in units in the last place. */
export const inUlp = (got: ArrayLike<number>, want: ArrayLike<number>, precision: Precision): number =>
  largest(got, (value, i) => Math.abs(value - want[i]) / spacingAt(want[i], precision));

/** Errors relative to `magnitudes`, in units of half the spacing at 1. */
export const inEpsilon = (
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  magnitudes: ArrayLike<number>,
  precision: Precision,
): number =>
  largest(got, (value, i) => (Math.abs(value - want[i]) / magnitudes[i]) * 2 ** (NUMBERS[precision].bits + 1));

/** The number of elements that differ. */
export const wrong = (got: ArrayLike<number>, want: ArrayLike<number>): number =>
  Array.from(got).filter((value, i) => value !== want[i]).length;

/** Prints a report as a table. */
export function printDeviceReport(report: DeviceReport, print: (line: string) => void = console.log): void {
  const number = (x: number) => (Number.isInteger(x) ? String(x) : x.toFixed(2));
  const rows = report.operations.map(({ family, operation, error, bound, unit, passed }) => [
    family,
    operation,
    `${number(error)} ${unit}`,
    `≤ ${number(bound)}`,
    passed ? 'passed' : 'FAILED',
  ]);
  const columns = ['family', 'operation', 'largest error', 'accepted', ''].map((heading) => [heading, 'left'] as const);
  for (const line of tableLines(columns, rows)) print(line);
  print(`device ${report.device} (${report.precision}): ${report.passed ? 'passed' : 'FAILED'}`);
}

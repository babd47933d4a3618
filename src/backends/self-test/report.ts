/** What a device's self-test found, and how it is measured and shown. Knows no backend. */

/** Kinds of arithmetic that devices do in ways of their own. */
export type Family = 'elementwise' | 'reductions' | 'products' | 'convolutions' | 'integers';

/**
 * How far results are off. `ulp`: the largest distance to the exact result, in float32's spacing there. `epsilon`: the
 * largest distance relative to the sum of the magnitudes of all terms, in units of 2⁻²⁴, as a sum that cancels has few
 * digits on any device. `wrong`: the number of elements that differ, where results are exact.
 */
export type ErrorUnit = 'ulp' | 'epsilon' | 'wrong';

/** One operation's errors. */
export interface OperationReport {
  readonly family: Family;
  readonly operation: string;
  readonly unit: ErrorUnit;
  /** The largest error found; NaN where a result is not a number but should be. */
  readonly error: number;
  /** The largest error that is accepted. */
  readonly bound: number;
  readonly passed: boolean;
}

/** What {@link checkDevice} found. */
export interface DeviceReport {
  readonly device: string;
  readonly passed: boolean;
  readonly operations: readonly OperationReport[];
}

const MANTISSA_BITS = 23;
const SMALLEST_EXPONENT = -126;

/** The distance between neighbouring float32 numbers at x. */
function spacingAt(x: number): number {
  const exponent = x === 0 ? SMALLEST_EXPONENT : Math.max(SMALLEST_EXPONENT, Math.floor(Math.log2(Math.abs(x))));
  return 2 ** (exponent - MANTISSA_BITS);
}

/** The largest of the errors, NaN if one of them is. */
const largest = (got: ArrayLike<number>, errorOf: (value: number, i: number) => number): number =>
  Array.from(got, errorOf).reduce((a, b) => (Number.isNaN(a) || a > b ? a : b), 0);

/** Errors in units in the last place. */
export const inUlp = (got: ArrayLike<number>, want: ArrayLike<number>): number =>
  largest(got, (value, i) => Math.abs(value - want[i]) / spacingAt(want[i]));

/** Errors relative to `magnitudes`, in units of 2⁻²⁴. */
export const inEpsilon = (got: ArrayLike<number>, want: ArrayLike<number>, magnitudes: ArrayLike<number>): number =>
  largest(got, (value, i) => (Math.abs(value - want[i]) / magnitudes[i]) * 2 ** (MANTISSA_BITS + 1));

/** How many elements differ. */
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
  const table = [['family', 'operation', 'largest error', 'accepted', ''], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  for (const row of table)
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
  print(`device ${report.device}: ${report.passed ? 'passed' : 'FAILED'}`);
}

/** Numbers as NumPy writes them: the fewest digits that give the same number, aligned at the point. */
import type { DType } from '../backends/primitives.js';
import { isFloating } from './dtype.js';
import type { PrintOptions } from './print-options.js';

/** Writes an element. The widths of all elements are known. */
export type ElementText = (value: number) => string;

/** A number's text in parts: sign and digits before the point, digits after it, exponent with its sign. */
type Parts = readonly [whole: string, fraction: string, exponent: string];

/** The methods of numbers that write a given number of digits after the point. */
type Writer = 'toFixed' | 'toExponential';

/** A writer that gives all shown elements, `values`, one width. */
export function elementText(
  values: readonly number[],
  dtype: DType,
  ndim: number,
  options: Required<PrintOptions>,
): ElementText {
  if (isFloating(dtype)) return floatText(values, dtype === 'float32', options);
  // JavaScript's words for booleans, so that printed text is valid code.
  const text = (value: number) => (dtype === 'bool' ? String(value !== 0) : String(value));
  const width = dtype === 'bool' ? 5 : most(values.map((value) => text(value).length));
  return (value) => text(value).padStart(ndim > 0 ? width : 0);
}

function floatText(values: readonly number[], isSingle: boolean, options: Required<PrintOptions>): ElementText {
  const { precision, nanstr, infstr, suppress } = options;
  const round = isSingle ? Math.fround : Number;
  const finite = values.filter(Number.isFinite);
  const magnitudes = finite.map(Math.abs).filter((magnitude) => magnitude > 0);
  const [least, largest] = [-most(magnitudes.map((value) => -value)), most(magnitudes)];
  // Numbers get an exponent if they are large, small, or differ much. float32 has no more digits than 1e6.
  const isScientific =
    largest >= (isSingle ? 1e6 : 1e8) || (!suppress && (least < round(1e-4) || round(largest / least) > 1000));
  const writer = isScientific ? 'toExponential' : 'toFixed';
  const partsOf = (value: number, digits?: number): Parts => {
    const magnitude = Math.abs(value);
    const exact = isSingle ? shortest(magnitude) : magnitude;
    // Digits after the point: those of the mantissa, moved by an exponent that is not written.
    const [mantissa, power] = exact.toExponential().split('e');
    const needed = Math.max(0, mantissa.replace('.', '').length - 1 - (isScientific ? 0 : Number(power)));
    const text =
      digits === undefined && needed <= precision
        ? exact[writer](needed)
        : roundToEven(magnitude, digits ?? precision, writer);
    const [number, exponent = ''] = text.split('e');
    const [whole, fraction = ''] = number.split('.');
    const isNegative = value < 0 || Object.is(value, -0);
    return [(isNegative ? '-' : '') + whole, digits === undefined ? fraction.replace(/0+$/, '') : fraction, exponent];
  };
  const all = finite.map((value) => partsOf(value));
  const widest = (k: 0 | 1 | 2) => Math.max(0, most(all.map((parts) => parts[k].length)));
  let left = widest(0);
  const right = widest(1);
  const exponents = Math.max(2, widest(2) - 1);
  const tail = right + (isScientific ? exponents + 2 : 0); // the width after the point
  const others = values.filter((value) => !Number.isFinite(value));
  const special = (value: number) => (Number.isNaN(value) ? nanstr : (value < 0 ? '-' : '') + infstr);
  if (others.length > 0)
    left = Math.max(left, nanstr.length - tail - 1, most(others.map((v) => special(v).length)) - tail - 1);
  return (value) => {
    if (!Number.isFinite(value)) return special(value).padStart(left + tail + 1);
    let [whole, fraction, exponent] = partsOf(value);
    // With an exponent, all numbers get the same count of digits, which may be more than some need.
    if (isScientific && fraction.length < right) [whole, fraction, exponent] = partsOf(value, right);
    const power = exponent && `e${exponent[0]}${exponent.slice(1).padStart(exponents, '0')}`;
    return `${whole.padStart(left)}.${fraction.padEnd(right)}${power}`;
  };
}

/** The largest of many numbers: Math.max takes too few arguments. */
function most(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}

/** The number with the fewest digits that rounds to the float32 `value`. For float64, JavaScript finds it itself. */
function shortest(value: number): number {
  let candidate = 0;
  for (let digits = 0; digits < 9; digits++) {
    candidate = Number(roundToEven(value, digits, 'toExponential'));
    if (Math.fround(candidate) === value) break;
  }
  return candidate;
}

/** `toFixed` or `toExponential`, but a number halfway between two goes to the even digit, as in NumPy, not upwards. */
function roundToEven(value: number, digits: number, writer: Writer): string {
  const beyond = 30; // a float64 so close to halfway has no further digits
  const [mantissa, exponent] = value[writer](digits + beyond).split('e');
  const isEven = /[02468]\.?50{29}$/.test(mantissa);
  if (!isEven) return value[writer](digits);
  return mantissa.slice(0, -beyond) + (exponent ? `e${exponent}` : '');
}

/**
 * The filters of PNG's rows (PNG specification, chapter 9): a file stores each byte minus a prediction from earlier
 * bytes.
 */
import { FormatError } from '../../errors.js';

/**
 * Paeth's predictor of a byte from its left, upper and upper left neighbours: the one nearest to left + above − corner.
 */
function paeth(left: number, above: number, corner: number): number {
  const byLeft = Math.abs(above - corner);
  const byAbove = Math.abs(left - corner);
  const byCorner = Math.abs(left + above - 2 * corner);
  if (byLeft <= byAbove && byLeft <= byCorner) return left;
  return byAbove <= byCorner ? above : corner;
}

type Unfilter = (row: Uint8Array, above: Uint8Array, step: number) => void;

/** By number: none, sub, up, average, Paeth. Each has its own loop: a call for every byte takes three times as long. */
const UNFILTERS: readonly Unfilter[] = [
  () => {},
  (row, _above, step) => {
    for (let i = step; i < row.length; i++) row[i] += row[i - step];
  },
  (row, above) => {
    for (let i = 0; i < row.length; i++) row[i] += above[i];
  },
  (row, above, step) => {
    for (let i = 0; i < step; i++) row[i] += above[i] >> 1;
    for (let i = step; i < row.length; i++) row[i] += (row[i - step] + above[i]) >> 1;
  },
  (row, above, step) => {
    for (let i = 0; i < step; i++) row[i] += above[i];
    for (let i = step; i < row.length; i++) row[i] += paeth(row[i - step], above[i], above[i - step]);
  },
];

/**
 * Undoes the filter of a row in place.
 *
 * @param above the previous row, zeros for the first one; as long as `row`, and not shorter than `step`.
 * @param step the distance to the same byte of the previous pixel.
 */
export function unfilter(row: Uint8Array, above: Uint8Array, step: number, filter: number, what: string): void {
  const undo = UNFILTERS[filter];
  if (!undo) throw new FormatError(`${what}: a PNG row of filter ${filter}, expected 0 to 4`);
  undo(row, above, step);
}

/** The cuts of convolutions and their gradients but for Winograd's. */
import { Convolution } from '../generated/records.js';
import { type Cut, type Division, move } from './cut.js';

/** Elements of a filter. */
const filterSize = (words: Int32Array): number =>
  words[Convolution.channels] * words[Convolution.kernelHeight] * words[Convolution.kernelWidth];

/** Bytes of a plane of x, and of y. */
const xPlane = (words: Int32Array): number => 4 * words[Convolution.height] * words[Convolution.width];
const yPlane = (words: Int32Array): number => 4 * words[Convolution.outHeight] * words[Convolution.outWidth];

/** Multiply-adds of a call. */
const workOf = (words: Int32Array): number =>
  words[Convolution.batch] *
  words[Convolution.groups] *
  words[Convolution.outChannels] *
  filterSize(words) *
  (yPlane(words) / 4);

/** Cuts by images. */
const byImage = (words: Int32Array): Cut => ({
  n: words[Convolution.batch],
  unit: 1,
  work: workOf(words),
  take(part, first, count) {
    const yImage = part[Convolution.yChannels] * yPlane(part);
    part[Convolution.batch] = count;
    part[Convolution.x] += first * part[Convolution.xChannels] * xPlane(part);
    part[Convolution.y] += first * yImage;
    move(part, Convolution.residual, first * yImage);
  },
});

/** Moves the operands of a record behind so many output channels, which fill so many panels of packed filters. */
function skipChannels(part: Int32Array, channels: number, panels: number, tileRows: number): void {
  const yBytes = channels * yPlane(part);
  move(part, Convolution.w, 4 * channels * filterSize(part));
  part[Convolution.weight] += panels * part[Convolution.weightStep];
  part[Convolution.y] += yBytes;
  move(part, Convolution.scales, 4 * panels * tileRows);
  move(part, Convolution.bias, 4 * channels);
  move(part, Convolution.residual, yBytes);
}

/** Cuts by groups. */
const byGroup = (words: Int32Array, { blocking: { tileRows } }: Division): Cut => ({
  n: words[Convolution.groups],
  unit: 1,
  work: workOf(words),
  take(part, first, count) {
    const outChannels = part[Convolution.outChannels];
    part[Convolution.groups] = count;
    part[Convolution.x] += first * part[Convolution.channels] * xPlane(part);
    skipChannels(part, first * outChannels, first * Math.ceil(outChannels / tileRows), tileRows);
  },
});

/** Cuts by output channels of the only group. */
const byOutChannel = (words: Int32Array, { blocking: { tileRows } }: Division): Cut => ({
  n: words[Convolution.outChannels],
  unit: tileRows,
  work: workOf(words),
  take(part, first, count) {
    part[Convolution.outChannels] = count;
    skipChannels(part, first, first / tileRows, tileRows);
  },
});

/** Cuts by rows of the output. Blocks of a thread are of one height. */
const byRow = (words: Int32Array): Cut => ({
  n: words[Convolution.outHeight],
  unit: 1,
  work: workOf(words),
  take(part, first, count) {
    part[Convolution.firstRow] = first;
    part[Convolution.endRow] = first + count;
    part[Convolution.rows] = Math.ceil(count / Math.ceil(count / part[Convolution.rows]));
  },
});

/** A gradient in the filters is a sum over images, which threads do not divide. */
export const gradWeightCut = (words: Int32Array, division: Division): Cut =>
  words[Convolution.groups] > 1 ? byGroup(words, division) : byOutChannel(words, division);

/** Whether no thread waits long for the last of n items. */
const areEven = (n: number, threads: number): boolean => n % threads === 0 || n >= 4 * threads;

/** Cuts of a convolution. */
export function forwardCut(words: Int32Array, division: Division): Cut {
  const { threads } = division;
  const batch = words[Convolution.batch];
  if (areEven(batch, threads)) return byImage(words);
  if (words[Convolution.groups] > 1) return byGroup(words, division);
  // A thread of output channels packs all columns again, which many filters outweigh; a thread of rows reads all filters.
  const blocks = Math.ceil(words[Convolution.outHeight] / words[Convolution.rows]);
  return batch > 1 || blocks < threads ? byOutChannel(words, division) : byRow(words);
}

/** Cuts of a gradient in the input. */
export function gradInputCut(words: Int32Array, division: Division): Cut | null {
  if (words[Convolution.batch] > 1) return byImage(words);
  return words[Convolution.groups] > 1 ? byGroup(words, division) : null;
}

/** Cuts of a convolution of single channels, and of its gradient in the input. */
export const depthwiseCut = (words: Int32Array, division: Division): Cut =>
  words[Convolution.batch] > words[Convolution.groups] ? byImage(words) : byGroup(words, division);

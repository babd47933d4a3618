/** The cuts of convolutions and their gradients, except Winograd's; see winograd-cuts.ts for those. */
import { Convolution } from '../generated/records.js';
import { type Cut, type Division, move } from './cut.js';

/** Elements of the filter of one output channel. */
const filterSize = (words: Int32Array): number =>
  words[Convolution.channels] * words[Convolution.kernelHeight] * words[Convolution.kernelWidth];

/** Bytes of a plane of x. */
const xPlane = (words: Int32Array): number => 4 * words[Convolution.height] * words[Convolution.width];
/** Bytes of a plane of y. */
const yPlane = (words: Int32Array): number => 4 * words[Convolution.outHeight] * words[Convolution.outWidth];

/** Multiply-adds of a call. */
const workOf = (words: Int32Array): number =>
  words[Convolution.batch] *
  words[Convolution.groups] *
  words[Convolution.outChannels] *
  filterSize(words) *
  (yPlane(words) / 4);

/** A cut by images. */
const byImage = (words: Int32Array): Cut => ({
  n: words[Convolution.batch],
  unit: 1,
  work: workOf(words),
  take(share, first, count) {
    const yImage = share[Convolution.yChannels] * yPlane(share);
    share[Convolution.batch] = count;
    share[Convolution.x] += first * share[Convolution.xChannels] * xPlane(share);
    share[Convolution.y] += first * yImage;
    move(share, Convolution.residual, first * yImage);
  },
});

/** Moves the operands of a record by `channels` output channels, whose packed filters are `panels` panels. */
function skipChannels(share: Int32Array, channels: number, panels: number, tileRows: number): void {
  const yBytes = channels * yPlane(share);
  move(share, Convolution.w, 4 * channels * filterSize(share));
  share[Convolution.weight] += panels * share[Convolution.weightStep];
  share[Convolution.y] += yBytes;
  move(share, Convolution.scales, 4 * panels * tileRows);
  move(share, Convolution.bias, 4 * channels);
  move(share, Convolution.residual, yBytes);
}

/** A cut by groups. */
const byGroup = (words: Int32Array, { blocking: { tileRows } }: Division): Cut => ({
  n: words[Convolution.groups],
  unit: 1,
  work: workOf(words),
  take(share, first, count) {
    const outChannels = share[Convolution.outChannels];
    share[Convolution.groups] = count;
    share[Convolution.x] += first * share[Convolution.channels] * xPlane(share);
    skipChannels(share, first * outChannels, first * Math.ceil(outChannels / tileRows), tileRows);
  },
});

/** A cut by output channels, for a call with one group. */
const byOutChannel = (words: Int32Array, { blocking: { tileRows } }: Division): Cut => ({
  n: words[Convolution.outChannels],
  unit: tileRows,
  work: workOf(words),
  take(share, first, count) {
    share[Convolution.outChannels] = count;
    skipChannels(share, first, first / tileRows, tileRows);
  },
});

/** A cut by rows of the output. All blocks of a share have about the same height. */
const byRow = (words: Int32Array): Cut => ({
  n: words[Convolution.outHeight],
  unit: 1,
  work: workOf(words),
  take(share, first, count) {
    share[Convolution.firstRow] = first;
    share[Convolution.endRow] = first + count;
    share[Convolution.rows] = Math.ceil(count / Math.ceil(count / share[Convolution.rows]));
  },
});

/** The cut of a gradient in the filters. The gradient is a sum over images, so it is not cut by images. */
export const gradWeightCut = (words: Int32Array, division: Division): Cut =>
  words[Convolution.groups] > 1 ? byGroup(words, division) : byOutChannel(words, division);

/** Whether n items occupy all threads about equally long. */
const areEven = (n: number, threads: number): boolean => n % threads === 0 || n >= 4 * threads;

/** The cut of a convolution. */
export function forwardCut(words: Int32Array, division: Division): Cut {
  const { threads } = division;
  const batch = words[Convolution.batch];
  if (areEven(batch, threads)) return byImage(words);
  if (words[Convolution.groups] > 1) return byGroup(words, division);
  // In a cut by output channels each thread packs all columns; in a cut by rows each thread reads all filters.
  const blocks = Math.ceil(words[Convolution.outHeight] / words[Convolution.rows]);
  return batch > 1 || blocks < threads ? byOutChannel(words, division) : byRow(words);
}

/** The cut of a gradient in the input; null if the call cannot be cut. */
export function gradInputCut(words: Int32Array, division: Division): Cut | null {
  if (words[Convolution.batch] > 1) return byImage(words);
  return words[Convolution.groups] > 1 ? byGroup(words, division) : null;
}

/** The cut of a convolution whose groups have one channel each, and of its gradient in the input. */
export const depthwiseCut = (words: Int32Array, division: Division): Cut =>
  words[Convolution.batch] > words[Convolution.groups] ? byImage(words) : byGroup(words, division);

/**
 * Convolutions and their gradients, divided so that no thread needs what another computes: images, groups, rows of the
 * output, or output channels.
 */
import type { Kernels } from '../loader.js';
import type { Blocking } from '../machine.js';
import { WORK_BYTES } from '../products.js';
import { type Division, move, type Parts } from './parts.js';

/** Words of the record of assembly/conv/convolution.ts. */
const Conv = {
  batch: 0,
  groups: 1,
  channels: 2,
  height: 3,
  width: 4,
  outChannels: 5,
  outHeight: 6,
  outWidth: 7,
  kernelHeight: 8,
  kernelWidth: 9,
  x: 16,
  w: 17,
  y: 18,
  bias: 19,
  residual: 21,
  format: 22,
  scales: 23,
  rows: 25,
  packedA: 26,
  packedB: 27,
  work: 32,
  firstRow: 35,
  endRow: 36,
} as const;
const WORDS = 37;

/** Bytes of an element of filters, by the formats' numbers. */
const FORMAT_BYTES = [4, 4, 2, 1];

type ConvolutionKernel =
  | 'convForward'
  | 'convGradInput'
  | 'convGradWeight'
  | 'convDepthwise'
  | 'convDepthwiseGradInput'
  | 'convDepthwiseGradWeight';

/** Cuts a call along one of its sizes. */
type Cut = Pick<Division, 'n' | 'unit' | 'change'>;

/** A call: its words, and what follows from them. */
class Call {
  readonly words: Int32Array;
  readonly batch: number;
  readonly groups: number;
  readonly channels: number;
  readonly outChannels: number;
  /** Elements of a filter. */
  readonly filter: number;
  /** Bytes of a plane of x, and of y. */
  readonly xPlane: number;
  readonly yPlane: number;
  /** Bytes of an element of packed filters; 0 if they are packed by each call. */
  readonly packed: number;

  constructor(words: Int32Array) {
    this.words = words;
    this.batch = words[Conv.batch];
    this.groups = words[Conv.groups];
    this.channels = words[Conv.channels];
    this.outChannels = words[Conv.outChannels];
    this.filter = this.channels * words[Conv.kernelHeight] * words[Conv.kernelWidth];
    this.xPlane = 4 * words[Conv.height] * words[Conv.width];
    this.yPlane = 4 * words[Conv.outHeight] * words[Conv.outWidth];
    this.packed = words[Conv.format] === 0 ? 0 : FORMAT_BYTES[words[Conv.format]];
  }

  /** Images; a gradient in the filters is a sum over them. */
  images(): Cut {
    const { groups, channels, outChannels, xPlane, yPlane } = this;
    return {
      n: this.batch,
      unit: 1,
      change: (part, first, count) => {
        part[Conv.batch] = count;
        part[Conv.x] += first * groups * channels * xPlane;
        part[Conv.y] += first * groups * outChannels * yPlane;
        move(part, Conv.residual, first * groups * outChannels * yPlane);
      },
    };
  }

  /** Groups, each with its channels. */
  byGroup(tileRows: number): Cut {
    const { groups, channels, outChannels, filter, xPlane, yPlane, packed } = this;
    const padded = Math.ceil(outChannels / tileRows) * tileRows;
    return {
      n: groups,
      unit: 1,
      change: (part, first, count) => {
        part[Conv.groups] = count;
        part[Conv.x] += first * channels * xPlane;
        part[Conv.w] += 4 * first * outChannels * filter;
        part[Conv.packedA] += first * padded * filter * packed;
        part[Conv.y] += first * outChannels * yPlane;
        move(part, Conv.scales, 4 * first * padded);
        move(part, Conv.bias, 4 * first * outChannels);
        move(part, Conv.residual, first * outChannels * yPlane);
      },
    };
  }

  /** Output channels of the only group. */
  byOutChannel(tileRows: number): Cut {
    const { outChannels, filter, yPlane, packed } = this;
    return {
      n: outChannels,
      unit: tileRows,
      change: (part, first, count) => {
        part[Conv.outChannels] = count;
        part[Conv.w] += 4 * first * filter;
        part[Conv.packedA] += first * filter * packed;
        part[Conv.y] += first * yPlane;
        move(part, Conv.scales, 4 * first);
        move(part, Conv.bias, 4 * first);
        move(part, Conv.residual, first * yPlane);
      },
    };
  }

  /** Rows of the output, in pieces that are as high as each other. */
  byRow(): Cut {
    const rows = this.words[Conv.rows];
    return {
      n: this.words[Conv.outHeight],
      unit: 1,
      change: (part, first, count) => {
        part[Conv.firstRow] = first;
        part[Conv.endRow] = first + count;
        part[Conv.rows] = Math.ceil(count / Math.ceil(count / rows));
      },
    };
  }
}

/** The kernels of this file, divided. */
export function divideConvolutions(parts: Parts, { tileRows }: Blocking): Partial<Kernels> {
  const run = (kernel: ConvolutionKernel, record: number, choose: (call: Call) => Cut | null): void => {
    const words = parts.words(record, WORDS);
    const call = new Call(words);
    const cut = choose(call);
    if (cut === null) {
      parts.whole(kernel, record);
      return;
    }
    const { batch, groups, outChannels, filter, yPlane, packed } = call;
    const first = packed ? Conv.packedB : Conv.packedA;
    const begin = words[first];
    parts.run({
      kernel,
      record,
      size: WORDS,
      rooms: [first, Conv.work],
      begin,
      bytes: words[Conv.work] + WORK_BYTES - begin,
      work: batch * groups * outChannels * filter * (yPlane / 4),
      ...cut,
    });
  };
  const threads = () => parts.team.size;

  /** Whether there are enough images, or groups, that nobody waits long for the last. */
  const divides = (n: number) => n % threads() === 0 || n >= 4 * threads();

  const forward = (call: Call): Cut => {
    if (divides(call.batch)) return call.images();
    if (call.groups > 1) return call.byGroup(tileRows);
    // Each part packs all columns of its images, which is little beside many output channels; or reads all filters.
    const pieces = Math.ceil(call.words[Conv.outHeight] / call.words[Conv.rows]);
    return call.batch > 1 || pieces < threads() ? call.byOutChannel(tileRows) : call.byRow();
  };
  const gradInput = (call: Call): Cut | null => {
    if (call.batch > 1) return call.images();
    return call.groups > 1 ? call.byGroup(tileRows) : null;
  };
  const gradWeight = (call: Call): Cut => (call.groups > 1 ? call.byGroup(tileRows) : call.byOutChannel(tileRows));
  const depthwise = (call: Call): Cut => (call.batch > call.groups ? call.images() : call.byGroup(tileRows));

  return {
    convForward: (record) => run('convForward', record, forward),
    convGradInput: (record) => run('convGradInput', record, gradInput),
    convGradWeight: (record) => run('convGradWeight', record, gradWeight),
    convDepthwise: (record) => run('convDepthwise', record, depthwise),
    convDepthwiseGradInput: (record) => run('convDepthwiseGradInput', record, depthwise),
    convDepthwiseGradWeight: (record) => run('convDepthwiseGradWeight', record, gradWeight),
  };
}

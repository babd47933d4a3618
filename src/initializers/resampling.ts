/** Initializers for convolutions that resize images bilinearly (Long et al., "Fully convolutional networks", 2015). */
import { ShapeError } from '../errors.js';
import type { NDArray } from '../ndarray/np.js';
import { formatShape } from '../ndarray/shape.js';
import type { Initializer } from './initializer.js';

/** The tent filter of bilinear interpolation over (kh, kw), of height 1. */
function tent(kh: number, kw: number): Float64Array {
  const side = (n: number) => {
    const factor = Math.floor((n + 1) / 2);
    const centre = n % 2 === 1 ? factor - 1 : factor - 0.5;
    return Float64Array.from({ length: n }, (_, i) => 1 - Math.abs(i - centre) / factor);
  };
  const [rows, columns] = [side(kh), side(kw)];
  return Float64Array.from({ length: kh * kw }, (_, i) => rows[Math.floor(i / kw)] * columns[i % kw]);
}

/** Puts one filter at the positions (i, i) of the first two axes; with one input channel, at all output channels. */
function place(op: string, array: NDArray, scale: number, normalize: boolean): void {
  const [o, c, kh, kw] = array.shape;
  if (array.ndim !== 4 || (o !== c && c !== 1)) {
    throw new ShapeError(`${op}: ${formatShape(array.shape)} is neither (C, C, kh, kw) nor (C, 1, kh, kw)`);
  }
  const filter = tent(kh, kw);
  const total = normalize ? filter.reduce((sum, v) => sum + v, 0) : 1;
  const data = new Float64Array(array.size);
  for (let i = 0; i < o; i++) {
    const start = (i * c + (c === 1 ? 0 : i)) * kh * kw;
    for (let k = 0; k < kh * kw; k++) data[start + k] = (scale * filter[k]) / total;
  }
  array.set(data);
}

/** W of a transposed convolution that enlarges each channel bilinearly; follows chainer's UpsamplingDeconvFilter. */
export class UpsamplingDeconvFilter implements Initializer {
  constructor(
    /** The factor of the filter. */
    readonly scale = 1,
  ) {}

  /** @throws ShapeError unless the shape is (C, C, kh, kw) or (C, 1, kh, kw). */
  fill(array: NDArray): void {
    place('UpsamplingDeconvFilter', array, this.scale, false);
  }
}

/** W of a convolution that shrinks each channel bilinearly, its sum 1; follows chainer's DownsamplingConvFilter. */
export class DownsamplingConvFilter implements Initializer {
  constructor(
    /** The factor of the filter. */
    readonly scale = 1,
  ) {}

  /** @throws ShapeError unless the shape is (C, C, kh, kw) or (C, 1, kh, kw). */
  fill(array: NDArray): void {
    place('DownsamplingConvFilter', array, this.scale, true);
  }
}

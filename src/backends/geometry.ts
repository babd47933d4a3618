/**
 * Refuses windows whose positions do not fit int32. Kernels count pixels in int32, and a sum beyond 2³¹ would wrap to a place outside
 * the image.
 */
import { ShapeError } from '../errors.js';
import type { Conv2dGeometry, Pool2dGeometry, Tensor, Window2d } from './primitives.js';

/** The largest int32. */
const MOST = 2 ** 31 - 1;

/** Whether every sum of lengths along an axis fits int32. */
function isCountable(
  image: number,
  pad: number,
  stride: number,
  kernel: number,
  dilation: number,
  out: number,
): boolean {
  const whole =
    Number.isInteger(pad) && Number.isInteger(stride) && stride > 0 && Number.isInteger(dilation) && dilation > 0;
  return whole && image + Math.abs(pad) + (out + 1) * stride + (kernel + 1) * dilation <= MOST;
}

function assertCountable(
  op: string,
  image: Tensor,
  kernel: readonly [number, number],
  { stride, pad }: Window2d,
  dilation: readonly [number, number],
  out: Tensor,
): void {
  for (let k = 0; k < 2; k++) {
    if (isCountable(image.shape[2 + k], pad[k], stride[k], kernel[k], dilation[k], out.shape[2 + k])) continue;
    throw new ShapeError(
      `${op}: windows of ${kernel}, stride ${stride}, pad ${pad}, dilation ${dilation} over ${image.shape} to ${out.shape} reach beyond ` +
        `${MOST} pixels`,
    );
  }
}

const UNDILATED = [1, 1] as const;

/** Checks a convolution: x (N, C, H, W), w (O, C/groups, kh, kw), y (N, O, oh, ow). @throws ShapeError */
export function assertConvolution(op: string, x: Tensor, w: Tensor, geometry: Conv2dGeometry, y: Tensor): void {
  assertCountable(op, x, [w.shape[2], w.shape[3]], geometry, geometry.dilation, y);
}

/** Checks a pooling: image (N, C, H, W), pooled (N, C, oh, ow). Positions in a window are int32 too. @throws ShapeError */
export function assertPooling(op: string, image: Tensor, geometry: Pool2dGeometry, pooled: Tensor): void {
  const { ksize } = geometry;
  assertCountable(op, image, ksize, geometry, UNDILATED, pooled);
  if (ksize[0] * ksize[1] > MOST)
    throw new ShapeError(`${op}: a window of ${ksize.join('×')} pixels has more than ${MOST} places`);
}

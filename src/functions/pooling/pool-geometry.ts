/** The geometry of pooling windows from what users write. */
import type { Pool2dGeometry } from '../../backends/backend.js';
import type { NDArray } from '../../ndarray/np.js';
import { checkNdim } from '../operands.js';
import { pair, type Sizes, windowCount } from '../pairs.js';

/** Sizes checked and made pairs; the stride is the window's size unless given. */
export function poolGeometry(op: string, ksize: Sizes, stride: Sizes | null, pad: Sizes): Pool2dGeometry {
  const k = pair(op, 'ksize', ksize, 1);
  return { ksize: k, stride: stride === null ? k : pair(op, 'stride', stride, 1), pad: pair(op, 'pad', pad, 0) };
}

/** The shape of the pooled image. @throws ShapeError if x is not (N, C, H, W) or no window fits. */
export function pooledShape(op: string, x: NDArray, geometry: Pool2dGeometry, coverAll: boolean): number[] {
  checkNdim(op, 'x', x, 'N, C, H, W');
  const { ksize, stride, pad } = geometry;
  const [n, c, height, width] = x.shape;
  return [
    n,
    c,
    windowCount(op, height, ksize[0], stride[0], pad[0], coverAll),
    windowCount(op, width, ksize[1], stride[1], pad[1], coverAll),
  ];
}

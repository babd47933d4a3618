/** The geometry of pooling, and the part of a window that lies on the image. */

/** The argument record of the pooling kernels; src/backends/wasm/pool.ts writes it. A plane is one channel of one image. */
// @ts-ignore: decorator
@unmanaged
export class Windows {
  planes: i32;
  height: i32;
  width: i32;
  outHeight: i32;
  outWidth: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideY: i32;
  strideX: i32;
  padTop: i32;
  padLeft: i32;
}

/** Whether windows are 2 × 2, side by side and unpadded. These have vector loops. */
// @ts-ignore: decorator
@inline
export function areSquaresOfTwo(w: Windows): bool {
  return w.kernelHeight == 2 && w.kernelWidth == 2 && w.strideY == 2 && w.strideX == 2 && (w.padTop | w.padLeft) == 0;
}

/** The number of output columns, a multiple of four, whose 2 × 2 windows lie wholly on the image. */
// @ts-ignore: decorator
@inline
export function vectorColumns(w: Windows): i32 {
  return min(w.outWidth, w.width >> 1) & ~3;
}

/**
 * The convolution of float64 and its two gradients. All three visit the same terms: y[n, o, i, j] is the sum of
 * x[n, c, row, column]·w[o, c, ky, kx] over the elements of the filter that meet the image. Simplicity comes before speed.
 */
import { activatedScalar } from '../gemm/generic';
import { Convolution, Direction, filterSize, residualOf } from './convolution';

/** Visits the terms of one output pixel. Returns their sum, or adds their gradients to x or w. */
function visitTerms(args: Convolution, direction: Direction, x: usize, w: usize, gy: f64, i: i32, j: i32): f64 {
  let sum: f64 = 0;
  for (let c = 0; c < args.channels; c++) {
    for (let ky = 0; ky < args.kernelHeight; ky++) {
      const row = i * args.strideY + ky * args.dilationY - args.padTop;
      for (let kx = 0; kx < args.kernelWidth; kx++) {
        const column = j * args.strideX + kx * args.dilationX - args.padLeft;
        if (<u32>row < <u32>args.height && <u32>column < <u32>args.width) {
          const atX = x + ((<usize>((c * args.height + row) * args.width + column)) << 3);
          const atW = w + ((<usize>((c * args.kernelHeight + ky) * args.kernelWidth + kx)) << 3);
          if (direction == Direction.Forward) sum += load<f64>(atX) * load<f64>(atW);
          else if (direction == Direction.GradInput) store<f64>(atX, load<f64>(atX) + gy * load<f64>(atW));
          else store<f64>(atW, load<f64>(atW) + gy * load<f64>(atX));
        }
      }
    }
  }
  return sum;
}

/**
 * Computes, by `direction`, y = act(conv(x, w) + bias + residual), or from the gradient in y the gradient in x or in w. Returns 0:
 * the bytes of its workspace.
 */
export function convF64(args: Convolution): usize {
  if (args.workspace == 0) return 0;
  const direction = args.direction;
  const imageBytes = (<usize>(args.channels * args.height * args.width)) << 3;
  const filterBytes = (<usize>filterSize(args)) << 3;
  if (direction == Direction.GradInput) memory.fill(args.x, 0, <usize>(args.batch * args.groups) * imageBytes);
  if (direction == Direction.GradWeight) memory.fill(args.w, 0, <usize>(args.groups * args.outChannels) * filterBytes);
  let y = args.y;
  let x = args.x;
  for (let n = 0; n < args.batch; n++) {
    let w = args.w;
    for (let group = 0; group < args.groups; group++) {
      for (let o = 0; o < args.outChannels; o++) {
        const bias: f64 = args.bias ? load<f64>(args.bias + ((<usize>(group * args.outChannels + o)) << 3)) : 0;
        for (let i = 0; i < args.outHeight; i++) {
          for (let j = 0; j < args.outWidth; j++) {
            const sum = visitTerms(args, direction, x, w, load<f64>(y), i, j);
            if (direction == Direction.Forward) {
              const residual = args.residual ? load<f64>(residualOf(args, y)) : 0;
              store<f64>(y, activatedScalar<f64>(sum + bias + residual, args.activation));
            }
            y += 8;
          }
        }
        w += filterBytes;
      }
      x += imageBytes;
    }
  }
  return 0;
}

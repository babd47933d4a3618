/**
 * One row of the column matrix. It holds, for each output pixel, the input pixel that one element (channel, ky, kx) of the
 * filters multiplies. For each row of the output these pixels are a run of a row of the image, with zeros for the padding:
 *
 *     image row        | x0 x1 x2 x3 x4 x5 x6 |
 *     output, kx = 0   0  x0 x1 x2 x3 x4 x5          (stride 1, pad 1, 3 wide)
 *             kx = 2      x1 x2 x3 x4 x5 x6 0
 */
import { Convolution } from './convolution';

/** Copies n elements by whole vectors. Reads and writes up to three elements more. */
// @ts-ignore: decorator
@inline
export function copyRun(from: usize, to: usize, n: i32): void {
  for (const end = to + ((<usize>n) << 2); to < end; to += 16) {
    v128.store(to, v128.load(from));
    from += 16;
  }
}

/** Sets n elements to zero, one by one: the elements behind them may be in use. */
// @ts-ignore: decorator
@inline
function zeroRun(to: usize, n: i32): void {
  for (const end = to + ((<usize>n) << 2); to < end; to += 4) store<f32>(to, 0);
}

/** Copies every second element, n of them, by whole vectors. Writes up to three elements more. */
// @ts-ignore: decorator
@inline
function copyEven(from: usize, to: usize, n: i32): void {
  for (const end = to + ((<usize>n) << 2); to < end; to += 16) {
    v128.store(to, v128.shuffle<i32>(v128.load(from), v128.load(from, 16), 0, 2, 4, 6));
    from += 32;
  }
}

/** Copies n elements that are `step` bytes apart. */
// @ts-ignore: decorator
@inline
function copySparse(from: usize, step: usize, to: usize, n: i32): void {
  for (const end = to + ((<usize>n) << 2); to < end; to += 4) {
    store<f32>(to, load<f32>(from));
    from += step;
  }
}

/** The first output pixel i whose position `start + i·stride` is not negative; at most `size`. */
// @ts-ignore: decorator
@inline
export function firstInside(start: i32, stride: i32, size: i32): i32 {
  return start >= 0 ? 0 : min((stride - 1 - start) / stride, size);
}

/** The output pixel behind the last one whose position `start + i·stride` is less than `extent`; at least 0. */
// @ts-ignore: decorator
@inline
export function endInside(start: i32, stride: i32, extent: i32, size: i32): i32 {
  return start >= extent ? 0 : min((extent - 1 - start) / stride + 1, size);
}

/**
 * Writes output rows [firstRow, firstRow + rows) of the row (ky, kx) of the column matrix, for the channel whose plane is
 * given. Overwrites up to three elements behind the last.
 */
export function writeColumnRow(
  args: Convolution,
  plane: usize,
  ky: i32,
  kx: i32,
  firstRow: i32,
  rows: i32,
  to: usize,
): void {
  const outWidth = args.outWidth;
  const stride = args.strideX;
  const start = kx * args.dilationX - args.padLeft;
  const begin = firstInside(start, stride, outWidth);
  const end = max(begin, endInside(start, stride, args.width, outWidth));
  const rowBytes = (<usize>outWidth) << 2;
  const from = plane + ((<usize>(start + begin * stride)) << 2);
  const stepY = (<usize>(args.strideY * args.width)) << 2;
  let y = firstRow * args.strideY + ky * args.dilationY - args.padTop;
  let at = from + ((<usize>(y * args.width)) << 2);
  for (let i = 0; i < rows; i++) {
    if (<u32>y >= <u32>args.height || begin == end) {
      zeroRun(to, outWidth);
    } else {
      const run = to + ((<usize>begin) << 2);
      zeroRun(to, begin);
      if (stride == 1) copyRun(at, run, end - begin);
      else if (stride == 2) copyEven(at, run, end - begin);
      else copySparse(at, (<usize>stride) << 2, run, end - begin);
      zeroRun(to + ((<usize>end) << 2), outWidth - end);
    }
    to += rowBytes;
    at += stepY;
    y += args.strideY;
  }
}

/**
 * {@link writeColumnRow} directly into panels of eight columns, which are `panel` bytes apart. Output rows must consist of whole
 * panels and must not meet the padding: see {@link isWholeRuns}. Returns the address for the next output row.
 */
export function writeColumnPanels(
  args: Convolution,
  plane: usize,
  ky: i32,
  kx: i32,
  firstRow: i32,
  rows: i32,
  to: usize,
  panel: usize,
): usize {
  const stepY = (<usize>(args.strideY * args.width)) << 2;
  const y = firstRow * args.strideY + ky * args.dilationY;
  let at = plane + ((<usize>(y * args.width + kx * args.dilationX)) << 2);
  for (let i = 0; i < rows; i++) {
    let reading = at;
    for (let j = 0; j < args.outWidth; j += 8) {
      v128.store(to, v128.load(reading));
      v128.store(to, v128.load(reading, 16), 16);
      reading += 32;
      to += panel;
    }
    at += stepY;
  }
  return to;
}

/**
 * Whether each output row reads one run of the image, without padding, and has a multiple of `unit` pixels. `unit` is a power
 * of two.
 */
export function isWholeRuns(args: Convolution, unit: i32): bool {
  const reachY = (args.outHeight - 1) * args.strideY + (args.kernelHeight - 1) * args.dilationY;
  const reachX = args.outWidth - 1 + (args.kernelWidth - 1) * args.dilationX;
  return (
    args.strideX == 1 &&
    (args.outWidth & (unit - 1)) == 0 &&
    (args.padTop | args.padLeft) == 0 &&
    reachY < args.height &&
    reachX < args.width
  );
}

/**
 * The adjoint of {@link writeColumnRow}: adds output rows [firstRow, firstRow + rows) of the row (ky, kx) to the pixels of the
 * channel's plane that writeColumnRow reads.
 */
export function addColumnRow(
  args: Convolution,
  from: usize,
  ky: i32,
  kx: i32,
  firstRow: i32,
  rows: i32,
  plane: usize,
): void {
  const outWidth = args.outWidth;
  const stride = args.strideX;
  const start = kx * args.dilationX - args.padLeft;
  const begin = firstInside(start, stride, outWidth);
  const end = endInside(start, stride, args.width, outWidth);
  const step = (<usize>stride) << 2;
  for (let i = firstRow; i < firstRow + rows; i++) {
    const y = i * args.strideY + ky * args.dilationY - args.padTop;
    if (<u32>y < <u32>args.height) {
      let to = plane + ((<usize>(y * args.width + start + begin * stride)) << 2);
      let at = from + ((<usize>begin) << 2);
      const last = from + ((<usize>end) << 2);
      if (stride == 1) {
        while (at + 16 <= last) {
          v128.store(to, f32x4.add(v128.load(to), v128.load(at)));
          at += 16;
          to += 16;
        }
      }
      while (at < last) {
        store<f32>(to, load<f32>(to) + load<f32>(at));
        at += 4;
        to += step;
      }
    }
    from += (<usize>outWidth) << 2;
  }
}

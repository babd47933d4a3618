/**
 * The gradient in the filters of a convolution whose groups have one channel each. Each element of a filter's gradient is the
 * inner product of gy and the shifted frame around x. The kernel computes nine elements, a 3 × 3 filter, at a time.
 */
import { sumOfLanes } from '../reduce/row-float32';
import { madd } from '../simd/madd';
import { behind } from '../workspace';
import { channelOfY, Convolution } from './convolution';
import { frameChannel, frameHeightOf, frameRowBytes, offsetInFrame } from './depthwise';

/** Elements of a filter that are computed together. */
const TOGETHER: i32 = 9;

/** The offset in the frame of a filter's k-th element, in bytes. The last element stands for those beyond the filter's end. */
// @ts-ignore: decorator
@inline
function offsetOf(args: Convolution, k: i32): usize {
  const element = min(k, args.kernelHeight * args.kernelWidth - 1);
  const ky = element / args.kernelWidth;
  return offsetInFrame(args, ky, element - ky * args.kernelWidth);
}

/** A mask of the first `count` lanes. */
// @ts-ignore: decorator
@inline
function lanesBelow(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

/** Adds the k-th sum to the filter's k-th element, or stores it if `isFirst`. Does nothing if k ≥ `count`. */
function addTo(to: usize, k: i32, count: i32, sum: v128, isFirst: bool): void {
  if (k >= count) return;
  const value = <f32>sumOfLanes(sum);
  const at = to + ((<usize>k) << 2);
  store<f32>(at, isFirst ? value : load<f32>(at) + value);
}

/** Adds Σ gy·frame, of one plane, to elements [first, first + count) of a filter, or stores it if `isFirst`. */
function addInnerProducts(
  args: Convolution,
  gy: usize,
  step: usize,
  first: i32,
  count: i32,
  to: usize,
  isFirst: bool,
): void {
  const o0 = offsetOf(args, first);
  const o1 = offsetOf(args, first + 1);
  const o2 = offsetOf(args, first + 2);
  const o3 = offsetOf(args, first + 3);
  const o4 = offsetOf(args, first + 4);
  const o5 = offsetOf(args, first + 5);
  const o6 = offsetOf(args, first + 6);
  const o7 = offsetOf(args, first + 7);
  const o8 = offsetOf(args, first + 8);
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  let s8 = s0;
  const rest = args.outWidth & 3;
  const mask = lanesBelow(rest);
  let row = args.frame;
  for (let i = args.outHeight; i > 0; i--) {
    let x = row;
    const end = x + ((<usize>(args.outWidth - rest)) << 2);
    while (x < end) {
      const g = v128.load(gy);
      s0 = madd(g, v128.load(x + o0), s0);
      s1 = madd(g, v128.load(x + o1), s1);
      s2 = madd(g, v128.load(x + o2), s2);
      s3 = madd(g, v128.load(x + o3), s3);
      s4 = madd(g, v128.load(x + o4), s4);
      s5 = madd(g, v128.load(x + o5), s5);
      s6 = madd(g, v128.load(x + o6), s6);
      s7 = madd(g, v128.load(x + o7), s7);
      s8 = madd(g, v128.load(x + o8), s8);
      x += 16;
      gy += 16;
    }
    if (rest > 0) {
      // Mask both operands: the memory behind a row may hold NaN.
      const g = v128.and(v128.load(gy), mask);
      s0 = madd(g, v128.and(v128.load(x + o0), mask), s0);
      s1 = madd(g, v128.and(v128.load(x + o1), mask), s1);
      s2 = madd(g, v128.and(v128.load(x + o2), mask), s2);
      s3 = madd(g, v128.and(v128.load(x + o3), mask), s3);
      s4 = madd(g, v128.and(v128.load(x + o4), mask), s4);
      s5 = madd(g, v128.and(v128.load(x + o5), mask), s5);
      s6 = madd(g, v128.and(v128.load(x + o6), mask), s6);
      s7 = madd(g, v128.and(v128.load(x + o7), mask), s7);
      s8 = madd(g, v128.and(v128.load(x + o8), mask), s8);
      gy += (<usize>rest) << 2;
    }
    row += step;
  }
  addTo(to, 0, count, s0, isFirst);
  addTo(to, 1, count, s1, isFirst);
  addTo(to, 2, count, s2, isFirst);
  addTo(to, 3, count, s3, isFirst);
  addTo(to, 4, count, s4, isFirst);
  addTo(to, 5, count, s5, isFirst);
  addTo(to, 6, count, s6, isFirst);
  addTo(to, 7, count, s7, isFirst);
  addTo(to, 8, count, s8, isFirst);
}

/** Sets the addresses of the workspace's sections. Returns the bytes of the workspace. */
function layOut(args: Convolution): usize {
  args.frame = args.workspace;
  return behind(args.frame, frameHeightOf(args), frameRowBytes(args)) - args.workspace;
}

/**
 * Computes the gradient in w from x and the gradient in y, float32, for groups of one channel. Returns the bytes of the
 * workspace.
 */
export function convDepthwiseGradWeight(args: Convolution): usize {
  const bytes = layOut(args);
  if (args.workspace == 0) return bytes;
  const area = args.kernelHeight * args.kernelWidth;
  const step = frameRowBytes(args) * args.strideY;
  memory.fill(args.frame, 0, <usize>frameHeightOf(args) * frameRowBytes(args));
  for (let image = 0; image < args.batch; image++) {
    for (let group = 0; group < args.groups; group++) {
      frameChannel(args, image, group);
      for (let o = group * args.outChannels; o < (group + 1) * args.outChannels; o++) {
        const gy = channelOfY(args, image, o);
        const to = args.w + ((<usize>(o * area)) << 2);
        for (let first = 0; first < area; first += TOGETHER) {
          const count = min(TOGETHER, area - first);
          addInnerProducts(args, gy, step, first, count, to + ((<usize>first) << 2), image == 0);
        }
      }
    }
  }
  return bytes;
}

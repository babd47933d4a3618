/** Windows over images as ONNX writes them: strides, pads and dilations by axis, automatic padding, ceiling mode. */

import type { NDArray } from '../../../ndarray/ndarray.js';
import { formatShape } from '../../../ndarray/shape.js';
import { inFew, type OnnxCall } from '../call.js';

/** The largest stride, dilation, padding and window: kernels add several of them in 32 bits. */
export const MOST = 2 ** 28;

/** The number of places that a dilated window spans. */
export function extentOf(call: OnnxCall, size: number, dilation: number): number {
  const extent = (size - 1) * dilation + 1;
  if (!(extent <= MOST)) call.fail(`a window of ${size} at dilation ${dilation} reaches over more than 2²⁸`);
  return extent;
}

/** How windows move along one axis. */
export interface WindowAxis {
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly near: number;
  readonly far: number;
  /** The number of windows. */
  readonly count: number;
}

/** Computes on an image with one spatial axis as on an image of height 1. */
export interface Images {
  readonly x: NDArray;
  readonly restore: (y: NDArray) => NDArray;
}

/** The input as (N, C, H, W). */
export function imagesOf(call: OnnxCall): Images {
  const x = call.input(0);
  if (x.ndim === 4) return { x, restore: (y) => y };
  if (x.ndim !== 3) call.fail(`its input is ${formatShape(x.shape)}, expected (N, C, H, W) or (N, C, L)`);
  const [n, c, length] = x.shape;
  return { x: x.reshape([n, c, 1, length]), restore: (y) => y.reshape([y.shape[0], y.shape[1], y.shape[3]]) };
}

/** An attribute of two numbers, one for each spatial axis. A sequence has one number; its height gets `absent`. */
export function pairOf(call: OnnxCall, name: string, absent: number, least: number): [number, number] {
  const axes = call.input(0).ndim - 2;
  const given = call.ints(name, null) ?? Array.from({ length: axes }, () => absent);
  if (given.length !== axes || given.some((n) => !(n >= least && n <= MOST)))
    call.fail(`${name} is [${inFew(given)}], expected ${axes} numbers from ${least} to 2²⁸`);
  return axes === 1 ? [absent, given[0]] : [given[0], given[1]];
}

/** The padding before and after each of the two axes; null if it is automatic. */
export function padsOf(call: OnnxCall): [near: [number, number], far: [number, number]] | null {
  const automatic = call.string('auto_pad', 'NOTSET');
  if (automatic === 'VALID') return noPads();
  if (automatic !== 'NOTSET') return null;
  const pads = call.ints('pads', null);
  if (!pads) return noPads();
  const axes = call.input(0).ndim - 2;
  if (pads.length !== 2 * axes || pads.some((n) => !(n >= 0 && n <= MOST)))
    call.fail(`pads is [${inFew(pads)}], expected ${2 * axes} numbers from 0 to 2²⁸`);
  return axes === 1
    ? [
        [0, pads[0]],
        [0, pads[1]],
      ]
    : [
        [pads[0], pads[1]],
        [pads[2], pads[3]],
      ];
}

const noPads = (): [[number, number], [number, number]] => [
  [0, 0],
  [0, 0],
];

/** The windows of a convolution or pooling over x (N, C, H, W). */
export function windowsOf(call: OnnxCall, x: NDArray, size: readonly number[]): [WindowAxis, WindowAxis] {
  const strides = pairOf(call, 'strides', 1, 1);
  const dilations = pairOf(call, 'dilations', 1, 1);
  const pads = padsOf(call);
  const lower = call.string('auto_pad', 'NOTSET') === 'SAME_LOWER';
  const ceiling = call.int('ceil_mode', 0) !== 0;
  const axis = (k: 0 | 1): WindowAxis => {
    const length = x.shape[k + 2];
    const [stride, dilation] = [strides[k], dilations[k]];
    const extent = extentOf(call, size[k], dilation);
    const common = { size: size[k], stride, dilation };
    if (!pads) {
      const count = Math.ceil(length / stride);
      const total = Math.max(0, (count - 1) * stride + extent - length);
      const near = lower ? Math.ceil(total / 2) : Math.floor(total / 2);
      return { ...common, near, far: total - near, count };
    }
    const [near, far] = [pads[0][k], pads[1][k]];
    const steps = (length + near + far - extent) / stride;
    let count = (ceiling ? Math.ceil(steps) : Math.floor(steps)) + 1;
    // A window that begins after the image and its near padding does not count.
    if (ceiling && (count - 1) * stride >= length + near) count--;
    if (!(count >= 1)) call.fail(`no window of ${extent} fits an axis of ${length} padded by ${near} and ${far}`);
    return { ...common, near, far, count };
  };
  return [axis(0), axis(1)];
}

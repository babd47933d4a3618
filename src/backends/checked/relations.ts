/** Checks that the rules of several primitives share. */

import type { Conv2dGeometry, DType, Pool2dGeometry, Tensor } from '../primitives.js';
import { type Call, describe } from './call.js';

/** Checks an operand of an elementwise primitive; a number needs no check. */
export function elementwise(call: Call, name: string, x: Tensor | number, dtype: DType, out: Tensor): void {
  if (typeof x === 'number') return;
  call.hasDType(name, x, dtype);
  call.broadcasts(name, x, out);
}

/** Checks the shape of a reduction's result: the reduced axes are 1, or absent. */
function reduced(call: Call, name: string, x: Tensor, axes: readonly number[], out: Tensor): void {
  const kept = x.shape.map((n, k) => (axes.includes(k) ? 1 : n));
  const dropped = x.shape.filter((_, k) => !axes.includes(k));
  call.hasShape(name, out, out.shape.length === x.shape.length ? kept : dropped);
}

/** Checks the axes and the results of a reduction. */
export function reductions(
  call: Call,
  x: Tensor,
  axes: readonly number[],
  outs: Readonly<Record<string, Tensor>>,
  dtype: DType = x.dtype,
): void {
  call.axes('axes', axes, x);
  for (const [name, out] of Object.entries(outs)) {
    call.hasDType(name, out, dtype);
    reduced(call, name, x, axes, out);
  }
}

/** Checks indices along an axis of the whole array, and the array of the slices at these indices. */
export function indexed(
  call: Call,
  whole: Tensor,
  indices: Tensor,
  axis: number,
  parts: [name: string, tensor: Tensor],
): void {
  call.hasDType('indices', indices, 'int32');
  call.axis('axis', axis, whole);
  call.hasDType(parts[0], parts[1], whole.dtype);
  const { shape } = whole;
  const count = [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)];
  call.hasShape(parts[0], parts[1], count);
}

/** Checks a bias of n elements, and a residual like the result. */
export function epilogue(call: Call, out: Tensor, n: number, bias?: Tensor | null, residual?: Tensor | null): void {
  if (bias) {
    call.hasDType('bias', bias, out.dtype);
    call.hasShape('bias', bias, [n]);
  }
  if (residual) {
    call.hasDType('residual', residual, out.dtype);
    call.hasShape('residual', residual, out.shape);
  }
}

export function convolution(
  call: Call,
  x: Tensor,
  w: Tensor,
  y: Tensor,
  names: readonly string[],
  g: Conv2dGeometry,
): void {
  const tensors = [x, w, y];
  tensors.forEach((tensor, i) => {
    call.rank(names[i], tensor, 4);
    call.floating(names[i], tensor);
    call.hasDType(names[i], tensor, x.dtype);
  });
  call.integers('stride', g.stride, 1);
  call.integers('dilation', g.dilation, 1);
  call.integers('pad', g.pad, -(2 ** 31));
  call.integers('groups', [g.groups], 1);
  const fits =
    x.shape[0] === y.shape[0] &&
    y.shape[1] === w.shape[0] &&
    x.shape[1] === w.shape[1] * g.groups &&
    w.shape[0] % g.groups === 0;
  call.expect(fits, () => {
    const all = tensors.map((tensor, i) => `${names[i]} ${describe(tensor)}`).join(', ');
    return `${all} with ${g.groups} groups do not belong together`;
  });
}

export function pooling(call: Call, g: Pool2dGeometry, image: Tensor, pooled: Tensor, names: readonly string[]): void {
  call.rank(names[0], image, 4);
  call.rank(names[1], pooled, 4);
  call.hasDType(names[1], pooled, image.dtype);
  call.integers('ksize', g.ksize, 1);
  call.integers('stride', g.stride, 1);
  call.integers('pad', g.pad, 0);
  call.hasShape(names[1], pooled, [image.shape[0], image.shape[1], pooled.shape[2], pooled.shape[3]]);
}

export function places(call: Call, indices: Tensor, pooled: Tensor): void {
  call.hasDType('indices', indices, 'int32');
  call.hasShape('indices', indices, pooled.shape);
}

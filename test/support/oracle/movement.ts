/** The primitives that move elements: strided copies, their adjoint, gathering and scattering. */
import type { StridedView } from '../../../src/backends/primitives.js';
import { at, build, type HostArray, hostArray, indicesOf, placeOf } from '../host-array.js';

/** Where a view is at `index`. */
const seenAt = ({ offset, strides }: StridedView, index: readonly number[]) =>
  strides.reduce((place, stride, axis) => place + stride * index[axis], offset);

/** `out` with the elements that `to` visits replaced by those that `from` visits. */
export function copy(
  x: HostArray,
  from: StridedView,
  out: HostArray,
  to: StridedView,
  shape: readonly number[],
): HostArray {
  const values = out.values.slice();
  for (const index of indicesOf(shape)) values[seenAt(to, index)] = x.values[seenAt(from, index)];
  return hostArray(values, out.shape, out.dtype);
}

/** `out` with every element of `x` added where `to` is at its index. */
export function addToView(x: HostArray, out: HostArray, to: StridedView): HostArray {
  const values = out.values.slice();
  for (const index of indicesOf(x.shape)) values[seenAt(to, index)] += at(x, index);
  return hostArray(values, out.shape, out.dtype);
}

/** The slices of `x` along `axis` that `indices` name. */
export function gather(x: HostArray, indices: HostArray, axis: number): HostArray {
  const shape = x.shape.toSpliced(axis, 1, ...indices.shape);
  return build(shape, x.dtype, (index) => {
    const chosen = at(indices, index.slice(axis, axis + indices.shape.length));
    return at(x, index.toSpliced(axis, indices.shape.length, chosen));
  });
}

/** `out` with the slices of `x` added at the places along `axis` that `indices` name. */
export function scatterAdd(x: HostArray, indices: HostArray, axis: number, out: HostArray): HostArray {
  const values = out.values.slice();
  for (const index of indicesOf(x.shape)) {
    const chosen = at(indices, index.slice(axis, axis + indices.shape.length));
    values[placeOf(out.shape, index.toSpliced(axis, indices.shape.length, chosen))] += at(x, index);
  }
  return hostArray(values, out.shape, out.dtype);
}

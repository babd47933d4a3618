/**
 * Functions of moving windows over any number of axes, element by element from their definitions. An output and a
 * position in its window name an element of the input, or padding.
 */
import type { HostValues } from '../function-harness.js';
import { indicesOf, placeOf, sizeOf } from '../host-array.js';

/** A window's geometry; every list has one entry per spatial axis. */
export interface Geometry {
  readonly ksize: readonly number[];
  readonly stride: readonly number[];
  readonly pad: readonly number[];
  readonly dilate?: readonly number[];
}

/** The number of windows on each axis, by counting the starts that are allowed. */
function windowCounts(lengths: readonly number[], geometry: Geometry, coverAll = false): number[] {
  return lengths.map((length, i) => {
    const reach = (geometry.ksize[i] - 1) * (geometry.dilate?.[i] ?? 1);
    let count = 0;
    for (let start = -geometry.pad[i]; start + reach < length + geometry.pad[i]; start += geometry.stride[i]) count++;
    // The last window may reach beyond the padded image if no other window covers its end.
    const seen = -geometry.pad[i] + (count - 1) * geometry.stride[i] + reach;
    return coverAll && seen < length + geometry.pad[i] - 1 ? count + 1 : count;
  });
}

/** The spatial index that a window reads at a position; null in padding. */
export function readsAt(
  window: readonly number[],
  position: readonly number[],
  { stride, pad, dilate }: Geometry,
  lengths: readonly number[],
): number[] | null {
  const index = window.map((w, i) => w * stride[i] + position[i] * (dilate?.[i] ?? 1) - pad[i]);
  return index.every((at, i) => at >= 0 && at < lengths[i]) ? index : null;
}

/** An array filled element by element. */
export function filled(shape: readonly number[], value: (index: readonly number[]) => number): HostValues {
  return { shape, values: Float64Array.from(indicesOf(shape), value) };
}

export function elementOf({ shape, values }: HostValues, index: readonly number[]): number {
  return values[placeOf(shape, index)];
}

/** Convolution: x (N, C, d…), W (O, C/groups, k…), b (O,). */
export function convolve(
  x: HostValues,
  W: HostValues,
  b: HostValues | undefined,
  geometry: Omit<Geometry, 'ksize'>,
  groups = 1,
  coverAll = false,
): HostValues {
  const [n, , ...lengths] = x.shape;
  const [o, channels, ...ksize] = W.shape;
  const whole = { ...geometry, ksize };
  return filled([n, o, ...windowCounts(lengths, whole, coverAll)], ([i, out, ...window]) => {
    let sum = b ? b.values[out] : 0;
    const first = Math.floor(out / (o / groups)) * channels;
    for (const position of indicesOf(ksize)) {
      const at = readsAt(window, position, whole, lengths);
      if (!at) continue;
      for (let c = 0; c < channels; c++) {
        sum += elementOf(W, [out, c, ...position]) * elementOf(x, [i, first + c, ...at]);
      }
    }
    return sum;
  });
}

/** Transposed convolution: x (N, C, o…), W (C, O/groups, k…), b (O,) → (N, O, lengths…). */
export function deconvolve(
  x: HostValues,
  W: HostValues,
  b: HostValues | undefined,
  geometry: Omit<Geometry, 'ksize'>,
  lengths: readonly number[],
  groups = 1,
): HostValues {
  const [n, c, ...counts] = x.shape;
  const [, perGroup, ...ksize] = W.shape;
  const y = filled([n, perGroup * groups, ...lengths], ([, o]) => (b ? b.values[o] : 0));
  for (const [i, channel, ...window] of indicesOf(x.shape)) {
    const first = Math.floor(channel / (c / groups)) * perGroup;
    for (const position of indicesOf(ksize)) {
      const at = readsAt(window, position, { ...geometry, ksize }, lengths);
      if (!at) continue;
      for (let o = 0; o < perGroup; o++) {
        y.values[placeOf(y.shape, [i, first + o, ...at])] +=
          elementOf(W, [channel, o, ...position]) * elementOf(x, [i, channel, ...window]);
      }
    }
  }
  return { shape: [n, perGroup * groups, ...counts.map((_, k) => lengths[k])], values: y.values };
}

/** The elements that each window sees, padding left out, reduced to one number. */
export function pool(
  x: HostValues,
  geometry: Geometry,
  coverAll: boolean,
  reduce: (elements: readonly { value: number; place: number }[], size: number) => number,
): HostValues {
  const [n, c, ...lengths] = x.shape;
  const size = sizeOf(geometry.ksize);
  return filled([n, c, ...windowCounts(lengths, geometry, coverAll)], ([i, channel, ...window]) => {
    const elements = [...indicesOf(geometry.ksize)].flatMap((position, place) => {
      const at = readsAt(window, position, geometry, lengths);
      return at ? [{ value: elementOf(x, [i, channel, ...at]), place }] : [];
    });
    return reduce(elements, size);
  });
}

/** Each element added to all of its window, in an image of these lengths. */
export function unpool(x: HostValues, geometry: Geometry, lengths: readonly number[]): HostValues {
  const [n, c] = x.shape;
  const y = filled([n, c, ...lengths], () => 0);
  for (const [i, channel, ...window] of indicesOf(x.shape)) {
    for (const position of indicesOf(geometry.ksize)) {
      const at = readsAt(window, position, geometry, lengths);
      if (at) y.values[placeOf(y.shape, [i, channel, ...at])] += elementOf(x, [i, channel, ...window]);
    }
  }
  return y;
}

/** ONNX's Resize and Upsample: nearest and linear, axis by axis. */
import { binary } from '../../../ndarray/elementwise.js';
import { fromHost, type NDArray } from '../../../ndarray/ndarray.js';
import { formatShape, normalizeAxis, sameShape } from '../../../ndarray/shape.js';
import { inFew, MAX_AXES, type OnnxCall, type Operator } from '../call.js';
import { takeAt } from './movement.js';

/** Scales, sizes and coordinates are float32, as in onnxruntime: so 5 · 1.4 is 7, and halfway coordinates round as there. */
const f = Math.fround;

/** The coordinate on the original axis, of length `length`, of place i of the resized axis, of length `size`. */
type Coordinate = (i: number, scale: number, length: number, size: number) => number;

const halfPixel = (i: number, scale: number): number => f(f((i + 0.5) / scale) - 0.5);

const COORDINATES = new Map<string, Coordinate>([
  ['half_pixel', halfPixel],
  ['pytorch_half_pixel', (i, scale, _, size) => (size > 1 ? halfPixel(i, scale) : 0)],
  ['align_corners', (i, _scale, length, size) => (size > 1 ? f(f(i * (length - 1)) / (size - 1)) : 0)],
  ['asymmetric', (i, scale) => f(i / scale)],
]);

const NEAREST = new Map<string, (x: number) => number>([
  ['round_prefer_floor', (x) => Math.ceil(x - 0.5)],
  ['round_prefer_ceil', (x) => Math.floor(x + 0.5)],
  ['floor', Math.floor],
  ['ceil', Math.ceil],
]);

/** How the axes of a node's input are resized. */
interface Sampling {
  readonly mode: string;
  readonly coordinate: Coordinate;
  readonly nearest: (x: number) => number;
}

function resized(
  call: OnnxCall,
  { mode, coordinate, nearest }: Sampling,
  scales: readonly number[],
  sizes: readonly number[],
) {
  const x = call.input(0);
  if (sizes.length !== x.ndim || sizes.some((n) => !(Number.isInteger(n) && n >= 1)))
    call.fail(`it makes axes of ${inFew(sizes)} of ${formatShape(x.shape)}`);
  if (sameShape(sizes, x.shape)) return x;
  if (x.size === 0) call.fail(`its input ${formatShape(x.shape)} has no elements`);
  return x.shape.reduce((y: NDArray, length, axis) => {
    const size = sizes[axis];
    if (size === length && scales[axis] === 1) return y;
    const inside = (k: number) => Math.min(Math.max(k, 0), length - 1);
    const at = (i: number) => coordinate(i, scales[axis], length, size);
    if (mode === 'nearest')
      return takeAt(
        y,
        call.integers(size, (i) => inside(nearest(at(i)))),
        axis,
      );
    const lower = call.integers(size, (i) => Math.floor(inside(at(i))));
    const along = y.shape.map((_, k) => (k === axis ? size : 1));
    const weights = new Float32Array(size).map((_, i) => inside(at(i)) - lower[i]);
    const [low, high] = [lower, lower.map((k) => inside(k + 1))].map((places) => takeAt(y, places, axis));
    const weight = fromHost(weights, along, 'float32', y.device);
    return binary('add', low, binary('multiply', binary('subtract', high, low), weight));
  }, x);
}

function samplingOf(call: OnnxCall, mode: string, coordinates: string, nearest: string): Sampling {
  if (mode !== 'nearest' && mode !== 'linear') call.fail(`mode '${mode}' is not supported`);
  const coordinate = COORDINATES.get(coordinates) ?? call.fail(`coordinates '${coordinates}' are not supported`);
  return { mode, coordinate, nearest: NEAREST.get(nearest) ?? call.fail(`rounding '${nearest}' is not supported`) };
}

const sizesFor = (x: NDArray, scales: readonly number[]): number[] =>
  x.shape.map((n, k) => Math.floor(f(n * scales[k])));

const resize: Operator = (call) => {
  const x = call.input(0);
  const mode = call.string('mode', 'nearest');
  // Version 10 has scales only, and asymmetric coordinates.
  if (call.opset < 11) {
    const scales = call.numbers(1, MAX_AXES);
    return resized(call, samplingOf(call, mode, 'asymmetric', 'floor'), scales, sizesFor(x, scales));
  }
  if (call.int('antialias', 0) !== 0) call.fail('antialias is not supported');
  if (call.string('keep_aspect_ratio_policy', 'stretch') !== 'stretch') call.fail('only stretching is supported');
  const coordinates = call.string('coordinate_transformation_mode', 'half_pixel');
  const sampling = samplingOf(call, mode, coordinates, call.string('nearest_mode', 'round_prefer_floor'));
  const axes = (call.ints('axes', null) ?? x.shape.map((_, k) => k)).map((k) => normalizeAxis('Resize', k, x.ndim));
  const spread = (list: readonly number[], rest: readonly number[]) =>
    rest.map((n, k) => (axes.includes(k) ? list[axes.indexOf(k)] : n));
  if (call.has(3)) {
    const sizes = spread(call.numbers(3, MAX_AXES), x.shape);
    return resized(
      call,
      sampling,
      sizes.map((n, k) => f(n / x.shape[k])),
      sizes,
    );
  }
  const scales = spread(
    call.numbers(2, MAX_AXES),
    x.shape.map(() => 1),
  );
  return resized(call, sampling, scales, sizesFor(x, scales));
};

export const RESIZING = {
  Resize: resize,
  Upsample: (call) => {
    const scales = call.has(1) ? call.numbers(1, MAX_AXES) : [...(call.floats('scales') ?? [])];
    const sampling = samplingOf(call, call.string('mode', 'nearest'), 'asymmetric', 'floor');
    return resized(call, sampling, scales, sizesFor(call.input(0), scales));
  },
} satisfies Record<string, Operator>;

/** ONNX's operators that move elements, on arrays. */
import { getItem } from '../../../ndarray/indexing.js';
import { broadcastTo, concatenate, gather as elementsAlong, pad, transpose } from '../../../ndarray/manipulation.js';
import { allocate, fromHost, type NDArray } from '../../../ndarray/ndarray.js';
import { formatShape, normalizeAxis, sameShape, stridesOf } from '../../../ndarray/shape.js';
import { type Slice, slice } from '../../../ndarray/slice.js';
import { inFew, MAX_AXES, type OnnxCall, type Operator } from '../call.js';

/** The elements of an axis from one place up to another. */
const between = (x: NDArray, axis: number, start: number, stop: number): NDArray =>
  getItem(
    x,
    x.shape.map((_, k) => (k === axis ? slice(start, stop) : ':')),
  );

/** The elements along an axis at places that are known before the model runs. */
export function takeAt(x: NDArray, places: Int32Array, axis: number): NDArray {
  return elementsAlong(x, fromHost(places, [places.length], 'int32', x.device), axis);
}

const gather: Operator = (call) => {
  const [x, indices] = [call.input(0), call.input(1)];
  const axis = normalizeAxis('Gather', call.int('axis', 0), x.ndim);
  const length = x.shape[axis];
  if (indices.dtype !== 'int32') call.fail(`its indices are ${indices.dtype}`);
  if (call.varies(1)) return elementsAlong(x, indices, axis);
  const values = call.numbers(1);
  const wrong = values.find((i) => i < -length || i >= length);
  if (wrong !== undefined) call.fail(`index ${wrong} is out of range for an axis of length ${length}`);
  return elementsAlong(x, fromHost(Int32Array.from(values), indices.shape, 'int32', x.device), axis);
};

/** Sets elements at places along one axis, or adds to them. */
const scatterElements: Operator = (call) => {
  const [x, updates] = [call.input(0), call.input(2)];
  const indices = call.input(1);
  const axis = normalizeAxis('ScatterElements', call.int('axis', 0), x.ndim);
  const reduction = call.string('reduction', 'none');
  if (reduction !== 'none' && reduction !== 'add') call.fail(`reduction '${reduction}' is not supported`);
  if (!sameShape(indices.shape, updates.shape) || indices.ndim !== x.ndim)
    call.fail(`indices ${formatShape(indices.shape)}, updates ${formatShape(updates.shape)}`);
  const strides = stridesOf(x.shape);
  const own = stridesOf(indices.shape);
  const flat = Int32Array.from(call.numbers(1), (index, i) => {
    let at = 0;
    for (let k = 0; k < x.ndim; k++) {
      const given = k === axis ? index : Math.floor(i / own[k]) % indices.shape[k];
      const place = given < 0 ? given + x.shape[k] : given;
      if (place < 0 || place >= x.shape[k])
        call.fail(`index ${given} is out of range for axis ${k} of ${formatShape(x.shape)}`);
      at += place * strides[k];
    }
    return at;
  });
  if (updates.dtype !== x.dtype) call.fail(`its updates are ${updates.dtype}, its input ${x.dtype}`);
  const places = fromHost(flat, [flat.length], 'int32', x.device);
  const out = allocate([x.size], x.dtype, x.device);
  if (reduction === 'add') x.device.cast(x.reshape([x.size]), out);
  else {
    call.expectLength(x.size);
    const replaced = new Uint8Array(x.size);
    for (const at of flat) replaced[at] = 1;
    x.device.where(fromHost(replaced, [x.size], 'bool', x.device), 0, x.reshape([x.size]), out);
  }
  x.device.scatterAdd(updates.reshape([updates.size]), places, 0, out);
  return out.reshape(x.shape);
};

/** Slice: starts, ends, axes and steps are inputs since version 10, attributes before. */
const sliced: Operator = (call) => {
  const x = call.input(0);
  const starts = call.list(1, 'starts') ?? call.fail('its starts are missing');
  const ends = call.list(2, 'ends') ?? call.fail('its ends are missing');
  const axes = call.list(3, 'axes') ?? starts.map((_, k) => k);
  const steps = call.has(4) ? call.numbers(4, MAX_AXES) : starts.map(() => 1);
  if (ends.length !== starts.length || axes.length !== starts.length || steps.length !== starts.length)
    call.fail(`${starts.length} starts, ${ends.length} ends, ${axes.length} axes, ${steps.length} steps`);
  const parts: (Slice | string)[] = x.shape.map(() => ':');
  axes.forEach((axis, i) => {
    parts[normalizeAxis('Slice', axis, x.ndim)] = slice(starts[i], ends[i], steps[i]);
  });
  return getItem(x, parts);
};

const split: Operator = (call) => {
  const x = call.input(0);
  const axis = normalizeAxis('Split', call.int('axis', 0), x.ndim);
  const length = x.shape[axis];
  const each = Math.ceil(length / call.outputCount);
  const sizes =
    call.list(1, 'split', call.outputCount) ??
    Array.from({ length: call.outputCount }, (_, i) => Math.max(0, Math.min(each, length - i * each)));
  if (sizes.some((n) => n < 0) || sizes.reduce((a, b) => a + b, 0) !== length)
    call.fail(`parts of ${inFew(sizes)} do not make up an axis of length ${length}`);
  let at = 0;
  return sizes.map((n) => {
    at += n;
    return between(x, axis, at - n, at);
  });
};

/** The source of each place of a padded axis. */
const SOURCES = new Map<string, (i: number, length: number) => number>([
  ['edge', (i, length) => Math.min(Math.max(i, 0), length - 1)],
  [
    'reflect',
    (i, length) => {
      const period = Math.max(1, 2 * (length - 1));
      const k = ((i % period) + period) % period;
      return k < length ? k : period - k;
    },
  ],
  ['wrap', (i, length) => ((i % length) + length) % length],
]);

const padded: Operator = (call) => {
  const x = call.input(0);
  const pads = call.list(1, 'pads') ?? call.fail('its pads are missing');
  const axes = call.has(3)
    ? call.numbers(3, MAX_AXES).map((k) => normalizeAxis('Pad', k, x.ndim))
    : x.shape.map((_, k) => k);
  if (pads.length !== 2 * axes.length) call.fail(`${pads.length} pads for ${axes.length} axes`);
  const widths = x.shape.map((_, k): [number, number] => {
    const place = axes.indexOf(k);
    return place < 0 ? [0, 0] : [pads[place], pads[place + axes.length]];
  });
  // Negative padding cuts.
  const cut = x.shape.map((n, k) => slice(Math.max(0, -widths[k][0]), n + Math.min(0, widths[k][1])));
  const inner = widths.some((pair) => pair.some((n) => n < 0)) ? getItem(x, cut) : x;
  const borders = widths.map(([before, after]): [number, number] => [Math.max(0, before), Math.max(0, after)]);
  const mode = call.string('mode', 'constant');
  if (mode === 'constant') {
    const value = call.has(2) ? call.numbers(2)[0] : call.float('value', 0);
    return borders.every(([a, b]) => a === 0 && b === 0) ? inner : pad(inner, borders, value);
  }
  const source = SOURCES.get(mode) ?? call.fail(`mode '${mode}' is not supported`);
  return borders.reduce((y, [before, after], axis) => {
    if (before === 0 && after === 0) return y;
    const length = y.shape[axis];
    if (length === 0) call.fail(`an axis of length 0 cannot get ${before} and ${after} more`);
    const places = call.integers(before + length + after, (i) => source(i - before, length));
    return takeAt(y, places, axis);
  }, inner);
};

/** Moves blocks of channels to blocks of pixels, or back. */
function blocks(call: OnnxCall): { x: NDArray; size: number } {
  const x = call.input(0);
  const size = call.int('blocksize', 0);
  if (x.ndim !== 4 || size < 1) call.fail(`blocks of ${size} in ${formatShape(x.shape)}`);
  return { x, size };
}

export const MOVEMENT = {
  Concat: (call) => concatenate(call.inputs, call.int('axis', 1)),
  DepthToSpace: (call) => {
    const { x, size } = blocks(call);
    const [n, c, h, w] = x.shape;
    const depth = c / size ** 2;
    const columnsFirst = call.string('mode', 'DCR') === 'CRD';
    const split = columnsFirst ? [n, depth, size, size, h, w] : [n, size, size, depth, h, w];
    const order = columnsFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
    return transpose(x.reshape(split), order).reshape([n, depth, h * size, w * size]);
  },
  Gather: gather,
  ScatterElements: scatterElements,
  Slice: sliced,
  SpaceToDepth: (call) => {
    const { x, size } = blocks(call);
    const [n, c, h, w] = x.shape;
    const split = x.reshape([n, c, h / size, size, w / size, size]);
    return transpose(split, [0, 3, 5, 1, 2, 4]).reshape([n, c * size ** 2, h / size, w / size]);
  },
  Split: split,
  Pad: padded,
  Tile: (call) => {
    const x = call.input(0);
    const repeats = call.numbers(1, MAX_AXES);
    if (repeats.length !== x.ndim) call.fail(`${repeats.length} repeats for ${formatShape(x.shape)}`);
    const between = x.reshape(x.shape.flatMap((n) => [1, n]));
    const wide = broadcastTo(
      between,
      x.shape.flatMap((n, k) => [repeats[k], n]),
    );
    return wide.reshape(x.shape.map((n, k) => n * repeats[k]));
  },
  Transpose: (call) => transpose(call.input(0), call.ints('perm', null)),
} satisfies Record<string, Operator>;

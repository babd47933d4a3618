/**
 * The contents of buffers while a graph is written as ONNX. ONNX values never change, so each write to a buffer gives it a new value.
 * A buffer that is written in parts, such as a concatenation, keeps the parts until a node reads it.
 */

import type { Arguments } from '../../backends/arguments.js';
import type { Backend } from '../../backends/backend.js';
import type { DType, Primitive, StridedView } from '../../backends/primitives.js';
import { GraphError } from '../../errors.js';
import { DATA_TYPES } from '../../formats/onnx/model.js';
import { sameShape, sizeOf, stridesOf } from '../../ndarray/shape.js';
import type { GraphBuffer, Ref } from '../graph.js';
import { type BoxAxis, boxOf, placesOf } from './views.js';
import type { OnnxWriter, Value } from './writer.js';

/** A dense value that was written to a part of a buffer. */
interface Part {
  readonly value: Value;
  readonly to: StridedView;
  readonly shape: readonly number[];
  /** The shape of the tensor that was written. */
  readonly memory: readonly number[];
}

/** A buffer's content: a value, one number everywhere, or nothing yet; and the parts that were written over it. */
interface Content {
  readonly base: Value | number | null;
  readonly parts: Part[];
}

/** How constants are written. */
export interface ConstantOptions {
  readonly device: Backend;
  /** The format of float32 constants with two or more axes. */
  readonly weights: 'float32' | 'float16';
}

/** The largest finite float16. */
const MAX_HALF = 65504;

export class Contents {
  readonly #contents = new Map<GraphBuffer, Content>();
  /** The buffers whose content ONNX cannot express, each with the reason. */
  readonly #unsupported = new Map<GraphBuffer, string>();

  constructor(
    readonly writer: OnnxWriter,
    readonly constants: ConstantOptions,
  ) {}

  /** The value of a tensor. @throws GraphError if ONNX cannot express it. */
  read({ buffer, shape }: Ref): Value {
    const reason = this.#unsupported.get(buffer);
    if (reason) throw new GraphError(`toOnnx: ${reason}`);
    let content = this.#contents.get(buffer);
    if (!content) {
      if (buffer.kind !== 'constant') throw new GraphError(`toOnnx: buffer ${buffer.id} is read before it is written`);
      content = { base: this.#constant(buffer, shape), parts: [] };
    }
    const value = this.#whole(content, buffer, shape);
    this.#contents.set(buffer, { base: value, parts: [] });
    return this.writer.reshape(value, shape);
  }

  /** Replaces the content of a buffer. */
  write({ buffer }: Ref, value: Value): void {
    this.#contents.set(buffer, { base: value, parts: [] });
    this.#unsupported.delete(buffer);
  }

  /** Makes one number the content of a buffer. */
  fill({ buffer }: Ref, value: number): void {
    this.#contents.set(buffer, { base: value, parts: [] });
    this.#unsupported.delete(buffer);
  }

  /** Marks the content of a buffer as one that ONNX cannot express; reading it is an error. */
  refuse({ buffer }: Ref, reason: string): void {
    this.#unsupported.set(buffer, reason);
  }

  /** Writes a dense value to the elements of `out` that the view `to` visits. */
  writePart(out: Ref, to: StridedView, value: Value): void {
    const { shape } = value;
    if (sizeOf(shape) === out.buffer.size) {
      const whole = this.#scattered({ value, to, shape, memory: out.shape });
      if (whole) {
        this.write(out, whole);
        return;
      }
    }
    const content = this.#contents.get(out.buffer) ?? { base: null, parts: [] };
    content.parts.push({ value, to, shape, memory: out.shape });
    this.#contents.set(out.buffer, content);
  }

  /** The elements of `x` that the view `from` visits, as a dense value of `shape`. */
  view(x: Value, from: StridedView, shape: readonly number[]): Value {
    if (from.offset === 0 && sizeOf(shape) === sizeOf(x.shape) && sameShape(from.strides, stridesOf(shape)))
      return this.writer.reshape(x, shape);
    const { writer } = this;
    const box = boxOf(from, shape, x.shape);
    if (!box) {
      const flat = writer.reshape(x, [sizeOf(x.shape)]);
      const places = writer.initializer({ dtype: 'int32', shape: [...shape], data: placesOf(from, shape) });
      return writer.node('Gather', [flat, places], { dtype: x.dtype, shape }, { ints: { axis: 0 } });
    }
    const cut = this.#slice(writer.reshape(x, lengthsOf(box)), box);
    const turned = this.#turned(cut, box);
    const moving = new Set(box.map(({ axis }) => axis));
    const small = shape.map((n, k) => (moving.has(k) ? n : 1));
    return writer.expand(writer.reshape(turned, small), shape);
  }

  #slice(x: Value, box: readonly BoxAxis[]): Value {
    const axes = box.map((_, k) => k).filter((k) => box[k].count !== box[k].length || box[k].step !== 1);
    if (axes.length === 0) return x;
    const end = ({ start, step, count }: BoxAxis) => {
      const stop = start + count * step;
      // ONNX counts a negative end from the far side. This one stands before the first element.
      return stop < 0 ? -(2 ** 31) : stop;
    };
    const lists = [
      axes.map((k) => box[k].start),
      axes.map((k) => end(box[k])),
      axes,
      axes.map((k) => box[k].step),
    ] as const;
    const inputs = lists.map((list) => this.writer.ints(list));
    return this.writer.node('Slice', [x, ...inputs], { dtype: x.dtype, shape: box.map(({ count }) => count) });
  }

  /** A part that fills its whole buffer, as the buffer's content; null if the part is not a permutation of axes. */
  #scattered({ value, to, shape, memory }: Part): Value | null {
    const box = boxOf(to, shape, memory);
    if (!box || box.some(({ count, length, step }) => count !== length || step !== 1)) return null;
    return this.#along(value, box);
  }

  /** The content of a box, with its axes in the order of the view. */
  #turned(x: Value, box: readonly BoxAxis[]): Value {
    const axes = axesOf(box);
    if (isSorted(axes)) return x;
    // Axes of length 1 need not be moved.
    const moving = box.filter(({ axis }) => axis !== null).map(({ count }) => count);
    const order = axes.map((_, k) => k).sort((a, b) => axes[a] - axes[b]);
    return this.writer.transpose(this.writer.reshape(x, moving), order);
  }

  /** A part's value, with its axes in the order of the box. */
  #along(value: Value, box: readonly BoxAxis[]): Value {
    const axes = axesOf(box);
    const rest = value.shape.map((_, k) => k).filter((k) => !axes.includes(k));
    const turned = isSorted(axes) ? value : this.writer.transpose(value, [...rest, ...axes]);
    return this.writer.reshape(
      turned,
      box.map(({ count }) => count),
    );
  }

  #whole({ base, parts }: Content, buffer: GraphBuffer, shape: readonly number[]): Value {
    const { writer } = this;
    if (parts.length === 0 && base !== null)
      return typeof base === 'number' ? writer.filled(base, buffer.dtype, shape) : base;
    const joined = this.#concatenated(parts, buffer) ?? this.#padded(base, parts);
    if (joined) return joined;
    let flat =
      base === null || typeof base === 'number'
        ? writer.filled(base ?? 0, buffer.dtype, [buffer.size])
        : writer.reshape(base, [buffer.size]);
    for (const part of parts) flat = this.scatter(flat, part.to, part.value, 'none');
    return flat;
  }

  /** A flat value in which the elements that a view visits are replaced by, or added to, those of `value`. */
  scatter(flat: Value, to: StridedView, value: Value, reduction: 'none' | 'add'): Value {
    const { writer } = this;
    const size = sizeOf(value.shape);
    const places = writer.initializer({ dtype: 'int32', shape: [size], data: placesOf(to, value.shape) });
    const inputs = [flat, places, writer.reshape(value, [size])];
    return writer.node('ScatterElements', inputs, flat, { ints: { axis: 0 }, strings: { reduction } });
  }

  /** The value of parts that follow one another along one axis without gaps; null if they do not. */
  #concatenated(parts: readonly Part[], buffer: GraphBuffer): Value | null {
    if (parts.length < 2) return null;
    const { memory } = parts[0];
    if (parts.reduce((sum, { shape }) => sum + sizeOf(shape), 0) !== buffer.size) return null;
    const placed: { value: Value; box: BoxAxis[] }[] = [];
    const partial = new Set<number>();
    for (const { value, to, shape } of parts) {
      const box = boxWithin(to, shape, memory);
      if (!box || box.some(({ step }) => step !== 1)) return null;
      placed.push({ value, box });
      box.forEach(({ count, length }, k) => {
        if (count !== length) partial.add(k);
      });
    }
    if (partial.size !== 1) return null;
    const [axis] = partial;
    placed.sort((a, b) => a.box[axis].start - b.box[axis].start);
    let at = 0;
    for (const { box } of placed) {
      if (box[axis].start !== at) return null;
      at += box[axis].count;
    }
    const values = placed.map(({ value, box }) => this.#along(value, box));
    return this.writer.node('Concat', values, { dtype: buffer.dtype, shape: memory }, { ints: { axis } });
  }

  /** The value of one part with a border of one number; null if the content is not that. */
  #padded(base: Content['base'], parts: readonly Part[]): Value | null {
    const { writer } = this;
    if (parts.length !== 1 || typeof base === 'object') return null;
    const [{ value, to, shape, memory }] = parts;
    const box = boxWithin(to, shape, memory);
    if (!box || box.some(({ step }) => step !== 1) || value.dtype === 'bool') return null;
    const before = box.map(({ start }) => start);
    const after = box.map(({ length, start, count }) => length - start - count);
    const inner = this.#along(value, box);
    const inputs = [inner, writer.ints([...before, ...after]), writer.scalar(base, value.dtype as DType)];
    return writer.node('Pad', inputs, { dtype: value.dtype, shape: memory });
  }

  #constant(buffer: GraphBuffer, shape: readonly number[]): Value {
    const { writer } = this;
    const { device, weights } = this.constants;
    const { constant, dtype } = buffer;
    if (!constant) throw new GraphError('toOnnx: a constant without content');
    const data = device.readSync(constant);
    const seen = [...shape];
    if (dtype === 'float32' && data instanceof Float32Array) {
      if (weights === 'float32' || seen.length < 2 || !data.every((v) => !(Math.abs(v) > MAX_HALF)))
        return writer.initializer({ dtype, shape: seen, data });
      return writer.cast(writer.initializer({ dtype: 'float16', shape: seen, data }), dtype, DATA_TYPES[dtype]);
    }
    if (dtype === 'float64' && data instanceof Float64Array) return writer.initializer({ dtype, shape: seen, data });
    if (dtype === 'int32' && data instanceof Int32Array) return writer.initializer({ dtype, shape: seen, data });
    if ((dtype === 'uint8' || dtype === 'bool') && data instanceof Uint8Array)
      return writer.initializer({ dtype, shape: seen, data });
    throw new GraphError(`toOnnx: a constant of ${dtype} came as ${data.constructor.name}`);
  }
}

/** Writes a call of the primitive `P`: its arguments follow `contents`. */
export type Write<P extends Primitive> = (contents: Contents, ...args: Arguments<P, Ref>) => void;

const lengthsOf = (box: readonly BoxAxis[]): number[] => box.map(({ length }) => length);

/** The axes of the view that run along axes of the box, in the box's order. */
const axesOf = (box: readonly BoxAxis[]): number[] => box.flatMap(({ axis }) => (axis === null ? [] : [axis]));

const isSorted = (axes: readonly number[]): boolean => axes.every((axis, k) => k === 0 || axes[k - 1] < axis);

/** The box of a view whose axes are those of `memory`; null if there is none. */
function boxWithin(to: StridedView, shape: readonly number[], memory: readonly number[]): BoxAxis[] | null {
  const box = boxOf(to, shape, memory);
  if (!box) return null;
  if (sameShape(lengthsOf(box), memory)) return box;
  const long = memory.filter((n) => n !== 1);
  if (!sameShape(lengthsOf(box), long)) return null;
  // Put the axes of length 1 back.
  let at = 0;
  return memory.map((n) => (n === 1 ? { length: 1, start: 0, step: 1, count: 1, axis: null } : box[at++]));
}

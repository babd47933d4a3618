/** The table of primitives as ONNX operators. */

import type { Arguments } from '../../backends/arguments.js';
import type { Activation, ReduceOp } from '../../backends/ops.js';
import type { Primitive } from '../../backends/primitives.js';
import { GraphError } from '../../errors.js';
import { sizeOf } from '../../ndarray/shape.js';
import { type GraphNode, isRef, type Ref } from '../graph.js';
import type { Contents, Write } from './contents.js';
import { binary, Expressions, unary } from './write-elementwise.js';
import { averagePool2d, maxPool2d } from './write-pooling.js';
import type { Value } from './writer.js';

/** The epilogue of a product, with refs for tensors. */
type Epilogue = Exclude<Arguments<'conv2d', Ref>[5], undefined>;

/** The value of an operand. A number has the element type of the other operand. */
function operand(contents: Contents, value: Ref | number, other: Ref | number): Value {
  if (isRef(value)) return contents.read(value);
  return contents.writer.scalar(value, isRef(other) ? other.buffer.dtype : 'float32');
}

const ACTIVATIONS = { relu: 'Relu', sigmoid: 'Sigmoid', tanh: 'Tanh' } satisfies Record<
  Exclude<Activation, 'none'>,
  string
>;

/** A product's result after its epilogue. */
function withEpilogue(contents: Contents, y: Value, { activation = 'none', residual }: Epilogue): Value {
  const e = new Expressions(contents.writer);
  const sum = residual ? e.op('Add', y, contents.read({ ...residual, shape: y.shape })) : y;
  return activation === 'none' ? sum : e.op(ACTIVATIONS[activation], sum);
}

/** The padding on the far side that makes `count` windows fit; negative if the image is longer than they reach. */
function farPad(length: number, count: number, extent: number, stride: number, near: number): number {
  return (count - 1) * stride + extent - length - near;
}

/** ONNX's `pads` for windows over images: top, left, bottom, right. */
function padsOf(
  geometry: { pad: readonly [number, number]; stride: readonly [number, number] },
  extents: readonly number[],
  x: Ref,
  out: Ref,
): number[] {
  const far = extents.map((extent, k) =>
    Math.max(0, farPad(x.shape[k + 2], out.shape[k + 2], extent, geometry.stride[k], geometry.pad[k])),
  );
  return [...geometry.pad, ...far];
}

const extentsOf = (w: Ref, dilation: readonly [number, number]): number[] =>
  dilation.map((d, k) => (w.shape[k + 2] - 1) * d + 1);

const conv2d: Write<'conv2d'> = (contents, x, w, bias, geometry, out, epilogue = {}) => {
  const { stride, dilation, groups } = geometry;
  const inputs = [x, w, ...(bias ? [{ ...bias, shape: [out.shape[1]] }] : [])].map((ref) => contents.read(ref));
  const y = contents.writer.node(
    'Conv',
    inputs,
    { dtype: out.buffer.dtype, shape: out.shape },
    {
      ints: {
        kernel_shape: w.shape.slice(2),
        strides: [...stride],
        pads: padsOf(geometry, extentsOf(w, dilation), x, out),
        dilations: [...dilation],
        group: groups,
      },
    },
  );
  contents.write(out, withEpilogue(contents, y, epilogue));
};

const conv2dGradInput: Write<'conv2dGradInput'> = (contents, gy, w, { stride, pad, dilation, groups }, out) => {
  const far = extentsOf(w, dilation).map((extent, k) =>
    farPad(out.shape[k + 2], gy.shape[k + 2], extent, stride[k], pad[k]),
  );
  const y = contents.writer.node(
    'ConvTranspose',
    [contents.read(gy), contents.read(w)],
    { dtype: out.buffer.dtype, shape: out.shape },
    {
      ints: {
        kernel_shape: w.shape.slice(2),
        strides: [...stride],
        pads: [...pad, ...far.map((n) => Math.max(0, n))],
        output_padding: far.map((n) => Math.max(0, -n)),
        dilations: [...dilation],
        group: groups,
      },
    },
  );
  contents.write(out, y);
};

const matmul: Write<'matmul'> = (contents, a, b, out, options = {}) => {
  const { transA = false, transB = false, bias } = options;
  const { writer } = contents;
  const dtype = out.buffer.dtype;
  const [, m, n] = out.shape;
  let y: Value;
  if (out.shape[0] === 1 && dtype.startsWith('float')) {
    const matrices = [a, b].map(({ buffer, shape }) => contents.read({ buffer, shape: shape.slice(1) }));
    const inputs = bias ? [...matrices, contents.read({ ...bias, shape: [n] })] : matrices;
    const ints = { transA: Number(transA), transB: Number(transB) };
    y = writer.reshape(writer.node('Gemm', inputs, { dtype, shape: [m, n] }, { ints }), out.shape);
  } else {
    const turned = (ref: Ref, transposed: boolean) =>
      transposed ? writer.transpose(contents.read(ref), [0, 2, 1]) : contents.read(ref);
    // The batch of empty matrices may be given as 1. Then the result is zeros for the whole batch.
    const shape = [Math.max(a.shape[0], b.shape[0]), m, n];
    const product = writer.expand(
      writer.node('MatMul', [turned(a, transA), turned(b, transB)], { dtype, shape }),
      out.shape,
    );
    y = bias ? new Expressions(writer).op('Add', product, contents.read({ ...bias, shape: [n] })) : product;
  }
  contents.write(out, withEpilogue(contents, y, options));
};

const REDUCTIONS = { sum: 'ReduceSum', prod: 'ReduceProd', max: 'ReduceMax', min: 'ReduceMin' } satisfies Record<
  ReduceOp,
  string
>;

const reduce: Write<'reduce'> = (contents, op, x, axes, out) => {
  const { writer } = contents;
  const value = contents.read(x);
  if (axes.length === 0) return contents.write(out, value);
  const result = { dtype: out.buffer.dtype, shape: x.shape.filter((_, k) => !axes.includes(k)) };
  // A sum takes its axes as an input since version 13 of the operators, the others since 18.
  const inputs = op === 'sum' ? [value, writer.ints(axes)] : [value];
  const ints = { keepdims: 0, ...(op === 'sum' ? {} : { axes: [...axes] }) };
  contents.write(out, writer.node(REDUCTIONS[op], inputs, result, { ints }));
};

const argReduce: Write<'argReduce'> = (contents, op, x, axis, out) => {
  const { writer } = contents;
  const shape = x.shape.filter((_, k) => k !== axis);
  const ints = { axis, keepdims: 0 };
  const place = writer.node(
    op === 'argmax' ? 'ArgMax' : 'ArgMin',
    [contents.read(x)],
    { dtype: 'int64', shape },
    { ints },
  );
  contents.write(out, new Expressions(writer).cast(place, 'int32'));
};

const scatterAdd: Write<'scatterAdd'> = (contents, x, indices, axis, out) => {
  const { writer } = contents;
  const [before, after] = [sizeOf(out.shape.slice(0, axis)), sizeOf(out.shape.slice(axis + 1))];
  const count = sizeOf(indices.shape);
  const target = contents.read({ ...out, shape: [before, out.shape[axis], after] });
  const places = writer.expand(contents.read({ ...indices, shape: [1, count, 1] }), [before, count, after]);
  const inputs = [target, places, contents.read({ ...x, shape: [before, count, after] })];
  const attributes = { ints: { axis: 1 }, strings: { reduction: 'add' } };
  contents.write(out, writer.node('ScatterElements', inputs, target, attributes));
};

/** The mean, and the variance as the mean of (x − mean)². */
const moments: Write<'moments'> = (contents, x, axes, mean, variance) => {
  const e = new Expressions(contents.writer);
  const value = contents.read(x);
  const average = (of: Value): Value => {
    const shape = x.shape.map((n, k) => (axes.includes(k) ? 1 : n));
    const ints = { axes: [...axes], keepdims: 1 };
    return axes.length === 0 ? of : contents.writer.node('ReduceMean', [of], { dtype: of.dtype, shape }, { ints });
  };
  const center = average(value);
  const centred = e.op('Sub', value, center);
  contents.write(mean, center);
  contents.write(variance, average(e.op('Mul', centred, centred)));
};

const affine: Write<'affine'> = (contents, x, { center, scale, shift }, addend, out) => {
  const e = new Expressions(contents.writer);
  const read = (ref: Ref) => contents.read(ref);
  const scaled = e.op('Mul', e.op('Sub', read(x), read(center)), read(scale));
  const value = e.op('Add', scaled, read(shift));
  contents.write(out, addend ? e.op('Add', value, e.op('Mul', read(addend.y), read(addend.scale))) : value);
};

/** The operators get no seed, so that each run of the file draws new numbers. */
const random: Write<'random'> = (contents, kind, _seed, _stream, out) => {
  const shape = [out.buffer.size];
  const op = kind === 'normal' ? 'RandomNormal' : 'RandomUniform';
  contents.write(out, contents.writer.node(op, [], { dtype: out.buffer.dtype, shape }, { ints: { shape } }));
};

/** How each primitive is written; null where ONNX's standard operators cannot compute it. */
const WRITERS: { readonly [P in Primitive]: Write<P> | null } = {
  fill: (contents, out, value) => contents.fill(out, value),
  cast: (contents, x, out) =>
    contents.write(out, new Expressions(contents.writer).cast(contents.read(x), out.buffer.dtype)),
  unary: (contents, op, x, out) => contents.write(out, unary(new Expressions(contents.writer), op, contents.read(x))),
  binary: (contents, op, a, b, out) => {
    const [x, y] = [operand(contents, a, b), operand(contents, b, a)];
    const value = binary(new Expressions(contents.writer), op, x, y);
    // Both operands may be smaller than the result.
    contents.write(out, sizeOf(value.shape) === out.buffer.size ? value : contents.writer.expand(value, out.shape));
  },
  where: (contents, condition, a, b, out) => {
    const branch = (value: Ref | number) =>
      isRef(value) ? contents.read(value) : contents.writer.scalar(value, out.buffer.dtype);
    const value = new Expressions(contents.writer).choose(contents.read(condition), branch(a), branch(b));
    contents.write(out, sizeOf(value.shape) === out.buffer.size ? value : contents.writer.expand(value, out.shape));
  },
  reduce,
  argReduce,
  cumulative: (contents, op, x, axis, out) => {
    if (op !== 'cumsum') throw new GraphError(`toOnnx: ONNX has no operator for '${op}'`);
    const { writer } = contents;
    const result = { dtype: out.buffer.dtype, shape: out.shape };
    contents.write(out, writer.node('CumSum', [contents.read(x), writer.scalar(axis, 'int32')], result));
  },
  softmax: (contents, x, axis, log, out) => {
    const result = { dtype: out.buffer.dtype, shape: out.shape };
    const op = log ? 'LogSoftmax' : 'Softmax';
    contents.write(out, contents.writer.node(op, [contents.read(x)], result, { ints: { axis } }));
  },
  copy: (contents, x, from, out, to, shape) =>
    contents.writePart(out, to, contents.view(contents.read(x), from, shape)),
  addToView: (contents, x, out, to) => {
    const flat = contents.read({ ...out, shape: [out.buffer.size] });
    contents.write(out, contents.scatter(flat, to, contents.read(x), 'add'));
  },
  gather: (contents, x, indices, axis, out) => {
    const result = { dtype: out.buffer.dtype, shape: out.shape };
    const inputs = [contents.read(x), contents.read(indices)];
    contents.write(out, contents.writer.node('Gather', inputs, result, { ints: { axis } }));
  },
  scatterAdd,
  matmul,
  conv2d,
  conv2dGradInput,
  moments,
  comoments: null,
  affine,
  conv2dGradWeight: null,
  maxPool2d,
  maxPool2dGrad: null,
  maxPool2dGather: null,
  averagePool2d,
  averagePool2dGrad: null,
  random,
  update: null,
};

/** Writes one call of a primitive. @throws GraphError naming the primitive where ONNX cannot compute it. */
export function writePrimitive<P extends Primitive>(contents: Contents, { op, args }: GraphNode<P>): void {
  const write = WRITERS[op];
  if (!write) throw new GraphError(`toOnnx: ONNX has no operator for the primitive '${op}'`);
  write(contents, ...args);
}

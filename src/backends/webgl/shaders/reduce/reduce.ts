/**
 * Reductions over any axes. A long reduction takes several passes: each fragment reduces a chunk, and the next pass reduces the partial results.
 * This keeps the GPU busy and the rounding errors of sums small.
 */

import { sizeOf, stridesOf } from '../../../shapes.js';
import type { Painter, Uniform } from '../../painter.js';
import type { TextureMemory, TextureTensor } from '../../storage.js';
import { collapseToLoop, divisibleBy4 } from '../../views.js';
import type { Shader } from '../shader.js';
import { isShifted, type ReduceKernelOp, reduceKernel, type Walk } from './reduce-kernel.js';

/** The reduction of an empty array. Callers refuse maxima and minima of empty arrays. */
const OF_NOTHING = { sum: 0, sumExp: 0, sumSquares: 0, prod: 1, max: 0, min: 0 } satisfies Record<
  ReduceKernelOp,
  number
>;

/** One fragment does a whole walk of up to this many steps. */
const LONGEST_WALK = 1024;
const SHORTEST_CHUNK = 256;
/** This many outputs keep the GPU busy, and walks of up to LONGEST_WALK_OF_MANY steps are not split. */
const MANY_OUTPUTS = 65536;
const LONGEST_WALK_OF_MANY = 16384;

interface Dimensions {
  readonly kept: readonly number[];
  readonly keptStrides: readonly number[];
  readonly reduced: readonly number[];
  readonly reducedStrides: readonly number[];
}

/** Reduces `axes` of x. */
export const reduce: Shader<'reduce'> = (painter, op, x, axes, out) => {
  reduceShifted(painter, op, x, axes, null, out);
};

/** As {@link reduce}. `sumExp` and `sumSquares` subtract `shift` first, which has one element for each of `out`. */
export function reduceShifted(
  painter: Painter,
  op: ReduceKernelOp,
  x: TextureTensor,
  axes: readonly number[],
  shift: TextureMemory | null,
  out: TextureTensor,
): void {
  const outSize = sizeOf(out.shape);
  if (outSize === 0) return;
  if (sizeOf(x.shape) === 0) {
    painter.fill(out.memory, OF_NOTHING[op]);
    return;
  }

  const dimensions = dimensionsOf(x.shape, axes);
  const length = sizeOf(dimensions.reduced);
  const walk = walkOf(dimensions);
  const kernel = reduceKernel(op, x.dtype, walk, dimensions.kept.length, dimensions.reduced.length);
  const inputs: Record<string, TextureMemory> = shift ? { x: x.memory, shift } : { x: x.memory };
  const chunk = chunkLength(length, outSize);
  if (chunk >= length) {
    const uniforms = uniformsOf(dimensions, walk, { length, chunk: length, chunks: 1, outSize });
    painter.draw(kernel, { inputs, uniforms, outputs: [out.memory] });
    return;
  }
  const chunks = Math.ceil(length / chunk);
  const partial = painter.borrow(outSize * chunks, x.dtype);
  const uniforms = uniformsOf(dimensions, walk, { length, chunk, chunks, outSize });
  painter.draw(kernel, { inputs, uniforms, outputs: [partial] });
  // Chunks are the last axis of the partial results. `across` computes four neighbouring outputs together: there they are the first.
  const [shape, axis] = walk === 'across' ? [[chunks, outSize], 0] : [[outSize, chunks], 1];
  reduceShifted(painter, isShifted(op) ? 'sum' : op, { shape, dtype: x.dtype, memory: partial }, [axis], null, {
    ...out,
    shape: [outSize],
  });
}

function dimensionsOf(shape: readonly number[], axes: readonly number[]): Dimensions {
  const strides = stridesOf(shape);
  const part = (isReduced: boolean) => {
    const chosen = [...shape.keys()].filter((axis) => axes.includes(axis) === isReduced);
    return collapseToLoop({ shape: chosen.map((axis) => shape[axis]), strides: [chosen.map((axis) => strides[axis])] });
  };
  const [kept, reduced] = [part(false), part(true)];
  return {
    kept: kept.shape,
    keptStrides: kept.strides[0],
    reduced: reduced.shape,
    reducedStrides: reduced.strides[0],
  };
}

function walkOf({ kept, keptStrides, reduced, reducedStrides }: Dimensions): Walk {
  const wholeAndContiguous = reduced.length === 1 && reducedStrides[0] === 1;
  const last = reduced.length - 1;
  if (wholeAndContiguous && sizeOf(kept) === 1) return 'along';
  if (reducedStrides[last] === 1 && divisibleBy4(reduced[last], ...reducedStrides.slice(0, last), ...keptStrides)) {
    return 'along';
  }
  const lastKept = kept.length - 1;
  const across =
    keptStrides[lastKept] === 1 && divisibleBy4(kept[lastKept], ...keptStrides.slice(0, lastKept), ...reducedStrides);
  return across ? 'across' : 'single';
}

/** The number of steps of one fragment: the whole walk, or about as many as there are partial results. */
function chunkLength(length: number, outSize: number): number {
  const longest = outSize < MANY_OUTPUTS ? LONGEST_WALK : LONGEST_WALK_OF_MANY;
  if (length <= longest) return length;
  return Math.max(SHORTEST_CHUNK, 2 ** Math.ceil(Math.log2(length) / 2));
}

interface Lengths {
  readonly length: number;
  readonly chunk: number;
  readonly chunks: number;
  readonly outSize: number;
}

/** The uniforms of a reduction. `along` counts the last dimension in texels. */
function uniformsOf(
  { kept, keptStrides, reduced, reducedStrides }: Dimensions,
  walk: Walk,
  lengths: Lengths,
): Record<string, Uniform> {
  const common = { kept, kept_strides: keptStrides, chunks: lengths.chunks, out_elements: lengths.outSize };
  if (walk !== 'along') {
    return { ...common, reduced, reduced_strides: reducedStrides, steps: lengths.length, chunk: lengths.chunk };
  }
  const last = reduced.length - 1;
  return {
    ...common,
    reduced: reduced.map((n, k) => (k === last ? Math.ceil(n / 4) : n)),
    reduced_strides: reducedStrides.map((stride, k) => (k === last ? 1 : stride / 4)),
    steps: Math.ceil(lengths.length / 4),
    chunk: Math.ceil(lengths.chunk / 4),
    length: lengths.length,
  };
}

/**
 * Reductions over any axes. A long reduction takes several passes: each fragment reduces a chunk, and the next pass reduces the partial results.
 * This keeps the GPU busy and the rounding errors of sums small.
 *
 * Each element of the output has a base place in x, from which it walks over the reduced dimensions. There are three ways to walk:
 *
 * - `along`: over contiguous elements, with four elements in a fetch;
 * - `across`: neighbouring outputs have neighbouring bases, so one fetch serves four outputs;
 * - `single`: element by element.
 */

import type { ReduceOp } from '../../../ops.js';
import { sizeOf, stridesOf } from '../../../shapes.js';
import type { Painter, Uniform } from '../../painter.js';
import type { Kernel } from '../../program-cache.js';
import { type Kind, kindOf, type TextureMemory, type TextureTensor, type WebglDType } from '../../storage.js';
import { collapseToLoop, divisibleBy4 } from '../../views.js';
import { FOUR_ELEMENTS, fragment, VECTOR, wrap } from '../glsl.js';
import { type LibraryName, library } from '../math/library.js';
import type { Shader } from '../shader.js';

/**
 * Sums of functions of x − shift, with a shift for each element of the output. `sumExp` adds exponentials, for softmax; `sumSquares` adds
 * squares, for variances.
 */
type ShiftedOp = 'sumExp' | 'sumSquares';
type ReduceKernelOp = ReduceOp | ShiftedOp;

/** The terms of these sums: GLSL for four elements, and for one. */
const TERMS = {
  sumExp: {
    vector: 'v = vec4(exponential(v.x), exponential(v.y), exponential(v.z), exponential(v.w));',
    scalar: 'v = exponential(v);',
    uses: ['exponential'],
  },
  sumSquares: { vector: 'v *= v;', scalar: 'v *= v;', uses: [] },
} as const satisfies Record<ShiftedOp, { vector: string; scalar: string; uses: readonly LibraryName[] }>;
type Term = (typeof TERMS)[ShiftedOp];

const isShifted = (op: ReduceKernelOp): op is ShiftedOp => op in TERMS;

interface Reduction {
  readonly identity: Readonly<Record<Kind, string>>;
  /** The accumulator `a` joined with the element `x`. */
  readonly join: string;
}

const SUM: Reduction = { identity: { float: '0.0', int: '0' }, join: 'a + x' };

const REDUCTIONS = {
  sum: SUM,
  sumExp: SUM,
  sumSquares: SUM,
  prod: { identity: { float: '1.0', int: '1' }, join: 'a * x' },
  max: { identity: { float: '-INFINITE', int: '(-2147483647 - 1)' }, join: 'isNotANumber(a) || a > x ? a : x' },
  min: { identity: { float: 'INFINITE', int: '2147483647' }, join: 'isNotANumber(a) || a < x ? a : x' },
} satisfies Record<ReduceKernelOp, Reduction>;

/** The reduction of an empty array. Callers refuse maxima and minima of empty arrays. */
const OF_NOTHING = { sum: 0, sumExp: 0, sumSquares: 0, prod: 1, max: 0, min: 0 } satisfies Record<
  ReduceKernelOp,
  number
>;

/** The number of terms that are joined one after another, a power of two; see {@link walk}. */
const RUN = 16;
/** One fragment does a whole walk of up to this many steps. */
const LONGEST_WALK = 1024;
const SHORTEST_CHUNK = 256;
/** This many outputs keep the GPU busy, and walks of up to LONGEST_WALK_OF_MANY steps are not split. */
const MANY_OUTPUTS = 65536;
const LONGEST_WALK_OF_MANY = 16384;

type Walk = 'along' | 'across' | 'single';

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

/** As {@link reduce}. A {@link ShiftedOp} subtracts `shift` first, which has one element for each of `out`. */
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
  const inputs: Record<string, TextureMemory> = shift ? { x: x.memory, shift } : { x: x.memory };
  const chunk = chunkLength(length, outSize);
  if (chunk >= length) {
    const uniforms = uniformsOf(dimensions, walk, { length, chunk: length, chunks: 1, outSize });
    painter.draw(kernelFor(op, x.dtype, walk, dimensions), { inputs, uniforms, outputs: [out.memory] });
    return;
  }
  const chunks = Math.ceil(length / chunk);
  const partial = painter.borrow(outSize * chunks, x.dtype);
  const uniforms = uniformsOf(dimensions, walk, { length, chunk, chunks, outSize });
  painter.draw(kernelFor(op, x.dtype, walk, dimensions), { inputs, uniforms, outputs: [partial] });
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

function kernelFor(op: ReduceKernelOp, dtype: WebglDType, walk: Walk, { kept, reduced }: Dimensions): Kernel {
  const kind = kindOf(dtype);
  const term = isShifted(op) ? TERMS[op] : null;
  return {
    key: `reduce ${op} ${dtype} ${walk} rank ${kept.length},${reduced.length}`,
    fragment: () =>
      fragment({
        inputs: term ? { x: kind, shift: kind } : { x: kind },
        outputs: [kind],
        body: [
          term ? library(term.uses) : '',
          PLACES(kept.length, reduced.length),
          JOIN(op, kind),
          WALKS[walk](kind, dtype, term),
        ].join(''),
      }),
  };
}

/** GLSL of the place where an output's walk starts, and of the walk's step `j`; steps are elements or texels. */
const PLACES = (keptRank: number, reducedRank: number) => `
uniform int kept[${keptRank}], kept_strides[${keptRank}];
uniform int reduced[${reducedRank}], reduced_strides[${reducedRank}];
uniform int steps, chunk, chunks, out_elements, length;
int keptPlace(int i) {
  int place = 0;
  for (int k = ${keptRank - 1}; k > 0; --k) {
    int q = i / kept[k];
    place += (i - q * kept[k]) * kept_strides[k];
    i = q;
  }
  return place + i * kept_strides[0];
}
int reducedPlace(int j) {
  int place = 0;
  for (int k = ${reducedRank - 1}; k > 0; --k) {
    int q = j / reduced[k];
    place += (j - q * reduced[k]) * reduced_strides[k];
    j = q;
  }
  return place + j * reduced_strides[0];
}
#define INNER reduced[${reducedRank - 1}]
#define INNER_STRIDE reduced_strides[${reducedRank - 1}]
`;

const JOIN = (op: ReduceKernelOp, kind: Kind) => {
  const { identity, join } = REDUCTIONS[op];
  const vector = VECTOR[kind];
  return `
#define IDENTITY ${identity[kind]}
${kind} join(${kind} a, ${kind} x) { return ${join}; }
${vector} join4(${vector} a, ${vector} x) {
  return ${vector}(join(a.x, x.x), join(a.y, x.y), join(a.z, x.z), join(a.w, x.w));
}
`;
};

/**
 * GLSL that joins the walk from `start` to `end` into `all`; `load` sets `v` to the value at `place`. It joins RUN steps to a part, RUN parts to
 * a run, and then the runs: errors grow with the levels of a sum, not with its terms. It divides only at the end of the innermost dimension.
 */
const walk = (type: string, join: string, load: string) => `
  ${type} all = ${type}(IDENTITY), run = all;
  int inner = start % INNER, place = base + reducedPlace(start);
  for (int from = start, parts = 1; from < end; from += ${RUN}, ++parts) {
    ${type} part = ${type}(IDENTITY);
    int stop = min(from + ${RUN}, end);
    for (int j = from; j < stop; ++j) {
      ${type} v;
      ${load}
      part = ${join}(part, v);
      place += INNER_STRIDE;
      if (++inner == INNER) { inner = 0; place = base + reducedPlace(j + 1); }
    }
    run = ${join}(run, part);
    if ((parts & ${RUN - 1}) == 0) { all = ${join}(all, run); run = ${type}(IDENTITY); }
  }
  all = ${join}(all, run);
`;

const ONE_OUTPUT = `
  int i = e / chunks, start = (e - i * chunks) * chunk, end = min(start + chunk, steps);`;

/** GLSL for the last texel of a walk over the whole array, which may have fewer than four elements. */
const CUT = `
      if (j == steps - 1) {
        int rest = length - (j << 2);
        if (rest < 4) v.w = IDENTITY;
        if (rest < 3) v.z = IDENTITY;
        if (rest < 2) v.y = IDENTITY;
      }`;

/** GLSL of `main`, for each way to walk. */
const WALKS = {
  along: (kind, dtype, term) => `
${kind} element(int e) {${ONE_OUTPUT}
  int base = keptPlace(i) >> 2;
  ${term ? 'float s = shift_at(i);' : ''}
  ${walk(VECTOR[kind], 'join4', `v = x_texel(place);${term ? ` v -= s; ${term.vector}` : ''}${CUT}`)}
  return ${wrap(dtype, 'join(join(all.x, all.y), join(all.z, all.w))')};
}
${FOUR_ELEMENTS(kind)}`,

  single: (kind, dtype, term) => `
${kind} element(int e) {${ONE_OUTPUT}
  int base = keptPlace(i);
  ${term ? 'float s = shift_at(i);' : ''}
  ${walk(kind, 'join', `v = x_at(place);${term ? ` v -= s; ${term.scalar}` : ''}`)}
  return ${wrap(dtype, 'all')};
}
${FOUR_ELEMENTS(kind)}`,

  across: (kind, dtype, term) => `
void main() {
  int e = texel() << 2;
  int c = e / out_elements, i = e - c * out_elements, start = c * chunk, end = min(start + chunk, steps);
  int base = keptPlace(i);
  ${term ? 'vec4 s = shift_texel(i >> 2);' : ''}
  ${walk(VECTOR[kind], 'join4', `v = x_texel(place >> 2);${term ? ` v -= s; ${term.vector}` : ''}`)}
  out0 = ${wrap(dtype, 'all')};
}
`,
} satisfies Record<Walk, (kind: Kind, dtype: WebglDType, term: Term | null) => string>;

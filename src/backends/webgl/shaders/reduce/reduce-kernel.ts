/**
 * The kernels of reductions. Each element of the output has a base place in x, from which it walks over the reduced dimensions. There are three
 * ways to walk:
 *
 * - `along`: over contiguous elements, with four elements in a fetch;
 * - `across`: neighbouring outputs have neighbouring bases, so one fetch serves four outputs;
 * - `single`: element by element.
 */

import type { ReduceOp } from '../../../ops.js';
import type { Kernel } from '../../program-cache.js';
import { type Kind, kindOf, type WebglDType } from '../../storage.js';
import { FOUR_ELEMENTS, fragment, VECTOR, wrap } from '../glsl.js';
import { type LibraryName, library } from '../math/library.js';

/**
 * Sums of functions of x − shift, with a shift for each element of the output. `sumExp` adds exponentials, for softmax; `sumSquares` adds
 * squares, for variances.
 */
type ShiftedOp = 'sumExp' | 'sumSquares';
/** The operations that a kernel reduces by. */
export type ReduceKernelOp = ReduceOp | ShiftedOp;

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

/** Whether the operation takes a shift. */
export const isShifted = (op: ReduceKernelOp): op is ShiftedOp => op in TERMS;

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

/** How the kernel walks over the reduced dimensions. */
export type Walk = 'along' | 'across' | 'single';

/** The number of terms that are joined one after another, a power of two; see {@link walk}. */
const RUN = 16;

/** The kernel that reduces by `op` for these numbers of kept and reduced dimensions. */
export function reduceKernel(
  op: ReduceKernelOp,
  dtype: WebglDType,
  walk: Walk,
  keptRank: number,
  reducedRank: number,
): Kernel {
  const kind = kindOf(dtype);
  const term = isShifted(op) ? TERMS[op] : null;
  return {
    key: `reduce ${op} ${dtype} ${walk} rank ${keptRank},${reducedRank}`,
    fragment: () =>
      fragment({
        inputs: term ? { x: kind, shift: kind } : { x: kind },
        outputs: [kind],
        body: [
          term ? library(term.uses) : '',
          PLACES(keptRank, reducedRank),
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

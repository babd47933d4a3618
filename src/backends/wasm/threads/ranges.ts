/** The cuts of kernels that compute element by element: each share is a range of the elements. */
import { BINARY_OPS, fillsBool, UNARY_KINDS, UNARY_OPS } from '../../ops.js';
import { ITEM_SIZES } from '../../shapes.js';
import { DTYPE_CODES, SCALARS_CODES } from '../generated/codes.js';
import type { Kernels } from '../loader.js';
import type { KernelName, Team } from './team.js';

/** Shares begin at multiples of this many elements, so only the last share can end with an incomplete vector. */
const UNIT = 64;

/** The fewest bytes of a share's operands: a fork and a join take as long as reading some tens of KiB. */
const WORTH = 1 << 16;

/** Shares for each thread. If the system interrupts one thread, the others take over its remaining shares. */
const SHARES_PER_THREAD = 3;

/**
 * Cuts the items [0, n) into shares for a team.
 *
 * @param least the fewest items of a share.
 * @param unit each share begins at a multiple of it.
 * @param make returns the arguments of the kernel for the items [first, first + count).
 * @returns the arguments of each share.
 */
export function sharesOf(
  team: Team,
  n: number,
  least: number,
  unit: number,
  make: (first: number, count: number) => readonly number[],
): (readonly number[])[] {
  const most = Math.min(team.size === 1 ? 1 : team.size * SHARES_PER_THREAD, Math.floor(n / least));
  const each = Math.max(unit, Math.ceil(n / Math.max(1, most) / unit) * unit);
  const shares: (readonly number[])[] = [];
  for (let first = 0; first < n || first === 0; first += each) shares.push(make(first, Math.min(each, n - first)));
  return shares;
}

/** By the code of an operation: whether its result has dtype bool. */
const UNARY_FILLS_BOOL = UNARY_OPS.map((op) => UNARY_KINDS[op] === 'test');
const BINARY_FILLS_BOOL = BINARY_OPS.map(fillsBool);

/** Kernels, with the bytes of an element of their dtype. */
const UNARY = { unaryF32: 4, unaryI32: 4, unaryU8: 1, unaryF64: 8 } as const;
const BINARY = { binaryF32: 4, binaryI32: 4, binaryU8: 1, binaryF64: 8 } as const;
const UPDATE = { updateF32: 4, updateF64: 8 } as const;

/** The keys of a table, with their type. */
export const keysOf = <K extends string>(table: Readonly<Record<K, unknown>>): K[] => Object.keys(table) as K[];

/** By the code of a dtype: the bytes of an element. */
export const ITEM_BYTES: readonly number[] = keysOf(DTYPE_CODES).map((dtype) => ITEM_SIZES[dtype]);

/** The kernels of this file, each of which cuts its calls into shares for a team. */
export function divideRanges(team: Team): Partial<Kernels> {
  const divided: Partial<Kernels> = {};
  const run = (
    kernel: KernelName,
    n: number,
    bytes: number,
    make: (first: number, count: number) => readonly number[],
  ) => team.run(kernel, sharesOf(team, n, WORTH / bytes, UNIT, make));

  for (const kernel of keysOf(UNARY)) {
    const item = UNARY[kernel];
    divided[kernel] = (op, x, out, n) => {
      const outItem = UNARY_FILLS_BOOL[op] ? 1 : item;
      run(kernel, n, item, (first, count) => [op, x + first * item, out + first * outItem, count]);
    };
  }
  for (const kernel of keysOf(BINARY)) {
    const item = BINARY[kernel];
    divided[kernel] = (op, a, b, out, n, scalars, scratch) => {
      const outItem = BINARY_FILLS_BOOL[op] ? 1 : item;
      const stepA = scalars & SCALARS_CODES.a ? 0 : item;
      const stepB = scalars & SCALARS_CODES.b ? 0 : item;
      // All shares write the same bytes to `scratch`: the operands that are scalars.
      run(kernel, n, 2 * item, (first, count) => [
        op,
        a + first * stepA,
        b + first * stepB,
        out + first * outItem,
        count,
        scalars,
        scratch,
      ]);
    };
  }
  for (const kernel of keysOf(UPDATE)) {
    const item = UPDATE[kernel];
    divided[kernel] = (rule, p, g, s0, s1, s2, n, numbers) =>
      run(kernel, n, 3 * item, (first, count) => {
        const state = (s: number) => (s ? s + first * item : 0);
        return [rule, p + first * item, g + first * item, state(s0), state(s1), state(s2), count, numbers];
      });
  }
  divided.castTo = (from, to, x, out, n) =>
    run('castTo', n, ITEM_BYTES[from], (first, count) => [
      from,
      to,
      x + first * ITEM_BYTES[from],
      out + first * ITEM_BYTES[to],
      count,
    ]);
  return divided;
}

/**
 * Compares a result with the reference data, element by element, by the rule of the README. See library.ts for
 * operations.
 */
import type { DeviceReadyArray } from '../../src/formats/host-array.js';
import type { Tolerance } from './group.js';

/** A result that differs from the reference; the message says where and by how much. */
export class Mismatch extends Error {
  override name = 'Mismatch';
}

/** An array as results and references have it. */
export interface Values {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data: ArrayLike<number>;
}

const EXACT: Tolerance = { rtol: 0, atol: 0 };

function isClose(got: number, want: number, { rtol, atol }: Tolerance, scale: number): boolean {
  if (Object.is(got, want) || got === want) return true;
  if (!Number.isFinite(got) || !Number.isFinite(want)) return false;
  return Math.abs(got - want) <= atol * scale + rtol * Math.abs(want);
}

/**
 * Compares elementwise, |got − want| ≤ atol·max(1, max|want|) + rtol·|want|, max over the finite elements; NaN equals
 * NaN, infinities must match, integers and booleans are exact.
 *
 * @throws Mismatch for another shape or dtype, and for the first element that is too far off.
 */
export function compare(what: string, got: Values, want: DeviceReadyArray, tolerance: Tolerance): void {
  if (got.shape.join() !== want.shape.join()) {
    throw new Mismatch(`${what}: shape (${got.shape}) instead of (${want.shape})`);
  }
  if (got.dtype !== want.dtype) throw new Mismatch(`${what}: dtype ${got.dtype} instead of ${want.dtype}`);
  const tol = want.dtype.startsWith('float') ? tolerance : EXACT;
  let scale = 1;
  for (const value of want.data) if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
  for (let i = 0; i < want.data.length; i++) {
    if (!isClose(got.data[i], want.data[i], tol, scale)) {
      throw new Mismatch(`${what}: element ${i} is ${got.data[i]} instead of ${want.data[i]}`);
    }
  }
}

/** Compares JSON values: strings, booleans, lists and objects exactly, numbers within `rtol` (0: exactly). */
export function compareJson(what: string, got: unknown, want: unknown, rtol = 0): void {
  if (typeof want === 'object' && want !== null) {
    if (typeof got !== 'object' || got === null) throw new Mismatch(`${what}: ${String(got)} instead of an object`);
    const [gotEntries, wantEntries] = [Object.entries(got), Object.entries(want)];
    if (gotEntries.length !== wantEntries.length) {
      throw new Mismatch(`${what}: ${gotEntries.length} entries instead of ${wantEntries.length}`);
    }
    const values = new Map<string, unknown>(gotEntries);
    for (const [key, value] of wantEntries) compareJson(`${what}[${key}]`, values.get(key), value, rtol);
  } else if (typeof got === 'number' && typeof want === 'number') {
    if (!isClose(got, want, { rtol, atol: 0 }, 1)) throw new Mismatch(`${what}: ${got} instead of ${want}`);
  } else if (got !== want) {
    throw new Mismatch(`${what}: ${String(got)} instead of ${String(want)}`);
  }
}

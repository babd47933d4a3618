/**
 * Checks of one call of a primitive. Each throws an error that names the call: a DTypeError for a dtype without a kernel, a ShapeError for
 * a geometry, a MemoryError for all else.
 */
import { DTypeError, MemoryError, ShapeError } from '../../errors.js';
import type { DType, StridedView, Tensor } from '../primitives.js';
import { sizeOf } from '../shapes.js';

const inParentheses = (shape: readonly number[]): string =>
  `(${shape.map(String).join(',')}${shape.length === 1 ? ',' : ''})`;

/** A tensor for messages: `float32 (2,3)`. */
export const describe = ({ shape, dtype }: Tensor): string => `${dtype} ${inParentheses(shape)}`;

/** Whether a number can be the length of an axis. */
const isLength = (n: unknown): boolean => Number.isSafeInteger(n) && (n as number) >= 0;

/** The checks of one call, by the name of its primitive. */
export class Call {
  constructor(readonly primitive: string) {}

  /** @throws MemoryError always. */
  fail(what: string): never {
    throw new MemoryError(`checked mode: ${this.primitive}: ${what}`);
  }

  /** Refuses the call unless `holds`. */
  expect(holds: boolean, what: () => string): void {
    if (!holds) this.fail(what());
  }

  /** Expects a shape to be a list of lengths. */
  shape(name: string, shape: readonly number[]): void {
    this.expect(Array.isArray(shape) && shape.every(isLength), () => `${name} has no shape: ${String(shape)}`);
  }

  /** Expects `rank` axes. */
  rank(name: string, { shape }: Tensor, rank: number): void {
    this.expect(shape.length === rank, () => `${name} is ${inParentheses(shape)}, expected ${rank} axes`);
  }

  /** Expects a shape. */
  hasShape(name: string, x: Tensor, expected: readonly number[]): void {
    const same = x.shape.length === expected.length && x.shape.every((n, k) => n === expected[k]);
    this.expect(same, () => `${name} is ${describe(x)}, expected the shape ${inParentheses(expected)}`);
  }

  /** Expects a number of elements. */
  hasCount(name: string, x: Tensor, count: number): void {
    this.expect(sizeOf(x.shape) === count, () => `${name} is ${describe(x)}, expected ${count} elements`);
  }

  /** Expects one of these dtypes. @throws DTypeError */
  hasDType(name: string, x: Tensor, ...expected: readonly DType[]): void {
    if (expected.includes(x.dtype)) return;
    throw new DTypeError(
      `checked mode: ${this.primitive}: ${name} is ${describe(x)}, expected ${expected.join(' or ')}`,
    );
  }

  /** Expects a floating dtype. @throws DTypeError */
  floating(name: string, x: Tensor): void {
    this.hasDType(name, x, 'float32', 'float64');
  }

  /** Expects an axis of a tensor. */
  axis(name: string, axis: number, { shape }: Tensor): void {
    this.expect(isLength(axis) && axis < shape.length, () => `${name} is ${axis}, and there are ${shape.length} axes`);
  }

  /** Expects axes of a tensor: sorted, unique, not negative. */
  axes(name: string, axes: readonly number[], x: Tensor): void {
    for (let k = 0; k < axes.length; k++) {
      this.axis(name, axes[k], x);
      this.expect(k === 0 || axes[k] > axes[k - 1], () => `${name} are ${axes}, expected them sorted, each once`);
    }
  }

  /** Expects a shape that broadcasts to `out`'s. */
  broadcasts(name: string, x: Tensor, out: Tensor): void {
    const lead = out.shape.length - x.shape.length;
    const fits = lead >= 0 && x.shape.every((n, k) => n === 1 || n === out.shape[lead + k]);
    this.expect(fits, () => `${name} is ${describe(x)}, which does not broadcast to ${inParentheses(out.shape)}`);
  }

  /** Expects every element that a view visits to lie in a tensor. */
  view(name: string, { offset, strides }: StridedView, shape: readonly number[], x: Tensor): void {
    const fits = strides.length === shape.length && [offset, ...strides].every(Number.isSafeInteger);
    this.expect(
      fits,
      () => `${name} has offset ${offset} and strides ${strides} for the shape ${inParentheses(shape)}`,
    );
    if (shape.includes(0)) return;
    let first = offset;
    let last = offset;
    shape.forEach((n, k) => {
      const reach = (n - 1) * strides[k];
      if (reach < 0) first += reach;
      else last += reach;
    });
    const count = sizeOf(x.shape);
    this.expect(
      first >= 0 && last < count,
      () => `${name} reaches from element ${first} to ${last} of a block of ${count} elements`,
    );
  }

  /** Expects integers of at least `least`. @throws ShapeError */
  integers(name: string, numbers: readonly number[], least: number): void {
    const fits = numbers.every((n) => Number.isSafeInteger(n) && n >= least);
    if (fits) return;
    throw new ShapeError(
      `checked mode: ${this.primitive}: ${name} is ${numbers}, expected integers of at least ${least}`,
    );
  }
}

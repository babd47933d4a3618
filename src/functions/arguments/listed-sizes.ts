/** Results whose places a function lists on the host: they are judged by their size before any list is made. */
import { bytesOf } from '../../backends/shapes.js';
import { ShapeError } from '../../errors.js';
import { allocate, type NDArray } from '../../ndarray/ndarray.js';
import { checkedSize, formatShape, type Shape } from '../../ndarray/shape.js';

/** The most places of an axis that are listed: a list takes 8 bytes for each. */
const MOST_PLACES = 2 ** 24;

/** A device is asked for room beforehand from so many bytes on. */
const LARGE = 2 ** 26;

/** Refuses more than 2²⁴ of what a function lists. @throws ShapeError */
export function checkListed(op: string, what: string, count: number): void {
  if (count > MOST_PLACES) throw new ShapeError(`${op}: ${count} ${what}, expected at most ${MOST_PLACES}`);
}

/**
 * Refuses a result that x's device cannot hold, or one with an axis of more than 2²⁴ places.
 *
 * @throws ShapeError or MemoryError, at once
 */
export function checkPlaces(op: string, { dtype, device }: NDArray, shape: Shape): void {
  const size = checkedSize(op, shape);
  checkListed(op, `places along an axis of the result ${formatShape(shape)}`, Math.max(0, ...shape));
  if (bytesOf({ size, dtype }) >= LARGE) allocate(shape, dtype, device).dispose();
}

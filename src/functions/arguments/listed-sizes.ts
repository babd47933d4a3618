/** Checks of sizes before a function lists positions on the host, such as one for each window or each place of an axis. */
import { bytesOf } from '../../backends/shapes.js';
import { ShapeError } from '../../errors.js';
import { allocate, type NDArray } from '../../ndarray/ndarray.js';
import { checkedSize, formatShape, type Shape } from '../../ndarray/shape.js';

/** The longest list of positions. A list takes 8 bytes for each. */
const MOST_PLACES = 2 ** 24;

/** For results of at least this many bytes, the device is asked for the memory beforehand. */
const LARGE = 2 ** 26;

/** Refuses a list of more than 2²⁴ entries, which `what` names. @throws ShapeError */
export function checkListed(op: string, what: string, count: number): void {
  if (count > MOST_PLACES) throw new ShapeError(`${op}: ${count} ${what}, expected at most ${MOST_PLACES}`);
}

/**
 * Refuses a result that the device of x cannot hold, or that has an axis longer than 2²⁴.
 *
 * @throws ShapeError or MemoryError
 */
export function checkPlaces(op: string, { dtype, device }: NDArray, shape: Shape): void {
  const size = checkedSize(op, shape);
  checkListed(op, `places along an axis of the result ${formatShape(shape)}`, Math.max(0, ...shape));
  if (bytesOf({ size, dtype }) >= LARGE) allocate(shape, dtype, device).dispose();
}

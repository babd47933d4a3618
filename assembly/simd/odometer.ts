/**
 * Counting through the outer axes of a strided loop nest. The host collapses the axes and writes this record; the
 * kernel runs its inner loop, then asks which axis moved and adds that axis' jump to each operand's address.
 *
 *     offset  0      4       8
 *           | rank | inner | step |                inner = length of a row
 *     then, for each outer axis, the outermost first, 24 bytes:
 *           | size | counter | jump₀ | jump₁ | jump₂ | jump₃ |
 *
 * jumpₖ is in bytes: the stride of operand k along this axis less what the axes inside it have moved. The counters are
 * zero before and after a full turn.
 */

// @ts-ignore: decorator
@unmanaged
export class Odometer {
  rank: i32;
  /** Number of elements of a row. */
  inner: i32;
  /** Distance in bytes of neighbours in a row, where a kernel has one operand whose rows are not dense. */
  step: i32;
}

/** One outer axis of an {@link Odometer}. */
// @ts-ignore: decorator
@unmanaged
export class Axis {
  size: i32;
  counter: i32;
  jump0: i32;
  jump1: i32;
  jump2: i32;
  jump3: i32;
}

const AXIS_BYTES: usize = offsetof<Axis>();

/** Moves to the next row. Gives the axis whose counter rose; after the last row, null. */
export function advance(odometer: Odometer): Axis | null {
  const first = changetype<usize>(odometer) + offsetof<Odometer>();
  let at = first + <usize>odometer.rank * AXIS_BYTES;
  while (at > first) {
    at -= AXIS_BYTES;
    const axis = changetype<Axis>(at);
    const counter = axis.counter + 1;
    if (counter < axis.size) {
      axis.counter = counter;
      return axis;
    }
    axis.counter = 0;
  }
  return null;
}

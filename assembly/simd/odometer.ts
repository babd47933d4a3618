/**
 * The counter of the outer axes of a strided loop nest. The host merges the axes and writes this record (see
 * src/backends/wasm/loop-nest.ts). The kernel runs its inner loop, asks which axis moved, and adds that axis's jump to the address
 * of each operand.
 *
 *     offset  0      4       8
 *           | rank | inner | step |                inner = length of a row
 *     then, for each outer axis, the outermost first, 24 bytes:
 *           | size | counter | jump₀ | jump₁ | jump₂ | jump₃ |
 *
 * jumpₖ is in bytes: the stride of operand k along this axis, less the distance that the axes inside it have moved. The counters
 * are zero before and after a full turn.
 */

// @ts-ignore: decorator
@unmanaged
export class Odometer {
  /** Number of outer axes. */
  rank: i32;
  /** Number of elements of a row. */
  inner: i32;
  /** Distance of neighbours in a row, in bytes, of the operand whose rows may not be dense, if a kernel has one. */
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

/** Moves to the next row, and returns the axis whose counter rose; null after the last row. */
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

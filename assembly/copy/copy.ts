/**
 * Moving elements from one strided place to another. Elements are bits of 1, 4 or 8 bytes. Operand 0 of the odometer
 * is where they come from, 1 where they go. Reads and writes never overlap.
 */
import { advance, Odometer } from '../simd/odometer';

/** Rows of at least so many bytes are left to memory.copy, whose call costs more than a short loop. */
const LONG: usize = 512;

/** Copies one row. */
// @ts-ignore: decorator
@inline
export function copyRow(from: usize, to: usize, bytes: usize): void {
  if (bytes >= LONG) {
    memory.copy(to, from, bytes);
    return;
  }
  const end = to + bytes;
  while (to + 16 <= end) {
    v128.store(to, v128.load(from));
    from += 16;
    to += 16;
  }
  while (to + 4 <= end) {
    store<u32>(to, load<u32>(from));
    from += 4;
    to += 4;
  }
  while (to < end) {
    store<u8>(to, load<u8>(from));
    from++;
    to++;
  }
}

/** Rows that are contiguous on both sides, `bytes` long. */
export function copyRows(from: usize, to: usize, bytes: usize, rows: Odometer): void {
  while (true) {
    copyRow(from, to, bytes);
    const axis = advance(rows);
    if (axis === null) return;
    from += axis.jump0;
    to += axis.jump1;
  }
}

// @ts-ignore: decorator
@inline
function copyStrided<Bits>(from: usize, to: usize, stepFrom: usize, stepTo: usize, rows: Odometer): void {
  while (true) {
    let reading = from;
    let writing = to;
    for (let i = rows.inner; i > 0; i--) {
      store<Bits>(writing, load<Bits>(reading));
      reading += stepFrom;
      writing += stepTo;
    }
    const axis = advance(rows);
    if (axis === null) return;
    from += axis.jump0;
    to += axis.jump1;
  }
}

/** Elements of one byte, at any steps in bytes; a step may be 0 or negative. */
export function copyStrided8(from: usize, to: usize, stepFrom: usize, stepTo: usize, rows: Odometer): void {
  copyStrided<u8>(from, to, stepFrom, stepTo, rows);
}

/** Elements of four bytes; otherwise as {@link copyStrided8}. */
export function copyStrided32(from: usize, to: usize, stepFrom: usize, stepTo: usize, rows: Odometer): void {
  copyStrided<u32>(from, to, stepFrom, stepTo, rows);
}

/** Elements of eight bytes; otherwise as {@link copyStrided8}. */
export function copyStrided64(from: usize, to: usize, stepFrom: usize, stepTo: usize, rows: Odometer): void {
  copyStrided<u64>(from, to, stepFrom, stepTo, rows);
}

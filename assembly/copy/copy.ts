/**
 * Copies a strided view to another one. Elements are moved as 1, 4 or 8 bytes of bits. Operand 0 of the odometer is the source,
 * operand 1 the target. The two never overlap.
 */
import { advance, Odometer } from '../simd/odometer';

/** Rows of at least this many bytes are copied by memory.copy, whose call costs more than a short loop. */
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

/** Copies rows of `bytes` bytes that are contiguous on both sides. */
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

/** Copies elements of one byte. Steps are in bytes, and may be 0 or negative. */
export function copyStrided8(from: usize, to: usize, stepFrom: usize, stepTo: usize, rows: Odometer): void {
  copyStrided<u8>(from, to, stepFrom, stepTo, rows);
}

/** {@link copyStrided8} of elements of four bytes. */
export function copyStrided32(from: usize, to: usize, stepFrom: usize, stepTo: usize, rows: Odometer): void {
  copyStrided<u32>(from, to, stepFrom, stepTo, rows);
}

/** {@link copyStrided8} of elements of eight bytes. */
export function copyStrided64(from: usize, to: usize, stepFrom: usize, stepTo: usize, rows: Odometer): void {
  copyStrided<u64>(from, to, stepFrom, stepTo, rows);
}

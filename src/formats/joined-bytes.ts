/** Joins lists of bytes into one. */

/** All bytes of the parts, in their order. */
export function concatenated(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** {@link concatenated}, without a copy of what is in one part already: the result may be that part. */
export const joined = (parts: readonly Uint8Array[]): Uint8Array =>
  parts.length === 1 ? parts[0] : concatenated(parts);

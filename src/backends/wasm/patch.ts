/**
 * One build of the kernels from another. The variants are the same code but for some instructions, so that only the first
 * is carried whole. Patches are made by scripts/kernel-patch.mjs; nothing here knows what the bytes mean.
 */

/** A number of seven bits a byte, the lowest first; the high bit says that more follow (LEB128). */
function readNumber(bytes: Uint8Array, at: { position: number }): number {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at.position++];
    value += (byte & 127) << shift;
    if (byte < 128) return value;
  }
}

/**
 * What a patch makes of a base. A patch is the result's length, the length of its steps, the steps, and the bytes that the
 * base lacks. A step takes n of these bytes, passes over as many of the base, moves in the base by the distance d, written
 * as 2d or −2d − 1, and copies m bytes from there.
 */
export function applyPatch(base: Uint8Array, patch: Uint8Array): Uint8Array<ArrayBuffer> {
  const at = { position: 0 };
  const result = new Uint8Array(readNumber(patch, at));
  const end = readNumber(patch, at) + at.position;
  let fresh = end;
  let from = 0;
  let to = 0;
  while (at.position < end) {
    const taken = readNumber(patch, at);
    const distance = readNumber(patch, at);
    const copied = readNumber(patch, at);
    result.set(patch.subarray(fresh, fresh + taken), to);
    fresh += taken;
    to += taken;
    from += taken + (distance % 2 ? -(distance + 1) / 2 : distance / 2);
    result.set(base.subarray(from, from + copied), to);
    from += copied;
    to += copied;
  }
  return result;
}

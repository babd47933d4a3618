/**
 * The variants of the kernels, from the one that is carried: plain SIMD, on a memory of its own. The others are the same code
 * but for two things. Relaxed SIMD has one instruction for what scripts/plain-kernels.mjs has written as a certain sequence of
 * six; and the memory of threads is shared. Of WebAssembly's binary format it knows what that takes.
 */
import { concatenated } from '../bytes.js';

/** The sections that differ, by their numbers. */
const IMPORTS = 2;
const CODE = 10;

/** A number of seven bits a byte, the lowest first; the high bit says that more follow (LEB128). */
function readNumber(bytes: Uint8Array, at: { position: number }): number {
  for (let value = 0, shift = 0; ; shift += 7) {
    const byte = bytes[at.position++];
    value |= (byte & 127) << shift;
    if (byte < 128) return value;
  }
}

function written(number: number): number[] {
  return number < 128 ? [number] : [(number & 127) | 128, ...written(number >>> 7)];
}

/** The module with one section changed. */
function withSection(
  module: Uint8Array,
  section: number,
  change: (content: Uint8Array) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  for (const at = { position: 8 }; ; ) {
    const start = at.position;
    const id = module[at.position++];
    const length = readNumber(module, at);
    const end = at.position + length;
    if (id === section) {
      const content = change(module.subarray(at.position, end));
      return concatenated([module.subarray(0, start), [id], written(content.length), content, module.subarray(end)]);
    }
    at.position = end;
  }
}

/**
 * Whether the product at a place belongs to a multiply-add: local.set c · f32x4.mul · local.set p · local.get c · local.get p ·
 * f32x4.add or f32x4.sub, the numbers of locals in two bytes each.
 */
const isMultiplyAdd = (code: Uint8Array, at: number) =>
  code[at - 4] === 0x21 &&
  code[at] === 0xe6 &&
  code[at + 2] === 0x21 &&
  code[at + 5] === 0x20 &&
  code[at + 8] === 0x20 &&
  code[at + 11] === 0xfd &&
  code[at - 3] === code[at + 6] &&
  code[at - 2] === code[at + 7] &&
  code[at + 3] === code[at + 9] &&
  code[at + 4] === code[at + 10];

/** A function's body, with each multiply-add as one instruction: f32x4.relaxed_madd, or f32x4.relaxed_nmadd. */
function fusedBody(body: Uint8Array): Uint8Array {
  const parts: ArrayLike<number>[] = [];
  let done = 0;
  for (let at = body.indexOf(0xe6); at >= 0; at = body.indexOf(0xe6, at + 1)) {
    if (!isMultiplyAdd(body, at)) continue;
    parts.push(body.subarray(done, at - 4), [0xfd, body[at + 12] - 0x5f, 0x02]);
    done = at + 14;
  }
  return done === 0 ? body : concatenated([...parts, body.subarray(done)]);
}

/** The kernels of relaxed SIMD, from those of plain SIMD. */
export function fuseMultiplyAdds(module: Uint8Array): Uint8Array<ArrayBuffer> {
  return withSection(module, CODE, (code) => {
    const at = { position: 0 };
    const parts: ArrayLike<number>[] = [written(readNumber(code, at))];
    while (at.position < code.length) {
      const end = readNumber(code, at) + at.position;
      const body = fusedBody(code.subarray(at.position, end));
      parts.push(written(body.length), body);
      at.position = end;
    }
    return concatenated(parts);
  });
}

/** The kernels on a memory that threads share: the last import, of at least one page (0, 1), becomes one that may grow to 65,536. */
export function shareMemory(module: Uint8Array): Uint8Array<ArrayBuffer> {
  return withSection(module, IMPORTS, (imports) => concatenated([imports.subarray(0, -2), [3, 1, 0x80, 0x80, 4]]));
}

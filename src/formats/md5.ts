/** MD5 (RFC 1321), the checksum that many datasets publish. It detects damage, not tampering. WebCrypto lacks it. */

/** Bits by which each step rotates: four rounds of four. */
const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const CONSTANTS = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));
const BLOCK = 64;

/** The last blocks: the rest of the message, a one, zeros, and the length in bits. */
function padded(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % BLOCK;
  const end = new Uint8Array(rest < BLOCK - 8 ? BLOCK : 2 * BLOCK);
  end.set(bytes.subarray(bytes.length - rest));
  end[rest] = 0x80;
  const view = new DataView(end.buffer);
  view.setUint32(end.length - 8, (bytes.length << 3) >>> 0, true);
  view.setUint32(end.length - 4, Math.floor(bytes.length / 2 ** 29), true);
  return end;
}

/** Adds the blocks of `bytes` to the state. */
function digest(state: Int32Array, bytes: Uint8Array): void {
  const words = new Int32Array(16);
  for (let start = 0; start + BLOCK <= bytes.length; start += BLOCK) {
    for (let i = 0, at = start; i < 16; i++, at += 4) {
      words[i] = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    }
    let [a, b, c, d] = state;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      let mixed: number;
      let word: number;
      if (round === 0) {
        mixed = (b & c) | (~b & d);
        word = i;
      } else if (round === 1) {
        mixed = (d & b) | (~d & c);
        word = (5 * i + 1) & 15;
      } else if (round === 2) {
        mixed = b ^ c ^ d;
        word = (3 * i + 5) & 15;
      } else {
        mixed = c ^ (b | ~d);
        word = (7 * i) & 15;
      }
      const sum = (a + mixed + CONSTANTS[i] + words[word]) | 0;
      const shift = SHIFTS[4 * round + (i & 3)];
      a = d;
      d = c;
      c = b;
      b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
  }
}

/** The checksum as 32 hexadecimal digits. */
export function md5(bytes: Uint8Array): string {
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  digest(state, bytes);
  digest(state, padded(bytes));
  return Array.from(new Uint8Array(state.buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

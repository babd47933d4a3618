// @ts-check
/** Writes bytes as the printable text that src/backends/wasm/printable.ts reads, where the alphabet is explained. */

const ALPHABET = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).filter(
  (c) => !'"$\'<\\`'.includes(c),
);
const PAIRS = 3;

/** @param {number} byte */
const pair = (byte) => ALPHABET[Math.floor(byte / ALPHABET.length)] + ALPHABET[byte % ALPHABET.length];

/** @param {Uint8Array} bytes */
export function toPrintable(bytes) {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte]++;
  const byFrequency = [...counts.keys()].sort((a, b) => counts[b] - counts[a]);
  const frequent = byFrequency.slice(0, ALPHABET.length - PAIRS);
  const single = new Map(frequent.map((byte, i) => [byte, ALPHABET[PAIRS + i]]));
  return [...frequent.map(pair), ...Array.from(bytes, (byte) => single.get(byte) ?? pair(byte))].join('');
}

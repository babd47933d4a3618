/**
 * Bytes as printable ASCII, which any script may carry whatever its encoding. It is for bytes that are compressed on their way:
 * gzip makes as little of the text as of the bytes, and Brotli a sixth less than of bytes that were deflated before. And nothing
 * is left to inflate when the package starts.
 *
 * Characters are digits of base 89. Three of them begin the two that stand for any byte; the others are the bytes that are met
 * most often, which the text lists first, two characters each.
 */

/** What would end a string or be escaped in one, or begin a tag in HTML. */
const LEFT_OUT = '"$\'<\\`';
const BASE = 95 - LEFT_OUT.length;
const SPACE = 32;

/** How many digits begin a pair: as many as all 256 bytes take. */
const PAIRS = 3;

/** The digit that each character is. */
const DIGITS = new Uint8Array(SPACE + 95);
for (let code = SPACE, digit = 0; code < DIGITS.length; code++) {
  if (!LEFT_OUT.includes(String.fromCharCode(code))) DIGITS[code] = digit++;
}

/** The bytes that scripts/printable.mjs has written as `text`. */
export function fromPrintable(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  let length = 0; // never more than has been read: so they are written over the text
  for (let at = 0; at < bytes.length; at++) {
    const digit = DIGITS[bytes[at]];
    bytes[length++] = digit < PAIRS ? digit * BASE + DIGITS[bytes[++at]] : bytes[digit - PAIRS];
  }
  return bytes.subarray(BASE - PAIRS, length); // without the list
}

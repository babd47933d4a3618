/** Decoding base64 everywhere: `atob` is missing in some runtimes and slow in others for 100 kB. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const VALUES = new Uint8Array(128);
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value;

/** The bytes that a padded base64 text stands for (RFC 4648, section 4). */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  // Writes past the end of a typed array, which padding causes, have no effect.
  for (let from = 0, to = 0; from < text.length; from += 4) {
    const word =
      (VALUES[text.charCodeAt(from)] << 18) |
      (VALUES[text.charCodeAt(from + 1)] << 12) |
      (VALUES[text.charCodeAt(from + 2)] << 6) |
      VALUES[text.charCodeAt(from + 3)];
    bytes[to++] = word >> 16;
    bytes[to++] = word >> 8;
    bytes[to++] = word;
  }
  return bytes;
}

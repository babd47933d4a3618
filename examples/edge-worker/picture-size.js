/** The size that a picture file declares. It is read before anything is decoded, because reading it costs nothing. */

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];

const beginsWith = (bytes, signature) => signature.every((byte, i) => bytes[i] === byte);

/** Markers C0 to CF begin a frame, which contains the size; these three are tables. */
const isFrame = (marker) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** The first frame header of a JPEG: FF, the marker, two bytes of length, one of depth, then height and width. */
function sizeOfJpeg(bytes) {
  const word = (at) => bytes[at] * 256 + bytes[at + 1];
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1];
    if (isFrame(marker)) return { height: word(at + 5), width: word(at + 7) };
    at += marker === 0xff ? 1 : 2 + word(at + 2); // FF before a marker is a fill byte
  }
  return null;
}

/** `{ width, height }` of a PNG or a JPEG file; null if it is neither. */
export function sizeOf(bytes) {
  if (beginsWith(bytes, JPEG)) return sizeOfJpeg(bytes);
  if (!beginsWith(bytes, PNG) || bytes.length < 24) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

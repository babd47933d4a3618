/** What a decoded picture is, and how large one may be. It knows no file format. */
import { FormatError } from '../errors.js';

/** A picture on the host: rows of pixels of channels, 0 to 255 each. */
export interface HostImage {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows of pixels. */
  readonly height: number;
  /** 1: grey, 2: grey and alpha, 3: red, green, blue, 4: and alpha. */
  readonly channels: number;
  /** height · width · channels bytes. */
  readonly data: Uint8Array;
}

/** No picture of more pixels than this is decoded: what a file declares takes memory. */
export const MAX_PIXELS = 2 ** 27;

/** Refuses a declared size, before memory is taken for it. `most` is how many pixels the file's bytes can hold. */
export function checkPictureSize(what: string, width: number, height: number, most = MAX_PIXELS): void {
  if (width * height > Math.min(MAX_PIXELS, most) || width < 1 || height < 1) {
    throw new FormatError(`${what}: a picture of ${width} × ${height} pixels is not decoded`);
  }
}

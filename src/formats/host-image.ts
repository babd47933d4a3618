/** A decoded picture in host memory, and the limits on its size. */
import { FormatError } from '../errors.js';
import { Budget, type Limits } from './limits.js';

/** A picture on the host: rows of pixels of channels, 0 to 255 each. */
export interface HostImage {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows of pixels. */
  readonly height: number;
  /** 1: grey; 2: grey and alpha; 3: red, green, blue; 4: red, green, blue and alpha. */
  readonly channels: number;
  /** height · width · channels bytes. */
  readonly data: Uint8Array;
}

/** Limits on the size of a picture. */
export interface PictureLimits {
  /**
   * Another name of `limits.pixels`, which wins if both are given. A larger picture is refused before memory is
   * allocated for it.
   */
  maxPixels?: number;
  /** `pixels`, by default 10⁸, and `bytes` of the decoded picture, by default four for each of these pixels. */
  limits?: Limits;
}

/** The budget of a picture. @param what names the file in errors. */
export function pictureBudget(what: string, { maxPixels = 1e8, limits }: PictureLimits): Budget {
  const { pixels = maxPixels, bytes = 4 * pixels } = limits ?? {};
  return new Budget(what, { ...limits, pixels, bytes });
}

/** The longest side of a picture, in pixels, because decoders hold whole rows. libpng has the same limit. */
const LONGEST_SIDE = 1_000_000;

/** Refuses a declared size before memory is allocated for it. */
export function checkPictureSize(
  what: string,
  { width, height, channels }: Omit<HostImage, 'data'>,
  budget: Budget,
): void {
  if (width < 1 || height < 1 || width > LONGEST_SIDE || height > LONGEST_SIDE) {
    throw new FormatError(
      `${what}: a picture of ${width} × ${height} pixels is not decoded: its sides are 1 to ${LONGEST_SIDE} pixels`,
    );
  }
  const picture = `a picture of ${width} × ${height} pixels`;
  budget.check('pixels', width * height, picture);
  budget.check('bytes', width * height * channels, picture);
}

/**
 * Decodes JPEG files to bytes of pixels, by the browser or by `strips.ts`. Both get the same bytes, checked and
 * reassembled by `segments.ts`. Loaded when the first JPEG comes.
 */
import { canDecodeNatively, decodeNatively, dropChannels } from '../browser-picture.js';
import { checkPictureSize, type HostImage } from '../host-image.js';
import type { Budget } from '../limits.js';
import { needsRehearsal } from '../rehearsal.js';
import { checkScans } from './frame.js';
import { readJpeg } from './segments.js';

/**
 * The pixels as the file stores them: EXIF's orientation and colour profiles are ignored. The result has one channel of
 * grey, or three of RGB. CMYK and YCCK, stored inverted as Adobe does, become RGB by `c · k / 255`. Chroma is upsampled
 * by a triangle filter, and rounding is libjpeg's.
 *
 * @throws FormatError when the file is damaged, too large, lossless, arithmetic-coded or of another depth than 8 bits.
 */
export async function decodeJpeg(bytes: Uint8Array, what: string, budget: Budget): Promise<HostImage> {
  const picture = readJpeg(bytes, what);
  const { frame, colours, scans } = picture;
  const { width, height } = frame;
  const channels = colours === 'grey' ? 1 : 3;
  checkPictureSize(what, { width, height, channels }, budget);
  checkScans(frame, scans, what);
  if (canDecodeNatively()) {
    const { rgba } = await decodeNatively(picture.bytes, what, budget);
    return { width, height, channels, data: dropChannels(rgba, channels) };
  }
  const { decodeStrips, rehearse } = await import('./strips.js');
  if (needsRehearsal(bytes.length, width * height * channels)) rehearse(picture, what);
  return { width, height, channels, data: decodeStrips(picture, what) };
}

import { type DecodeImageOptions, decodeImage, type HostImage } from '../formats/image.js';
import { checkOptions } from '../options.js';
import { type ByteSource, nameOf, readBytes } from '../serializers/files.js';

/**
 * The pixels of one picture: of a path, URL, Blob or bytes, PNG or JPEG (in browsers, whatever they display). What it gives is
 * what the networks of `L` take: `vgg.predict([await datasets.readImage('cat.jpg')])`.
 *
 * @param options how large it may be: by default 10⁸ pixels.
 * @throws FileError if there is no such file, FormatError if it is damaged, beyond a limit, or no picture that can be read here.
 */
export async function readImage(source: ByteSource, options: DecodeImageOptions = {}): Promise<HostImage> {
  checkOptions('readImage', options, { maxPixels: 1e8, limits: {} });
  return decodeImage(await readBytes(source), nameOf(source), options);
}

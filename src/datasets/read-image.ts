import { decodeImage, type HostImage } from '../formats/image.js';
import { type ByteSource, nameOf, readBytes } from '../serializers/files.js';

/**
 * The pixels of one picture: of a path, URL, Blob or bytes, PNG or JPEG (in browsers, whatever they display). What it gives is
 * what the networks of `L` take: `vgg.predict([await datasets.readImage('cat.jpg')])`.
 *
 * @throws FileError if there is no such file, FormatError if it is damaged or no picture that can be read here.
 */
export async function readImage(source: ByteSource): Promise<HostImage> {
  return decodeImage(await readBytes(source), nameOf(source));
}

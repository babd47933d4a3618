import { type DecodeImageOptions, decodeImage, type HostImage } from '../formats/image.js';
import { checkOptions } from '../options.js';
import { splitTransferOptions, TRANSFER_OPTIONS, type TransferOptions } from '../serializers/download.js';
import { type ByteSource, nameOf, readBytes } from '../serializers/files.js';

/** Options of {@link readImage}. */
export interface ReadImageOptions extends DecodeImageOptions, TransferOptions {}

/**
 * The pixels of one picture at a path or URL, or in a Blob or bytes: PNG or JPEG (in browsers, every format that they display). The
 * networks of `L` take the result: `vgg.predict([await datasets.readImage('cat.jpg')])`.
 *
 * @param options the largest picture, by default 10⁸ pixels, and options of downloads.
 * @throws FileError if there is no such file, FormatError if it is damaged, beyond a limit, or not a picture that can be read here.
 */
export async function readImage(source: ByteSource, options: ReadImageOptions = {}): Promise<HostImage> {
  checkOptions('readImage', options, { maxPixels: 1e8, limits: {}, ...TRANSFER_OPTIONS });
  const { transfer, rest } = splitTransferOptions(options);
  return decodeImage(await readBytes(source, transfer, 'readImage'), nameOf(source), rest);
}

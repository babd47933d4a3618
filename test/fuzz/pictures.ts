/** The fuzzer of pictures: random PNGs and JPEGs whose headers may be wrong. */
import fc from 'fast-check';
import { decodeImage } from '../../src/formats/image.js';
import { encodeJpegCase, type JpegCase, jpegCase } from './jpeg-case.js';
import { encodePngCase, type PngCase, pngCase } from './png-case.js';
import { drawn, Finding, type Outcome, refusedOr } from './target.js';

type PictureCase = PngCase | JpegCase;

/** The pixels themselves, and as much again for what decoders hold beside them. */
const BYTES_PER_BYTE = 2;

async function run(value: PictureCase): Promise<Outcome> {
  const bytes = value.kind === 'png' ? encodePngCase(value) : encodeJpegCase(value);
  const image = await refusedOr(() => decodeImage(bytes, 'fuzz'));
  if (!image) return { accepted: false, bytes: bytes.length };
  const { width, height, channels, data } = image;
  if (data.length !== width * height * channels)
    throw new Finding('wrong result', `${data.length} bytes for ${width} × ${height} × ${channels}`);
  return { accepted: true, bytes: bytes.length, allowance: BYTES_PER_BYTE * data.length };
}

export const pictures = drawn<PictureCase>(fc.oneof(pngCase, jpegCase), { run, topic: ({ kind }) => kind });

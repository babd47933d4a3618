/** Prepares pictures for networks trained with Caffe: resized, channels in the order blue, green, red, the mean subtracted. */
import { ShapeError } from '../../../errors.js';
import { array, NDArray, type Nested, reshape } from '../../../ndarray/np.js';
import { formatShape } from '../../../ndarray/shape.js';
import { resizeBicubic } from './resize.js';

/**
 * A picture: an array (H, W), (H, W, 3), (3, H, W) or (1, H, W) with values from 0 to 255, channels in the order red, green, blue; or
 * pixels in rows with 1 to 4 samples each (alpha is ignored), as in an ImageData of a canvas or a decoded file.
 */
export type Image =
  | NDArray
  | Nested<number>
  | {
      /** The number of pixels in a row. */
      readonly width: number;
      /** The number of rows. */
      readonly height: number;
      /** The samples of all pixels, 1 to 4 for each. */
      readonly data: Uint8Array | Uint8ClampedArray;
    };

/** Width and height. */
export type ImageSize = readonly [width: number, height: number];

/** A colour in the order of networks trained with Caffe. */
export type BlueGreenRed = readonly [number, number, number];

interface Rgb {
  readonly height: number;
  readonly width: number;
  readonly data: Uint8Array;
}

function isPixels(image: Image): image is Extract<Image, { width: number }> {
  return typeof image === 'object' && 'width' in image;
}

/** Pixels of any number of samples as red, green, blue. */
function fromPixels(width: number, height: number, samples: ArrayLike<number>): Rgb {
  const n = width * height;
  const channels = samples.length / n;
  if (![1, 2, 3, 4].includes(channels)) {
    throw new ShapeError(`prepare: ${samples.length} samples do not make ${width}×${height} pixels of 1 to 4`);
  }
  const data = new Uint8Array(3 * n);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < 3; c++) data[3 * i + c] = samples[i * channels + (channels < 3 ? 0 : c)];
  }
  return { height, width, data };
}

function fromArray(x: NDArray): Rgb {
  const samples = x.dataSync();
  const { shape } = x;
  if (shape.length === 2) return fromPixels(shape[1], shape[0], samples);
  if (shape.length === 3 && (shape[0] === 1 || shape[0] === 3)) {
    const [channels, height, width] = shape;
    const n = height * width;
    const rows = Array.from({ length: channels * n }, (_, i) => samples[(i % channels) * n + Math.floor(i / channels)]);
    return fromPixels(width, height, rows);
  }
  if (shape.length === 3 && shape[2] <= 4) return fromPixels(shape[1], shape[0], samples);
  throw new ShapeError(`prepare: a picture is (H, W), (H, W, 3) or (3, H, W), not ${formatShape(shape)}`);
}

/**
 * Makes the input (3, H, W) of a network trained with Caffe: resized bicubically, channels in the order blue, green, red, `mean`
 * subtracted. Values of arrays are truncated to whole bytes first. Follows the `prepare` functions of chainer.links.model.vision.
 *
 * @param size width and height; null keeps the picture's
 * @throws ShapeError for a value that is not a picture.
 */
export function prepareImage(image: Image, size: ImageSize | null, mean: BlueGreenRed): NDArray {
  const rgb = isPixels(image)
    ? fromPixels(image.width, image.height, image.data)
    : fromArray(image instanceof NDArray ? image : array(image));
  const [width, height] = size ?? [rgb.width, rgb.height];
  const data = resizeBicubic(rgb.data, [rgb.height, rgb.width, 3], [height, width]);
  const n = width * height;
  const planes = new Float32Array(3 * n);
  for (let c = 0; c < 3; c++) {
    const offset = Math.fround(mean[c]);
    for (let i = 0; i < n; i++) planes[c * n + i] = data[3 * i + 2 - c] - offset;
  }
  return reshape(array(planes), [3, height, width]);
}

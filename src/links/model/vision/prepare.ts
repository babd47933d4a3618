/** From pictures to what networks trained with Caffe take: resized, blue before green before red, the mean subtracted. */
import { ShapeError } from '../../../errors.js';
import { array, NDArray, type Nested, reshape } from '../../../ndarray/np.js';
import { formatShape } from '../../../ndarray/shape.js';
import { resizeBicubic } from './resize.js';

/**
 * A picture: an array (H, W), (H, W, 3), (3, H, W) or (1, H, W), its values from 0 to 255, red before green before blue; or
 * pixels in rows, as an ImageData of a canvas or a decoded file has them, with 1 to 4 samples each (alpha is left out).
 */
export type Image =
  | NDArray
  | Nested<number>
  | {
      /** Pixels in a row. */
      readonly width: number;
      /** Rows of pixels. */
      readonly height: number;
      /** 1 to 4 samples of each pixel. */
      readonly data: Uint8Array | Uint8ClampedArray;
    };

/** Width and height. */
export type ImageSize = readonly [width: number, height: number];

/** A colour as networks trained with Caffe see it. */
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
 * An array (3, H, W) of a picture for a network trained with Caffe: resized bicubically, channels in the order blue, green,
 * red, `mean` subtracted. Values of arrays are cut to whole bytes first. Follows the `prepare` functions of
 * chainer.links.model.vision.
 *
 * @param size width and height; null keeps the picture's.
 * @throws ShapeError for what is no picture.
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

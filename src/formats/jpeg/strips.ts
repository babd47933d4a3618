/**
 * The JPEG decoder for runtimes without a canvas. It goes down the picture a row of MCUs at a time, with all scans side
 * by side. It holds three rows of samples and one of coefficients, so it needs little more memory than the pixels take,
 * for progressive files too.
 */
import { FormatError } from '../../errors.js';
import { PUT_ROW } from './colours.js';
import type { JpegComponent, JpegFrame } from './frame.js';
import { inverseDct } from './inverse-dct.js';
import { type CoefficientRow, ScanDecoder } from './scan-decoder.js';
import type { JpegPicture } from './segments.js';
import { type Upsample, upsampling } from './upsampling.js';

/** Rows of MCUs whose samples are in memory: upsampling reads the row above and the row below. */
const HELD = 3;

const coefficientRow = (component: JpegComponent, { mcusWide }: JpegFrame): CoefficientRow => {
  const stride = mcusWide * component.h;
  const blocks = stride * component.v;
  return { component, stride, values: new Int16Array(64 * blocks), last: new Uint8Array(blocks) };
};

/** The samples of a component, in a ring buffer of rows of MCUs. */
class SampleRows {
  readonly #component: JpegComponent;
  readonly #coefficients: CoefficientRow;
  readonly #steps: Int32Array;
  readonly #stride: number;
  /** Rows of samples in the ring. */
  readonly #height: number;
  readonly #samples: Uint8ClampedArray;
  readonly #rows: readonly Uint8Array[];
  readonly #upsample: Upsample | null;
  readonly #vMax: number;
  /** One row, upsampled to the picture's width. */
  readonly #wide: Uint8Array;

  constructor(frame: JpegFrame, coefficients: CoefficientRow, steps: Int32Array) {
    const { component, stride } = coefficients;
    this.#component = component;
    this.#coefficients = coefficients;
    this.#steps = steps;
    this.#stride = 8 * stride;
    this.#height = HELD * 8 * component.v;
    this.#samples = new Uint8ClampedArray(this.#stride * this.#height);
    const { buffer } = this.#samples;
    this.#rows = Array.from({ length: this.#height }, (_, y) => new Uint8Array(buffer, y * this.#stride, this.#stride));
    const { h, v, width } = component;
    this.#upsample = upsampling(width, { h, v, hMax: frame.hMax, vMax: frame.vMax });
    this.#vMax = frame.vMax;
    this.#wide = new Uint8Array(this.#upsample ? 8 * frame.hMax * frame.mcusWide : 0);
  }

  /** Computes the samples of row `y` of MCUs from its coefficients. */
  transform(y: number): void {
    const { component, stride, values, last } = this.#coefficients;
    const top = (y % HELD) * 8 * component.v;
    for (let r = 0; r < component.v; r++) {
      for (let x = 0; x < stride; x++) {
        const block = r * stride + x;
        const to = (top + 8 * r) * this.#stride + 8 * x;
        inverseDct(values, 64 * block, this.#steps, last[block], this.#samples, to, this.#stride);
      }
    }
  }

  /** The samples for row `y` of the picture, valid until the next call. */
  row(y: number): Uint8Array {
    const { v, height } = this.#component;
    const near = Math.floor((y * v) / this.#vMax);
    const rowAt = (i: number) => this.#rows[i % this.#height];
    if (!this.#upsample) return rowAt(near);
    const isLower = y % 2 === 1;
    const far = isLower ? Math.min(near + 1, height - 1) : Math.max(near - 1, 0);
    this.#upsample(rowAt(near), rowAt(far), isLower, this.#wide);
    return this.#wide;
  }
}

/** Goes down a picture, and calls `use` after each row of MCUs. */
function eachRow(
  { frame, scans }: JpegPicture,
  coefficients: readonly CoefficientRow[],
  what: string,
  use: (y: number) => void,
): void {
  const decoders = scans.map((scan) => new ScanDecoder(frame, scan, coefficients, what));
  for (let y = 0; y < frame.mcusHigh; y++) {
    for (const { values, last } of coefficients) {
      values.fill(0);
      last.fill(0);
    }
    for (const decoder of decoders) decoder.decodeRow(y);
    use(y);
  }
}

/** Reads a picture to its end without keeping anything. @throws FormatError if it is damaged. */
export function rehearse(picture: JpegPicture, what: string): void {
  const coefficients = picture.frame.components.map((component) => coefficientRow(component, picture.frame));
  eachRow(picture, coefficients, what, () => {});
}

/** The quantization of a component: the table in force when its first scan begins. */
function stepsOf({ frame, scans }: JpegPicture, place: number, what: string): Int32Array {
  const scan = scans.find(({ components }) => components.some((component) => component.place === place));
  const steps = scan?.tables.steps[frame.components[place].steps];
  if (!steps) throw new FormatError(`${what}: a JPEG without the quantization table of component ${place}`);
  return steps;
}

/**
 * The pixels of a picture whose scans {@link checkScans} has accepted: grey, or red, green and blue.
 *
 * @param what names the file in errors.
 * @throws FormatError if the picture is damaged.
 */
export function decodeStrips(picture: JpegPicture, what: string): Uint8Array {
  const { frame, colours } = picture;
  const { width, height, vMax, mcusHigh } = frame;
  const coefficients = frame.components.map((component) => coefficientRow(component, frame));
  const samples = coefficients.map((row, place) => new SampleRows(frame, row, stepsOf(picture, place, what)));
  const channels = colours === 'grey' ? 1 : 3;
  const pixels = new Uint8Array(width * height * channels);
  const out = new Uint8ClampedArray(pixels.buffer);
  const put = PUT_ROW[colours];
  let done = 0;
  eachRow(picture, coefficients, what, (y) => {
    for (const plane of samples) plane.transform(y);
    // The last rows of a strip need the strip below.
    const ready = y === mcusHigh - 1 ? height : y * 8 * vMax;
    for (; done < ready; done++) {
      const rows = samples.map((plane) => plane.row(done));
      put(rows, width, out, done * width * channels);
    }
  });
  return pixels;
}

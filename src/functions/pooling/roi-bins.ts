/** The geometry of RoI pooling, on the host: regions of whole pixels, divided into bins. */
import type { Shape } from '../../ndarray/shape.js';
import type { RoiPlan } from './rois.js';

/** The pixels of each bin as flat positions in (N, H, W). Bins are in the order (roi, row, column); a bin may be empty. */
export type BinPixels = readonly (readonly number[])[];

/** The nearest integer, halves to even, as Python rounds. */
function round(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
}

/** [start, end) of each of `bins` bins on an axis of `length` pixels; at least one pixel is divided among them. */
function binRanges(first: number, last: number, bins: number, length: number, inclusive: boolean): [number, number][] {
  const [start, end] = [round(first), round(last)];
  const size = Math.max(end - start + (inclusive ? 1 : 0), 1) / bins;
  const limit = (place: number) => Math.min(Math.max(place, 0), length);
  return Array.from({ length: bins }, (_, i) => [
    limit(Math.floor(i * size) + start),
    limit(Math.ceil((i + 1) * size) + start),
  ]);
}

/** The bins of all regions. `inclusive`: the far edge belongs to the region. */
export function binPixels({ rois, outsize }: RoiPlan, [, , height, width]: Shape, inclusive: boolean): BinPixels {
  return rois.flatMap(({ image, top, left, bottom, right }) => {
    const columns = binRanges(left, right, outsize[1], width, inclusive);
    return binRanges(top, bottom, outsize[0], height, inclusive).flatMap(([y0, y1]) =>
      columns.map(([x0, x1]) => {
        const pixels: number[] = [];
        for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) pixels.push((image * height + y) * width + x);
        return pixels;
      }),
    );
  });
}

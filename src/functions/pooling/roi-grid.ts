/** The geometry of RoI align, on the host: points on a regular grid in each bin, and the four pixels around each point. */
import { ValueError } from '../../errors.js';
import type { Shape } from '../../ndarray/shape.js';
import { checkListed } from '../arguments/listed-sizes.js';
import type { RoiPlan } from './rois.js';

/** The number of points of a bin along each axis: one number, or (y, x). null takes one point for each pixel of the length. */
export type SamplingRatio = number | null | readonly [y: number | null, x: number | null];

/** One point: its pixels as flat positions in (N, H, W), and their weights, which sum to 1. */
interface GridPoint {
  readonly places: readonly number[];
  readonly weights: readonly number[];
}

/** The points of one bin that lie in the image, and the number of all its points. */
export interface BinPoints {
  readonly points: readonly GridPoint[];
  readonly count: number;
}

/** The pixels below and above a coordinate, and the weight of the one above; null outside the image. */
function neighbours(at: number, length: number): { low: number; high: number; rest: number } | null {
  if (at < -1 || at > length) return null;
  const inside = Math.max(at, 0);
  const low = Math.floor(inside);
  if (low >= length - 1) return { low: length - 1, high: length - 1, rest: 0 };
  return { low, high: low + 1, rest: inside - low };
}

/** The coordinates of points along one axis of each bin. */
function coordinates(op: string, start: number, end: number, bins: number, ratio: number | null): number[][] {
  const size = Math.max(end - start, 1) / bins;
  const points = ratio ?? Math.ceil(size);
  checkListed(op, 'points of a region', bins * points);
  return Array.from({ length: bins }, (_, bin) =>
    Array.from({ length: points }, (_, i) => start + bin * size + ((i + 0.5) * size) / points),
  );
}

function ratios(op: string, ratio: SamplingRatio): readonly [number | null, number | null] {
  const both = typeof ratio === 'number' || ratio === null ? ([ratio, ratio] as const) : ratio;
  if (both.length !== 2 || both.some((r) => r !== null && (!Number.isInteger(r) || r < 1))) {
    throw new ValueError(`${op}: samplingRatio is ${JSON.stringify(ratio)}, expected positive integers or null`);
  }
  return both;
}

/** The points of all bins, in the order (roi, row, column). */
export function gridPoints(
  op: string,
  { rois, outsize }: RoiPlan,
  [, , height, width]: Shape,
  samplingRatio: SamplingRatio,
): BinPoints[] {
  const [ratioY, ratioX] = ratios(op, samplingRatio);
  return rois.flatMap(({ image, top, left, bottom, right }) => {
    const columns = coordinates(op, left, right, outsize[1], ratioX);
    const pointAt = (y: number, x: number): GridPoint | null => {
      const [v, u] = [neighbours(y, height), neighbours(x, width)];
      if (!v || !u) return null;
      const place = (row: number, column: number) => (image * height + row) * width + column;
      return {
        places: [place(v.low, u.low), place(v.low, u.high), place(v.high, u.low), place(v.high, u.high)],
        weights: [(1 - v.rest) * (1 - u.rest), (1 - v.rest) * u.rest, v.rest * (1 - u.rest), v.rest * u.rest],
      };
    };
    return coordinates(op, top, bottom, outsize[0], ratioY).flatMap((ys) =>
      columns.map((xs): BinPoints => {
        const points = ys.flatMap((y) => xs.flatMap((x) => pointAt(y, x) ?? []));
        return { points, count: ys.length * xs.length };
      }),
    );
  });
}

/**
 * Regions of interest: their checks, and the copy of their coordinates to the host. Coordinates decide which pixels a function reads,
 * so no gradient flows to them.
 */
import type { VariableLike } from '../../core/variable.js';
import { IndexError, ShapeError, ValueError } from '../../errors.js';
import { formatShape } from '../../ndarray/shape.js';
import { labelsOf } from '../arguments/labels.js';
import { checkPlaces } from '../arguments/listed-sizes.js';
import { arrayOf, checkFloating, checkNdim } from '../arguments/operands.js';
import { pair, type Sizes } from '../arguments/window-sizes.js';

/** A rectangle in an image, in pixels. */
interface Roi {
  /** The index of its image in the batch. */
  readonly image: number;
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** The arguments that all functions of regions share. */
export interface RoiPlan {
  readonly rois: readonly Roi[];
  readonly outsize: readonly [height: number, width: number];
}

/** Rows (y1, x1, y2, x2) and the image of each, scaled. @throws what {@link roiPlan} throws. */
export function roiPlan(
  op: string,
  x: VariableLike,
  rois: VariableLike,
  roiIndices: VariableLike,
  outsize: Sizes,
  spatialScale: number,
): RoiPlan {
  checkRegions(op, x, rois, 4, spatialScale);
  const images = labelsOf(op, roiIndices, 'roiIndices');
  if (images.ndim !== 1 || images.shape[0] !== rois.shape[0]) {
    throw new ShapeError(
      `${op}: roiIndices ${formatShape(images.shape)} do not fit rois ${formatShape(rois.shape)}, expected (R,) and (R, 4)`,
    );
  }
  const rows = arrayOf(rois).dataSync();
  const list = Array.from(images.dataSync(), (image, i): Roi => {
    const [top, left, bottom, right] = rows.slice(i * 4, i * 4 + 4);
    return scaled({ image, top, left, bottom, right }, spatialScale);
  });
  checkImages(op, x, list);
  const bins = pair(op, 'outsize', outsize, 1);
  checkPlaces(op, arrayOf(x), [list.length, x.shape[1], bins[0] * bins[1]]);
  return { rois: list, outsize: bins };
}

/** Rows (image, x1, y1, x2, y2), scaled: the older form. @throws what {@link roiPlan} throws. */
export function roiPlanWithImages(
  op: string,
  x: VariableLike,
  rois: VariableLike,
  outsize: readonly [number, number],
  spatialScale: number,
): RoiPlan {
  checkRegions(op, x, rois, 5, spatialScale);
  const rows = arrayOf(rois).dataSync();
  const list = Array.from({ length: rois.shape[0] }, (_, i): Roi => {
    const [image, left, top, right, bottom] = rows.slice(i * 5, i * 5 + 5);
    return scaled({ image: Math.trunc(image), top, left, bottom, right }, spatialScale);
  });
  checkImages(op, x, list);
  const bins = pair(op, 'outsize', outsize, 1);
  checkPlaces(op, arrayOf(x), [list.length, x.shape[1], bins[0] * bins[1]]);
  return { rois: list, outsize: bins };
}

function checkRegions(op: string, x: VariableLike, rois: VariableLike, columns: number, spatialScale: number): void {
  checkFloating(op, arrayOf(x), arrayOf(rois));
  checkNdim(op, 'x', x, 'N, C, H, W');
  if (rois.shape.length !== 2 || rois.shape[1] !== columns) {
    throw new ShapeError(`${op}: rois ${formatShape(rois.shape)}, expected (R, ${columns})`);
  }
  if (!(spatialScale > 0)) throw new ValueError(`${op}: spatialScale is ${spatialScale}, expected a positive number`);
}

function checkImages(op: string, x: VariableLike, rois: readonly Roi[]): void {
  rois.forEach(({ image }, i) => {
    if (image < 0 || image >= x.shape[0]) {
      throw new IndexError(`${op}: roi ${i} names image ${image}, but the batch has ${x.shape[0]} images`);
    }
  });
}

function scaled({ image, top, left, bottom, right }: Roi, scale: number): Roi {
  return { image, top: top * scale, left: left * scale, bottom: bottom * scale, right: right * scale };
}

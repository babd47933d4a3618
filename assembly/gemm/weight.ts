/**
 * Packs the constant operand of a product once, for all calls. The panels are those of pack.ts, over the whole length of the
 * sums, in the format that the record names. The scales of int8 lie behind the panels.
 */
import { behind } from '../workspace';
import { KC } from './blocking';
import { bytesOf, compress, Format, scaleOf } from './format';
import { Gemm, layOut, Reading } from './gemm';
import { columnPanels, interleaveColumns, packColumns } from './pack';
import { TILE_COLUMNS } from './tile';

/** Sets the columns of a panel beyond the matrix to zero, which any format can hold. */
function clearColumns(panel: usize, columns: i32, k: i32): void {
  for (; k > 0; k--) {
    for (let j = columns; j < TILE_COLUMNS; j++) store<f32>(panel + ((<usize>j) << 2), 0);
    panel += TILE_COLUMNS * 4;
  }
}

/** Lays the packed B out from `weight` on. Returns its bytes. */
export function weightBytes(args: Gemm): usize {
  const columns = columnPanels(args.n) * TILE_COLUMNS;
  const columnBytes = <usize>args.k * bytesOf(args.format);
  args.weightStep = columnBytes * TILE_COLUMNS;
  args.scales = behind(args.weight, columns, columnBytes);
  return (args.format == Format.Int8 ? behind(args.scales, columns, 4) : args.scales) - args.weight;
}

/** Packs all of B to `weight`. Returns false if the format cannot hold an element. */
export function packWeight(args: Gemm): bool {
  layOut(args);
  weightBytes(args);
  args.reading = args.m == 1 ? Reading.Whole : Reading.Packed;
  let to = args.weight;
  const n = args.n;
  const k = args.k;
  const format = args.format;
  const rowStep: usize = args.transB ? 4 : (<usize>n) << 2;
  const columnStep: usize = args.transB ? (<usize>k) << 2 : 4;
  const size = bytesOf(format);
  let fits = true;
  for (let j = 0; j < n; j += TILE_COLUMNS) {
    const columns = min(TILE_COLUMNS, n - j);
    const from = args.b + <usize>j * columnStep;
    const scales = args.scales + ((<usize>j) << 2);
    if (format == Format.Int8) {
      for (let c = 0; c < TILE_COLUMNS; c++) {
        const scale = c < columns ? scaleOf(from + <usize>c * columnStep, rowStep, k) : 0;
        fits = fits && scale < Infinity;
        store<f32>(scales + ((<usize>c) << 2), scale);
      }
    }
    for (let pc = 0; pc < k; pc += KC) {
      const kc = min(KC, k - pc);
      const panel = format == Format.Float32 ? to : args.packedB;
      if (args.transB) interleaveColumns(from + <usize>pc * rowStep, columnStep, columns, kc, panel);
      else packColumns(from + <usize>pc * rowStep, rowStep, columns, kc, panel, 0);
      if (columns < TILE_COLUMNS) clearColumns(panel, columns, kc);
      if (format != Format.Float32 && !compress(panel, kc * TILE_COLUMNS, TILE_COLUMNS, format, scales, to))
        fits = false;
      to += <usize>(kc * TILE_COLUMNS) * size;
    }
  }
  return fits;
}

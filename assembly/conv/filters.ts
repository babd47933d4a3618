/**
 * Packs the filters of a convolution once, for all calls. gemm/weight.ts does the same for matrix products. The scales of int8
 * lie behind the panels.
 */
import { KC } from '../gemm/blocking';
import { bytesOf, compress, Format, scaleOf } from '../gemm/format';
import { packRows, rowPanelBytes, rowPanels } from '../gemm/pack';
import { TILE_ROWS } from '../gemm/tile';
import { behind } from '../workspace';
import { Convolution, filterSize } from './convolution';
import { layOut } from './forward';

/** Output channels of a group, rounded up to whole panels. */
// @ts-ignore: decorator
@inline
export function paddedChannels(args: Convolution): i32 {
  return rowPanels(args.outChannels) * TILE_ROWS;
}

/** Packs the filters of one group, over the whole length of the sums, as float32. */
export function packGroup(args: Convolution, group: i32, to: usize): void {
  const q = filterSize(args);
  const from = args.w + ((<usize>(group * args.outChannels) * q) << 2);
  packRows(from, (<usize>q) << 2, args.outChannels, q, to, rowPanelBytes(q));
}

/** Packs one panel of filters as float16 or int8. Returns false if the format cannot hold an element. */
function compressPanel(args: Convolution, from: usize, rows: i32, scales: usize, to: usize): bool {
  const q = filterSize(args);
  const size = bytesOf(args.format);
  let fits = true;
  if (args.format == Format.Int8) {
    for (let r = 0; r < TILE_ROWS; r++) {
      const scale = scaleOf(from + ((<usize>(min(r, rows - 1) * q)) << 2), 4, q);
      fits = fits && scale < Infinity;
      store<f32>(scales + ((<usize>r) << 2), scale);
    }
  }
  for (let pc = 0; pc < q; pc += KC) {
    const k = min(KC, q - pc);
    packRows(from + ((<usize>pc) << 2), (<usize>q) << 2, rows, k, args.expanded, 0);
    if (!compress(args.expanded, k * TILE_ROWS, TILE_ROWS, args.format, scales, to)) fits = false;
    to += <usize>(k * TILE_ROWS) * size;
  }
  return fits;
}

/** Lays the packed filters out from `weight` on. Returns their bytes. */
export function filtersBytes(args: Convolution): usize {
  const filters = args.groups * paddedChannels(args);
  const filterBytes = <usize>filterSize(args) * bytesOf(args.format);
  args.weightStep = filterBytes * TILE_ROWS;
  args.scales = behind(args.weight, filters, filterBytes);
  return (args.format == Format.Int8 ? behind(args.scales, filters, 4) : args.scales) - args.weight;
}

/** Packs all filters to `weight`. Returns false if the format cannot hold an element. */
export function packFilters(args: Convolution): bool {
  layOut(args);
  filtersBytes(args);
  const q = filterSize(args);
  let fits = true;
  let panel = args.weight;
  let scales = args.scales;
  for (let group = 0; group < args.groups; group++) {
    for (let o = 0; o < args.outChannels; o += TILE_ROWS) {
      const from = args.w + ((<usize>((group * args.outChannels + o) * q)) << 2);
      const rows = min(TILE_ROWS, args.outChannels - o);
      if (args.format == Format.Float32) packRows(from, (<usize>q) << 2, rows, q, panel, 0);
      else if (!compressPanel(args, from, rows, scales, panel)) fits = false;
      panel += args.weightStep;
      scales += TILE_ROWS * 4;
    }
  }
  return fits;
}

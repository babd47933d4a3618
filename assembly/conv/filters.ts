/** Packing the filters of a convolution once, for all the times that they are used: weight.ts for the other operand. */
import { KC } from '../gemm/blocking';
import { bytesOf, compress, Format, scaleOf } from '../gemm/format';
import { packRows } from '../gemm/pack';
import { TILE_ROWS } from '../gemm/tile';
import { Convolution, filterSize } from './convolution';

/** Output channels of a group, with those that fill its last panel. */
// @ts-ignore: decorator
@inline
export function paddedChannels(args: Convolution): i32 {
  return ((args.outChannels + TILE_ROWS - 1) / TILE_ROWS) * TILE_ROWS;
}

/** Panels of the filters of one group, over the whole length of the sums. */
export function packGroup(args: Convolution, group: i32, to: usize): void {
  const q = filterSize(args);
  const from = args.w + ((<usize>(group * args.outChannels) * q) << 2);
  packRows(from, (<usize>q) << 2, args.outChannels, q, to, <usize>q * (TILE_ROWS * 4));
}

/** One panel of a group's filters in a format smaller than float32. `expanded` is room for a panel of KC columns. */
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

/**
 * Packs all filters to `to`, with room for whole panels of each group; so have the `scales` of int8. False if the format
 * cannot hold an element.
 */
export function packFilters(args: Convolution, to: usize): bool {
  const q = filterSize(args);
  const padded = paddedChannels(args);
  const groupBytes = <usize>padded * q * bytesOf(args.format);
  let fits = true;
  for (let group = 0; group < args.groups; group++) {
    const at = to + <usize>group * groupBytes;
    if (args.format == Format.Float32) {
      packGroup(args, group, at);
      continue;
    }
    const from = args.w + ((<usize>(group * args.outChannels) * q) << 2);
    for (let o = 0; o < args.outChannels; o += TILE_ROWS) {
      const rows = min(TILE_ROWS, args.outChannels - o);
      const scales = args.scales + ((<usize>(group * padded + o)) << 2);
      const panel = at + <usize>o * q * bytesOf(args.format);
      if (!compressPanel(args, from + ((<usize>(o * q)) << 2), rows, scales, panel)) fits = false;
    }
  }
  return fits;
}

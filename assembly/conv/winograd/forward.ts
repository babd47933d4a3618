/**
 * Winograd's convolution of a range of tiles: for each block of them, all channels are transformed, and then for some
 * output channels at a time the products of all places are computed and transformed back, while they are in the cache.
 * Ranges may be computed side by side, each with rooms of its own.
 */
import { Activation, Block, multiplyBlock } from '../../gemm/block';
import { prepareBlock, Work } from '../../gemm/gemm';
import { TILE_COLUMNS, TILE_ROWS } from '../../gemm/tile';
import { listTiles, transformTiles } from './input';
import { transformProducts } from './output';
import {
  filterBytes,
  groupBytes,
  panelBytes,
  placesOf,
  productBytes,
  productRowBytes,
  transformedBytes,
  Winograd,
} from './winograd';

/** The products of all places of a block, of `outs` output channels from `first`. */
function multiplyPlaces(places: i32, args: Winograd, filters: usize, outs: i32, block: Block): void {
  const filterStep = filterBytes(args, outs);
  const inputStep = transformedBytes(args);
  const outputStep = productBytes(args);
  block.m = outs;
  block.a = filters;
  block.b = args.transformed;
  block.c = args.products;
  for (let place = 0; place < places; place++) {
    multiplyBlock(block);
    block.a += filterStep;
    block.b += inputStep;
    block.c += outputStep;
  }
}

/** y of F(m×m, 3×3), from transformed filters. */
export function winograd(args: Winograd): void {
  const m = args.m;
  const block = prepareBlock(args.work);
  const places = placesOf(m);
  block.k = args.channels;
  block.aStep = TILE_ROWS * 4;
  block.aPanel = <usize>args.channels * (TILE_ROWS * 4);
  block.bStep = TILE_COLUMNS * 4;
  block.bPanel = panelBytes(args);
  block.init = args.work + Work.Zeros;
  block.initStep = 0;
  block.initDown = 0;
  block.initRight = 0;
  block.cStep = productRowBytes(args);
  block.activation = Activation.None;
  block.residual = 0;
  for (let first = args.first; first < args.end; first += args.tiles) {
    const count = min(args.tiles, args.end - first);
    // Whole vectors: the lanes beyond the last tile have room, and are never looked at.
    block.n = (count + 3) & ~3;
    listTiles(m, args, first, count);
    for (let group = 0; group < args.groups; group++) {
      transformTiles(m, args, group, first, count);
      const filters = args.filters + <usize>group * groupBytes(m, args);
      for (let out = 0; out < args.outChannels; out += args.outs) {
        const outs = min(args.outs, args.outChannels - out);
        multiplyPlaces(places, args, filters + <usize>((out * args.channels * places) << 2), outs, block);
        transformProducts(m, args, group, out, outs, count);
      }
    }
  }
}

/**
 * Winograd's convolution of a range of tiles. For each block of tiles the kernel transforms all channels. Then, for some output
 * channels at a time, it computes the products of all places and transforms them back while they are in the cache. Threads
 * can compute different ranges at the same time, each with its own workspace.
 */
import { Activation, behindWork, Block, multiplyBlock, prepareBlock, Work } from '../../gemm/block';
import { TILE_COLUMNS, TILE_ROWS } from '../../gemm/tile';
import { behind } from '../../workspace';
import { filterSpareBytes } from './filters';
import { listTiles, transformTiles } from './input';
import { transformProducts } from './output';
import {
  filterBytes,
  frameRowBytes,
  groupBytes,
  panelBytes,
  placesOf,
  productBytes,
  productRowBytes,
  roundUpToFour,
  squareBytes,
  stripsOf,
  Tile,
  transformedBytes,
  Winograd,
} from './winograd';

/** Sets the addresses of the workspace's sections. Returns the bytes of the workspace. */
export function layOut(args: Winograd): usize {
  const m = args.m;
  const places = placesOf(m);
  args.table = behindWork(args.workspace);
  args.frame = behind(args.table, roundUpToFour(args.tiles), offsetof<Tile>());
  args.transformed = behind(args.frame, stripsOf(m, args) * (m + 2), frameRowBytes(m, args));
  args.products = behind(args.transformed, places, transformedBytes(args));
  args.spare = behind(args.products, places, productBytes(args));
  return behind(args.spare, 1, max(squareBytes(m), filterSpareBytes(m))) - args.workspace;
}

/** Computes the products of all places, for a block of tiles and `outs` output channels. */
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

/** y = act(conv(x, w) + bias + residual) by F(m×m, 3×3), from the filters in `weight`. Returns the bytes of the workspace. */
export function winograd(args: Winograd): usize {
  const bytes = layOut(args);
  if (args.workspace == 0) return bytes;
  const m = args.m;
  const block = prepareBlock(args.workspace);
  const places = placesOf(m);
  block.k = args.channels;
  block.aStep = TILE_ROWS * 4;
  block.aPanel = <usize>args.channels * (TILE_ROWS * 4);
  block.bStep = TILE_COLUMNS * 4;
  block.bPanel = panelBytes(args);
  block.init = args.workspace + Work.Zeros;
  block.initStep = 0;
  block.initDown = 0;
  block.initRight = 0;
  block.cStep = productRowBytes(args);
  block.activation = Activation.None;
  block.residual = 0;
  for (let first = args.first; first < args.end; first += args.tiles) {
    const count = min(args.tiles, args.end - first);
    // Round up to whole vectors: the results beyond the last tile are ignored.
    block.n = roundUpToFour(count);
    listTiles(m, args, first, count);
    for (let group = 0; group < args.groups; group++) {
      transformTiles(m, args, group, first, count);
      const filters = args.weight + <usize>group * groupBytes(m, args);
      for (let out = 0; out < args.outChannels; out += args.outs) {
        const outs = min(args.outs, args.outChannels - out);
        multiplyPlaces(places, args, filters + <usize>((out * args.channels * places) << 2), outs, block);
        transformProducts(m, args, group, out, outs, count);
      }
    }
  }
  return bytes;
}

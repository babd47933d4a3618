/**
 * The gradient in the filters by Winograd's algorithm, the adjoint of the forward one. The products are summed over all tiles
 * before they are transformed back.
 *
 *     gy ──tiles──> A g Aᵀ as rows    ┐
 *                                     ├─> S[p] += gy[p]·x[p]ᵀ for each place p ──> gw = Gᵀ S G
 *     x ───tiles──> Bᵀ d B as columns ┘       (output channels × channels, the sum is over tiles)
 *
 * The lanes of the inputs are four channels of one tile. The lanes of the gradients are four tiles of one channel.
 */
import { Activation, behindWork, Block, multiplyBlock, prepareBlock, Work } from '../../gemm/block';
import { columnPanels, packRows, rowPanels } from '../../gemm/pack';
import { TILE_COLUMNS, TILE_ROWS } from '../../gemm/tile';
import { literal, N4, N6 } from '../../simd/literal';
import { behind } from '../../workspace';
import { fillFrame, fillInputFrame, listTiles, transformFourInputs } from './input';
import { gatherFilter, spreadOutput } from './transforms';
import { frameRowBytes, placesOf, roundUpToFour, squareBytes, stripsOf, Tile, tilesAlong, Winograd } from './winograd';

/** Bytes from one place to the next in the transformed gradients. */
function rowsBytes(args: Winograd): usize {
  return ((<usize>(rowPanels(args.outChannels) * TILE_ROWS * args.tiles)) << 2) + 64;
}

/** Bytes from one place to the next in the transformed inputs. */
function columnsBytes(args: Winograd): usize {
  return ((<usize>(columnPanels(args.channels) * TILE_COLUMNS * args.tiles)) << 2) + 64;
}

/** Bytes from one output channel to the next in the sums. */
// @ts-ignore: decorator
@inline
function sumRowBytes(args: Winograd): usize {
  return (<usize>roundUpToFour(args.channels)) << 2;
}

/** Bytes from one place to the next in the sums. */
function sumsBytes(args: Winograd): usize {
  return <usize>args.outChannels * sumRowBytes(args) + 64;
}

/** Frames that are filled together: one for each lane. */
const FRAMES: i32 = 4;

/** Bytes of the vectors between the two transforms, at the start of `spare`. The gradients of one panel lie behind them. */
// @ts-ignore: decorator
@inline
function betweenBytes(m: i32): usize {
  return (<usize>placesOf(m)) << 4;
}

/** Bytes from one output channel to the next in the transformed gradients, before they are packed. */
// @ts-ignore: decorator
@inline
function waitingRowBytes(args: Winograd): usize {
  return (<usize>roundUpToFour(args.tiles)) << 2;
}

/** Sets the addresses of the workspace's sections. Returns the bytes of the workspace. */
function layOut(args: Winograd): usize {
  const m = args.m;
  const places = placesOf(m);
  const waiting = <usize>(places * TILE_ROWS) * waitingRowBytes(args);
  args.table = behindWork(args.workspace);
  args.frame = behind(args.table, roundUpToFour(args.tiles), offsetof<Tile>());
  args.transformed = behind(args.frame, FRAMES * stripsOf(m, args) * (m + 2), frameRowBytes(m, args));
  args.gradients = behind(args.transformed, places, columnsBytes(args));
  args.products = behind(args.gradients, places, rowsBytes(args));
  args.spare = behind(args.products, places, sumsBytes(args));
  return behind(args.spare, 1, max(betweenBytes(m) + waiting, squareBytes(m))) - args.workspace;
}

/** Transforms all channels of a block of tiles into panels of columns. */
function transformInputs(m: i32, args: Winograd, group: i32, first: i32, count: i32, frameBytes: usize): void {
  const rowBytes = frameRowBytes(m, args);
  const placeStep = columnsBytes(args);
  memory.fill(args.frame, 0, <usize>FRAMES * frameBytes);
  for (let channel = 0; channel < args.channels; channel += FRAMES) {
    for (let i = 0; i < min(FRAMES, args.channels - channel); i++) {
      fillInputFrame(m, args, group * args.channels + channel + i, args.frame + <usize>i * frameBytes, first, count);
    }
    let to = args.transformed + ((<usize>((channel / TILE_COLUMNS) * TILE_COLUMNS * count)) << 2);
    to += (<usize>(channel % TILE_COLUMNS)) << 2;
    for (let i = 0; i < count; i++) {
      const at = args.frame + changetype<Tile>(args.table + <usize>i * offsetof<Tile>()).input;
      transformFourInputs(
        m,
        at,
        at + frameBytes,
        at + 2 * frameBytes,
        at + 3 * frameBytes,
        rowBytes,
        args.spare,
        to,
        placeStep,
      );
      to += TILE_COLUMNS * 4;
    }
  }
}

/** Transforms one row of four tiles (m values of each) to m + 2 vectors at `to`. */
// @ts-ignore: decorator
@inline
function spreadRow(m: i32, r0: usize, r1: usize, r2: usize, r3: usize, to: usize): void {
  let a = v128.load(r0);
  let b = v128.load(r1);
  let c = v128.load(r2);
  let d = v128.load(r3);
  let ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  let cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const g0 = v128.shuffle<i64>(ab, cd, 0, 2);
  const g1 = v128.shuffle<i64>(ab, cd, 1, 3);
  ab = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  cd = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  const g2 = v128.shuffle<i64>(ab, cd, 0, 2);
  const g3 = v128.shuffle<i64>(ab, cd, 1, 3);
  let g4 = g0;
  let g5 = g0;
  if (m > 4) {
    a = v128.load(r0, 16);
    b = v128.load(r1, 16);
    c = v128.load(r2, 16);
    d = v128.load(r3, 16);
    ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    g4 = v128.shuffle<i64>(ab, cd, 0, 2);
    g5 = v128.shuffle<i64>(ab, cd, 1, 3);
  }
  spreadOutput(m, g0, g1, g2, g3, g4, g5, to, 16);
}

/** A g Aᵀ of four tiles of the gradient of one channel. */
function spreadFour<M>(args: Winograd, tile: usize, frame: usize, rowBytes: usize, to: usize, placeStep: usize): void {
  const m = literal<M>();
  const size = <usize>(m + 2);
  const spare = args.spare;
  let r0 = frame + changetype<Tile>(tile).output;
  let r1 = frame + changetype<Tile>(tile + offsetof<Tile>()).output;
  let r2 = frame + changetype<Tile>(tile + 2 * offsetof<Tile>()).output;
  let r3 = frame + changetype<Tile>(tile + 3 * offsetof<Tile>()).output;
  for (let row: usize = 0; row < <usize>m; row++) {
    spreadRow(m, r0, r1, r2, r3, spare + row * size * 16);
    r0 += rowBytes;
    r1 += rowBytes;
    r2 += rowBytes;
    r3 += rowBytes;
  }
  const step = size * 16;
  for (let column: usize = 0; column < size; column++) {
    const at = spare + column * 16;
    spreadOutput(
      m,
      v128.load(at),
      v128.load(at + step),
      m > 2 ? v128.load(at + 2 * step) : f32x4.splat(0),
      m > 2 ? v128.load(at + 3 * step) : f32x4.splat(0),
      m > 4 ? v128.load(at + 4 * step) : f32x4.splat(0),
      m > 4 ? v128.load(at + 5 * step) : f32x4.splat(0),
      to + column * placeStep,
      size * placeStep,
    );
  }
}

/** Transforms all output channels of a block of tiles, one panel at a time, and packs them into panels of rows. */
function spreadGradients(m: i32, args: Winograd, group: i32, first: i32, count: i32, frameBytes: usize): void {
  const rowBytes = frameRowBytes(m, args);
  const planeBytes = (<usize>(args.outHeight * args.outWidth)) << 2;
  const imageBytes = <usize>args.yChannels * planeBytes;
  const waitingRow = waitingRowBytes(args);
  const placeStep = waitingRow * TILE_ROWS;
  const waiting = args.spare + betweenBytes(m);
  memory.fill(args.frame, 0, frameBytes);
  for (let out = 0; out < args.outChannels; out += TILE_ROWS) {
    const rows = min(TILE_ROWS, args.outChannels - out);
    for (let i = 0; i < rows; i++) {
      const plane = args.y + <usize>(group * args.outChannels + out + i) * planeBytes;
      fillFrame(m, args, m, plane, imageBytes, args.outHeight, args.outWidth, 0, 0, args.frame, first, count);
      for (let t = 0; t < count; t += 4) {
        const tile = args.table + <usize>t * offsetof<Tile>();
        const to = waiting + <usize>i * waitingRow + ((<usize>t) << 2);
        if (m == 4) spreadFour<N4>(args, tile, args.frame, rowBytes, to, placeStep);
        else spreadFour<N6>(args, tile, args.frame, rowBytes, to, placeStep);
      }
    }
    const panel = args.gradients + ((<usize>(out * count)) << 2);
    for (let place = 0; place < placesOf(m); place++) {
      packRows(waiting + <usize>place * placeStep, waitingRow, rows, count, panel + <usize>place * rowsBytes(args), 0);
    }
  }
}

/** Adds the products of a block of tiles to the sums, or stores them if `isFirst`. */
function addProducts(places: i32, args: Winograd, count: i32, isFirst: bool, block: Block): void {
  block.m = args.outChannels;
  block.n = roundUpToFour(args.channels);
  block.k = count;
  block.a = args.gradients;
  block.aPanel = <usize>count * (TILE_ROWS * 4);
  block.b = args.transformed;
  block.bPanel = <usize>count * (TILE_COLUMNS * 4);
  block.c = args.products;
  block.cStep = sumRowBytes(args);
  block.initStep = isFirst ? 0 : block.cStep;
  block.initDown = isFirst ? 0 : block.cStep * TILE_ROWS;
  block.initRight = isFirst ? 0 : TILE_COLUMNS * 4;
  for (let place = 0; place < places; place++) {
    block.init = isFirst ? args.workspace + Work.Zeros : block.c;
    multiplyBlock(block);
    block.a += rowsBytes(args);
    block.b += columnsBytes(args);
    block.c += sumsBytes(args);
  }
}

/** Gᵀ of `lines` lines of vectors. Lines are fromNext bytes apart, the vectors of a line fromStep bytes. */
function gatherLines<M>(
  from: usize,
  fromNext: usize,
  fromStep: usize,
  to: usize,
  toNext: usize,
  toStep: usize,
  lines: i32,
): void {
  const m = literal<M>();
  for (; lines > 0; lines--) {
    gatherFilter(
      m,
      v128.load(from),
      v128.load(from + fromStep),
      v128.load(from + 2 * fromStep),
      v128.load(from + 3 * fromStep),
      v128.load(from + 4 * fromStep),
      v128.load(from + 5 * fromStep),
      m > 4 ? v128.load(from + 6 * fromStep) : f32x4.splat(0),
      m > 4 ? v128.load(from + 7 * fromStep) : f32x4.splat(0),
      to,
      toStep,
    );
    from += fromNext;
    to += toNext;
  }
}

/** Computes Gᵀ S G of all filters of a group. */
function gatherFilters(m: i32, args: Winograd, group: i32): void {
  const size = <usize>(m + 2);
  const placeStep = sumsBytes(args);
  const spare = args.spare;
  const results = spare + size * 48;
  let to = args.w + <usize>(group * args.outChannels * args.channels) * 36;
  for (let out = 0; out < args.outChannels; out++) {
    for (let channel = 0; channel < args.channels; channel += 4) {
      const from = args.products + <usize>out * sumRowBytes(args) + ((<usize>channel) << 2);
      if (m == 4) {
        gatherLines<N4>(from, placeStep, size * placeStep, spare, 16, size * 16, m + 2);
        gatherLines<N4>(spare, size * 16, 16, results, 48, 16, 3);
      } else {
        gatherLines<N6>(from, placeStep, size * placeStep, spare, 16, size * 16, m + 2);
        gatherLines<N6>(spare, size * 16, 16, results, 48, 16, 3);
      }
      for (let lane = 0; lane < min(4, args.channels - channel); lane++) {
        for (let i: usize = 0; i < 9; i++) {
          store<f32>(to + (i << 2), load<f32>(results + (i << 4) + ((<usize>lane) << 2)));
        }
        to += 36;
      }
    }
  }
}

/** Computes the gradient in w from x and the gradient in y; m is 4 or 6. Returns the bytes of the workspace. */
export function winogradGradWeight(args: Winograd): usize {
  const bytes = layOut(args);
  if (args.workspace == 0) return bytes;
  const m = args.m;
  const block = prepareBlock(args.workspace);
  const wide = tilesAlong(m, args.outWidth);
  const rowBytes = frameRowBytes(m, args);
  block.aStep = TILE_ROWS * 4;
  block.bStep = TILE_COLUMNS * 4;
  block.activation = Activation.None;
  block.residual = 0;
  for (let group = 0; group < args.groups; group++) {
    for (let first = args.first; first < args.end; first += args.tiles) {
      const count = min(args.tiles, args.end - first);
      const frameBytes = <usize>(((first + count - 1) / wide - first / wide + 1) * (m + 2)) * rowBytes;
      listTiles(m, args, first, count);
      transformInputs(m, args, group, first, count, frameBytes);
      // Strips of gradients are m rows high.
      for (let i = 0; i < roundUpToFour(count); i++) {
        const tile = changetype<Tile>(args.table + <usize>i * offsetof<Tile>());
        const place = first + min(i, count - 1);
        const strip = place / wide - first / wide;
        tile.output = <usize>(strip * m) * rowBytes + ((<usize>((place % wide) * m)) << 2);
      }
      spreadGradients(m, args, group, first, count, frameBytes);
      addProducts(placesOf(m), args, count, first == args.first, block);
    }
    gatherFilters(m, args, group);
  }
  return bytes;
}

/**
 * The transformed inputs V = Bᵀ d B of a block of tiles, written as the panels that the product reads. The kernel first copies
 * the pixels of a channel into a frame, with one strip for each row of tiles. The padding of the frame stays zero from channel to
 * channel. The lanes of a vector are four tiles, which may lie anywhere in the frame:
 *
 *     frame   0 0 0 0 0 0 0 0 0 0      tile 0 │ d00 d01 d02 …        d00 of tiles 0 1 2 3
 *             0 x x x x x x x x 0      tile 1 │ d00 d01 d02 …   ──>  d01 of tiles 0 1 2 3   ──>  panels
 *             0 x x x x x x x x 0        …    (rows of four tiles, transposed)   …
 */
import { TILE_COLUMNS } from '../../gemm/tile';
import { literal, N2, N4, N6 } from '../../simd/literal';
import { storeLanes } from '../../simd/partial';
import { frameRowBytes, panelBytes, Tile, roundUpToFour, tilesAlong, transformedBytes, Winograd } from './winograd';
import { transformInput } from './transforms';

/** Writes the {@link Tile} of each tile of a block. The last tile, without outputs, is repeated to fill the last vector. */
export function listTiles(m: i32, args: Winograd, first: i32, count: i32): void {
  const wide = tilesAlong(m, args.outWidth);
  const high = tilesAlong(m, args.outHeight);
  const rowBytes = frameRowBytes(m, args);
  const imageBytes = (<usize>args.yChannels * <usize>(args.outHeight * args.outWidth)) << 2;
  const firstStrip = first / wide;
  const padded = roundUpToFour(count);
  for (let i = 0; i < padded; i++) {
    const tile = changetype<Tile>(args.table + <usize>i * offsetof<Tile>());
    const place = first + min(i, count - 1);
    const strip = place / wide;
    const image = strip / high;
    const row = (strip - image * high) * m;
    const column = (place - strip * wide) * m;
    tile.input = <usize>((strip - firstStrip) * (m + 2)) * rowBytes + ((<usize>column) << 2);
    tile.output = <usize>image * imageBytes + ((<usize>(row * args.outWidth + column)) << 2);
    tile.rows = i < count ? min(m, args.outHeight - row) : 0;
    tile.columns = min(m, args.outWidth - column);
  }
}

/** Copies exactly n elements. */
// @ts-ignore: decorator
@inline
function copyExactly(from: usize, to: usize, n: i32): void {
  for (; n >= 4; n -= 4) {
    v128.store(to, v128.load(from));
    from += 16;
    to += 16;
  }
  storeLanes(to, v128.load(from), n);
}

/**
 * Copies the pixels of tiles [first, first + count) into a frame, for the channel whose plane in image 0 is given. A strip has
 * `reach` rows: m + 2 for inputs, m for outputs.
 */
export function fillFrame(
  m: i32,
  args: Winograd,
  reach: i32,
  plane: usize,
  imageBytes: usize,
  height: i32,
  width: i32,
  padTop: i32,
  padLeft: i32,
  frame: usize,
  first: i32,
  count: i32,
): void {
  const wide = tilesAlong(m, args.outWidth);
  const high = tilesAlong(m, args.outHeight);
  const rowBytes = frameRowBytes(m, args);
  const last = first + count - 1;
  const firstStrip = first / wide;
  const lastStrip = last / wide;
  for (let strip = firstStrip; strip <= lastStrip; strip++) {
    const image = strip / high;
    const top = (strip - image * high) * m - padTop;
    const firstTile = strip == firstStrip ? first - strip * wide : 0;
    const endTile = strip == lastStrip ? last - strip * wide + 1 : wide;
    const left = max(firstTile * m - padLeft, 0);
    const right = min(endTile * m + reach - m - padLeft, width);
    const from = plane + <usize>image * imageBytes + ((<usize>left) << 2);
    const to = frame + <usize>((strip - firstStrip) * reach) * rowBytes + ((<usize>(left + padLeft)) << 2);
    for (let row = max(top, 0); row < min(top + reach, height); row++) {
      if (right > left)
        copyExactly(from + ((<usize>(row * width)) << 2), to + <usize>(row - top) * rowBytes, right - left);
    }
  }
}

/** Copies the pixels of a block of tiles into a frame. `channel` counts the input channels of all groups. */
export function fillInputFrame(m: i32, args: Winograd, channel: i32, frame: usize, first: i32, count: i32): void {
  const planeBytes = (<usize>(args.height * args.width)) << 2;
  fillFrame(
    m,
    args,
    m + 2,
    args.x + <usize>channel * planeBytes,
    <usize>(args.groups * args.channels) * planeBytes,
    args.height,
    args.width,
    args.padTop,
    args.padLeft,
    frame,
    first,
    count,
  );
}

/** Transforms one row of four tiles to m + 2 vectors at `to`. */
// @ts-ignore: decorator
@inline
function transformRow(m: i32, r0: usize, r1: usize, r2: usize, r3: usize, to: usize): void {
  let a = v128.load(r0);
  let b = v128.load(r1);
  let c = v128.load(r2);
  let d = v128.load(r3);
  let ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  let cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const d0 = v128.shuffle<i64>(ab, cd, 0, 2);
  const d1 = v128.shuffle<i64>(ab, cd, 1, 3);
  ab = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  cd = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  const d2 = v128.shuffle<i64>(ab, cd, 0, 2);
  const d3 = v128.shuffle<i64>(ab, cd, 1, 3);
  let d4 = d0;
  let d5 = d0;
  let d6 = d0;
  let d7 = d0;
  if (m > 2) {
    a = v128.load(r0, 16);
    b = v128.load(r1, 16);
    c = v128.load(r2, 16);
    d = v128.load(r3, 16);
    ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    d4 = v128.shuffle<i64>(ab, cd, 0, 2);
    d5 = v128.shuffle<i64>(ab, cd, 1, 3);
  }
  if (m > 4) {
    ab = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    cd = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    d6 = v128.shuffle<i64>(ab, cd, 0, 2);
    d7 = v128.shuffle<i64>(ab, cd, 1, 3);
  }
  transformInput(m, d0, d1, d2, d3, d4, d5, d6, d7, to, 16);
}

/** Bᵀ d B of the four tiles at r0, r1, r2 and r3. Places of the result are placeStep bytes apart. */
function transformFour<M>(
  r0: usize,
  r1: usize,
  r2: usize,
  r3: usize,
  rowBytes: usize,
  spare: usize,
  to: usize,
  placeStep: usize,
): void {
  const m = literal<M>();
  const size = <usize>(m + 2);
  for (let row: usize = 0; row < size; row++) {
    transformRow(m, r0, r1, r2, r3, spare + row * size * 16);
    r0 += rowBytes;
    r1 += rowBytes;
    r2 += rowBytes;
    r3 += rowBytes;
  }
  const step = size * 16;
  for (let column: usize = 0; column < size; column++) {
    const at = spare + column * 16;
    transformInput(
      m,
      v128.load(at),
      v128.load(at + step),
      v128.load(at + 2 * step),
      v128.load(at + 3 * step),
      m > 2 ? v128.load(at + 4 * step) : f32x4.splat(0),
      m > 2 ? v128.load(at + 5 * step) : f32x4.splat(0),
      m > 4 ? v128.load(at + 6 * step) : f32x4.splat(0),
      m > 4 ? v128.load(at + 7 * step) : f32x4.splat(0),
      to + column * placeStep,
      size * placeStep,
    );
  }
}

/** {@link transformFour} for the m of a call. */
// @ts-ignore: decorator
@inline
export function transformFourInputs(
  m: i32,
  r0: usize,
  r1: usize,
  r2: usize,
  r3: usize,
  rowBytes: usize,
  spare: usize,
  to: usize,
  placeStep: usize,
): void {
  if (m == 2) transformFour<N2>(r0, r1, r2, r3, rowBytes, spare, to, placeStep);
  else if (m == 4) transformFour<N4>(r0, r1, r2, r3, rowBytes, spare, to, placeStep);
  else transformFour<N6>(r0, r1, r2, r3, rowBytes, spare, to, placeStep);
}

/** Transforms all channels of a group, for a block of tiles that {@link listTiles} has listed. */
export function transformTiles(m: i32, args: Winograd, group: i32, first: i32, count: i32): void {
  const rowBytes = frameRowBytes(m, args);
  const wide = tilesAlong(m, args.outWidth);
  const strips = (first + count - 1) / wide - first / wide + 1;
  const placeStep = transformedBytes(args);
  memory.fill(args.frame, 0, <usize>(strips * (m + 2)) * rowBytes);
  for (let channel = 0; channel < args.channels; channel++) {
    fillInputFrame(m, args, group * args.channels + channel, args.frame, first, count);
    const row = args.transformed + <usize>channel * (TILE_COLUMNS * 4);
    for (let i = 0; i < count; i += 4) {
      const to = row + <usize>(i / TILE_COLUMNS) * panelBytes(args) + ((<usize>(i % TILE_COLUMNS)) << 2);
      const tile = args.table + <usize>i * offsetof<Tile>();
      transformFourInputs(
        m,
        args.frame + changetype<Tile>(tile).input,
        args.frame + changetype<Tile>(tile + offsetof<Tile>()).input,
        args.frame + changetype<Tile>(tile + 2 * offsetof<Tile>()).input,
        args.frame + changetype<Tile>(tile + 3 * offsetof<Tile>()).input,
        rowBytes,
        args.spare,
        to,
        placeStep,
      );
    }
  }
}

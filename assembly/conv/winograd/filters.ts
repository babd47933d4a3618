/**
 * The transformed filters U = G g Gᵀ, packed in the order in which the product reads them. The lanes of a vector are four input
 * channels. The kernel transforms sixteen channels to spare memory and then interleaves them into the panels:
 *
 *     group | outs output channels | place | TILE_ROWS of them | channels | TILE_ROWS
 */
import { packRows } from '../../gemm/pack';
import { TILE_ROWS } from '../../gemm/tile';
import { literal, N2, N4, N6 } from '../../simd/literal';
import { behind } from '../../workspace';
import { layOut } from './forward';
import { filterBytes, groupBytes, placesOf, Winograd } from './winograd';
import { transformFilter } from './transforms';

/** Input channels whose filters are transformed before they are packed. */
const TOGETHER: i32 = 16;

/** Bytes of the transformed filters of one output channel and one place, before they are packed. */
const ROW_BYTES: usize = TOGETHER * 4;

/** Bytes from one place to the next, of transformed filters before they are packed. */
const PLACE_BYTES: usize = ROW_BYTES * TILE_ROWS;

/** Bytes of `spare` for {@link winogradFilters}: filters before they are packed, and three rows between the two transforms. */
// @ts-ignore: decorator
@inline
export function filterSpareBytes(m: i32): usize {
  return <usize>placesOf(m) * PLACE_BYTES + ((<usize>(3 * (m + 2))) << 4);
}

/** Bytes of all transformed filters. */
export function winogradFiltersBytes(args: Winograd): usize {
  return behind(args.weight, args.groups * placesOf(args.m), filterBytes(args, args.outChannels)) - args.weight;
}

/** A vector of one float of each of four channels. */
// @ts-ignore: decorator
@inline
function lanes(c0: usize, c1: usize, c2: usize, c3: usize, offset: isize): v128 {
  let value = v128.load32_zero(c0 + offset);
  value = v128.load32_lane(c1 + offset, value, 1);
  value = v128.load32_lane(c2 + offset, value, 2);
  return v128.load32_lane(c3 + offset, value, 3);
}

/**
 * Transforms the filters of four channels, which are `channelStep` bytes apart. If `count` is below four, the last one stands
 * for the missing ones. Elements of a filter are `step` bytes apart (4 or −4), places of the result `placeStep` bytes.
 */
function transformFour<M>(
  from: usize,
  channelStep: usize,
  count: i32,
  step: isize,
  spare: usize,
  to: usize,
  placeStep: usize,
): void {
  const m = literal<M>();
  const size = <usize>(m + 2);
  const c1 = from + channelStep * min(1, count - 1);
  const c2 = from + channelStep * min(2, count - 1);
  const c3 = from + channelStep * min(3, count - 1);
  for (let row: isize = 0; row < 3; row++) {
    const g0 = lanes(from, c1, c2, c3, 3 * row * step);
    const g1 = lanes(from, c1, c2, c3, (3 * row + 1) * step);
    const g2 = lanes(from, c1, c2, c3, (3 * row + 2) * step);
    transformFilter(m, g0, g1, g2, spare + <usize>row * size * 16, 16);
  }
  const rowBytes = size * 16;
  for (let column: usize = 0; column < size; column++) {
    const at = spare + column * 16;
    transformFilter(
      m,
      v128.load(at),
      v128.load(at + rowBytes),
      v128.load(at + 2 * rowBytes),
      to + column * placeStep,
      size * placeStep,
    );
  }
}

/** Writes U of all filters, for F(m×m, 3×3), to `weight`. Its workspace is laid out as that of {@link winograd}. */
export function winogradFilters(args: Winograd): void {
  layOut(args);
  const m = args.m;
  const channels = args.channels;
  const places = placesOf(m);
  const outStep: usize = args.turned ? 36 : <usize>channels * 36;
  const channelStep: usize = args.turned ? <usize>args.outChannels * 36 : 36;
  const groupStep = <usize>(args.outChannels * channels) * 36;
  const step: isize = args.turned ? -4 : 4;
  const rows = args.spare + PLACE_BYTES * places;
  for (let group = 0; group < args.groups; group++) {
    const from = args.w + <usize>group * groupStep + (args.turned ? 32 : 0);
    for (let first = 0; first < args.outChannels; first += args.outs) {
      const outs = min(args.outs, args.outChannels - first);
      const block = args.weight + <usize>group * groupBytes(m, args) + <usize>((first * channels * places) << 2);
      const blockStep = filterBytes(args, outs);
      for (let out = 0; out < outs; out += TILE_ROWS) {
        const count = min(TILE_ROWS, outs - out);
        const panel = block + ((<usize>(out * channels)) << 2);
        for (let channel = 0; channel < channels; channel += TOGETHER) {
          const length = min(TOGETHER, channels - channel);
          for (let i = 0; i < count; i++) {
            const filter = from + <usize>(first + out + i) * outStep;
            for (let c = 0; c < length; c += 4) {
              const at = filter + <usize>(channel + c) * channelStep;
              const to = args.spare + <usize>i * ROW_BYTES + ((<usize>c) << 2);
              if (m == 2) transformFour<N2>(at, channelStep, length - c, step, rows, to, PLACE_BYTES);
              else if (m == 4) transformFour<N4>(at, channelStep, length - c, step, rows, to, PLACE_BYTES);
              else transformFour<N6>(at, channelStep, length - c, step, rows, to, PLACE_BYTES);
            }
          }
          for (let place = 0; place < places; place++) {
            packRows(
              args.spare + <usize>place * PLACE_BYTES,
              ROW_BYTES,
              count,
              length,
              panel + <usize>place * blockStep + <usize>((channel * TILE_ROWS) << 2),
              0,
            );
          }
        }
      }
    }
  }
}

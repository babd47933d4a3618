/** Weights rounded to formats of fewer bits, by the definitions of these formats. */
import type { WeightFormat } from '../../../src/backends/backend.js';
import type { HostArray } from '../host-array.js';

/** The nearest whole number, of two equally near the even one. */
function rint(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

/** The nearest number of IEEE 754's binary16: eleven significant bits, the last of which is worth 2⁻²⁴ or more. */
function nearestHalf(x: number): number {
  if (x === 0) return 0;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(x))), -14);
  const lastPlace = 2 ** (exponent - 10);
  return rint(x / lastPlace) * lastPlace;
}

/** Multiples of (the largest of them)/127, which is a float32. */
function nearestBytes(channel: readonly number[]): number[] {
  const scale = Math.fround(channel.reduce((most, x) => Math.max(most, Math.abs(x)), 0) / 127);
  return channel.map((x) => (scale === 0 ? 0 : rint(Math.fround(x / scale)) * scale));
}

/** `weights` as a format keeps them; `channelOf` says which output channel an element belongs to. */
export function kept(weights: HostArray, format: WeightFormat, channelOf: (place: number) => number): HostArray {
  if (format === 'float32') return weights;
  const values = [...weights.values];
  if (format === 'float16') return { ...weights, values: Float64Array.from(values, nearestHalf) };
  const channels = new Map<number, number[]>();
  values.forEach((_, place) => {
    const channel = channelOf(place);
    channels.set(channel, [...(channels.get(channel) ?? []), place]);
  });
  const rounded = new Float64Array(values.length);
  for (const places of channels.values()) {
    nearestBytes(places.map((place) => values[place])).forEach((x, i) => {
      rounded[places[i]] = x;
    });
  }
  return { ...weights, values: rounded };
}

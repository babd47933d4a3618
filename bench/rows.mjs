/** Measurements as cells of a table: milliseconds, ratios, rates, and shares of what the machine can do. */

export const milliseconds = (value) =>
  value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value >= 0.01 ? value.toFixed(3) : value.toFixed(5);

/** Whether memory limits the work rather than arithmetic: it takes longer at full bandwidth than at full arithmetic. */
const isBoundByMemory = ({ flops = 0, bytes = 0 }, { gflops, gbps }) => bytes / gbps > flops / gflops;

/** The rate of a measurement by its least time, and its share of the machine's, if the work is known. */
export function rateOf(work, machine, { min }) {
  if (!machine || (!work.flops && !work.bytes)) return null;
  return isBoundByMemory(work, machine)
    ? { rate: work.bytes / min / 1e6, unit: 'GB/s', share: work.bytes / min / 1e6 / machine.gbps }
    : { rate: work.flops / min / 1e6, unit: 'GFLOP/s', share: work.flops / min / 1e6 / machine.gflops };
}

/** Each contestant of a result as cells: name, least and median time, ratio of least times to the first, rate, share. */
export function rowsOf(result, machine) {
  const [ours] = result.timings;
  return result.timings.map((timing) => {
    const { name, missing, min, median } = timing;
    if (missing) return [name, '–', '–', '–', '', '', missing];
    const calls = result.calls ?? 1;
    const rate = rateOf(result, machine, timing);
    return [
      name,
      milliseconds(min / calls),
      milliseconds(median / calls),
      ours.min ? `${(min / ours.min).toFixed(2)}×` : '–',
      rate ? `${rate.rate.toFixed(1)} ${rate.unit}` : '',
      rate ? `${(100 * rate.share).toFixed(0)} %` : '',
      '',
    ];
  });
}

export const HEADINGS = ['', 'least ms', 'median ms', 'ratio', 'rate', 'of peak', ''];

const times = (ratio) => `${ratio.toFixed(3)}×`;

/** Two builds' samples as cells: the least time of each, and this build's time over the other's. */
export const comparedRow = (what, [ours, theirs], { least, median, quartiles }) => [
  what,
  milliseconds(Math.min(...ours)),
  milliseconds(Math.min(...theirs)),
  times(least),
  times(median),
  quartiles.map(times).join(' to '),
  String(ours.length),
];

export const COMPARED_HEADINGS = [
  '',
  'least ms',
  'against',
  'ratio',
  'median ratio',
  'middle half of ratios',
  'samples',
];

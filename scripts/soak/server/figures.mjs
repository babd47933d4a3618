// @ts-check
/** The figures that the soak of the server measures. */

/** @typedef {import('./report-memory.mjs').MemorySample} MemorySample */

/** @param {readonly number[]} values @param {number} share from 0 to 1 */
function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** @param {number} bytes */
export const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/**
 * The resident memory in the middle and in the last third of the samples: the 90th percentile, because collectors give
 * back different amounts at different times.
 * @param {readonly MemorySample[]} samples
 */
export function residentOf(samples) {
  const third = Math.floor(samples.length / 3);
  /** @param {readonly MemorySample[]} part */
  const high = (part) =>
    quantile(
      part.map(({ rss }) => rss),
      0.9,
    );
  return { middle: high(samples.slice(third, 2 * third)), last: high(samples.slice(2 * third)) };
}

/** The figures of the loads of one kind. */
export class Tally {
  /** @type {number[]} */
  latencies = [];
  right = 0;
  seconds = 0;
  /** @type {string[]} */
  faults = [];

  /** @param {import('./load.mjs').Load} load @param {number} seconds */
  add({ latencies, right, faults }, seconds) {
    this.latencies.push(...latencies);
    this.right += right;
    this.faults.push(...faults);
    this.seconds += seconds;
  }

  /** @param {string} name */
  print(name) {
    const [half, p99] = [quantile(this.latencies, 0.5), this.p99];
    console.log(
      `${name}: ${this.seconds.toFixed(1)} s, ${(this.latencies.length / this.seconds).toFixed(0)} requests/s, ` +
        `median ${half.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
    );
    for (const fault of this.faults.slice(0, 5)) console.log(`  ${fault}`);
  }

  get p99() {
    return quantile(this.latencies, 0.99);
  }
}

/** A few cases of each fuzzer, the same in every run; `npm run fuzz` draws new ones, in watched processes. Oracle: no findings. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FORMAT_NAMES, TARGETS } from './targets.js';
import { Watch } from './watch.js';

/** Cases of each: some take a millisecond, and a picture of many pixels takes longer. */
const CASES: Readonly<Record<string, number>> = { http: 40, pictures: 60, 'graphs with threads': 100 };
const USUALLY = 250;

const SEED = 20_240_229;

const generated = [...TARGETS].filter(([name]) => !FORMAT_NAMES.includes(name)); // those have tests beside the readers

afterEach(() => vi.restoreAllMocks());

describe.each(generated)('%s', (name, target) => {
  test('finds nothing', { timeout: 60_000 }, async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    vi.spyOn(console, 'log').mockImplementation(() => {});
    await target.prepare?.();
    const watch = new Watch({ memory: false }); // a process of tests has memory of its own
    let accepted = 0;
    try {
      for (let n = 0; n < (CASES[name] ?? USUALLY); n++) {
        const value = target.make(SEED, n);
        try {
          const outcome = await watch.around(target, value);
          accepted += Number(outcome.accepted);
        } catch (cause) {
          throw new Error(`case ${n} of seed ${SEED}: ${target.describe(value)}: ${cause}`, { cause });
        }
      }
    } finally {
      await target.finish?.();
    }
    // Cases that are all refused at the door would test nothing.
    expect(accepted).toBeGreaterThan(0);
  });

  test('a number gives the same case again', () => {
    for (const n of [0, 7]) expect(target.describe(target.make(3, n))).toBe(target.describe(target.make(3, n)));
  });
});

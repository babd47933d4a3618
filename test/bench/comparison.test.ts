/** The comparison of two builds: both get the same turns, and the ratios are those of made-up times. */
import { describe, expect, it } from 'vitest';
import { inTurns, ratioOf } from '../../bench/comparison.mjs';
import { parseOptions } from '../../bench/options.mjs';
import { Turns } from '../../bench/turns.mjs';

/** A side of one case whose runs take `milliseconds`, and which writes down when it is timed. */
function sideOf(name: string, milliseconds: number, log: string[], title = 'a case') {
  let cases = 1;
  return {
    next: async () => (cases-- > 0 ? { title, names: ['rensa', 'rensa, not compiled'], budgetMs: 200 } : null),
    warmUp: async () => milliseconds,
    async time(k: number, repeats: number) {
      log.push(`${name}${k}×${repeats}`);
      return milliseconds;
    },
  };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('inTurns', () => {
  it('times both builds as often, in alternating order, with the repeats of the slower one', async () => {
    const log: string[] = [];
    const compared = await collect(inTurns([sideOf('a', 8, log), sideOf('b', 4, log)]));
    expect(compared.map(({ name }) => name)).toEqual(['rensa', 'rensa, not compiled']);
    for (const { samples } of compared) {
      // 200 ms are 12 turns of 2 runs that take 8 ms each.
      expect(samples[0]).toEqual(Array(12).fill(8));
      expect(samples[1]).toEqual(Array(12).fill(4));
    }
    expect(log.slice(0, 6)).toEqual(['a0×2', 'b0×2', 'b0×2', 'a0×2', 'a0×2', 'b0×2']);
  });

  it('names both titles where the builds chose differently', async () => {
    const [{ title }] = await collect(inTurns([sideOf('a', 50, [], 'winograd'), sideOf('b', 50, [], 'im2col')]));
    expect(title).toBe('winograd; against: im2col');
  });
});

describe('ratioOf', () => {
  it('divides least times, and pairs of samples', () => {
    const ratio = ratioOf([
      [10, 12, 11, 30, 10.5],
      [10, 10, 10, 10, 10],
    ]);
    expect(ratio).toEqual({ least: 1, median: 1.1, quartiles: [1.05, 1.2] });
  });
});

describe('Turns', () => {
  it('prepares, times and gives up the contestants of the library, and no peers', async () => {
    const log: string[] = [];
    const contestant = (name: string) => ({
      name,
      prepare: () => {
        log.push(`prepare ${name}`);
        return { run: () => log.push(`run ${name}`), free: () => log.push(`free ${name}`) };
      },
    });
    async function* cases() {
      yield { title: 'one', contestants: [contestant('rensa'), contestant('a peer')] };
      yield { title: 'two', budgetMs: 5, contestants: [{ name: 'rensa', prepare: () => ({ took: async () => 7 }) }] };
    }
    const turns = new Turns({ cases });
    expect(await turns.next()).toEqual({ title: 'one', budgetMs: 1200, names: ['rensa'] });
    expect(await turns.time(0, 3)).toBeGreaterThanOrEqual(0);
    expect(log).toEqual(['prepare rensa', ...Array(4).fill('run rensa')]);
    expect(await turns.next()).toEqual({ title: 'two', budgetMs: 5, names: ['rensa'] });
    expect(log.at(-1)).toBe('free rensa');
    expect([await turns.warmUp(0), await turns.time(0, 2)]).toEqual([7, 7]);
    expect(await turns.next()).toBeNull();
  });
});

describe('parseOptions', () => {
  const known = { entries: ['overhead', 'webgl'], runtimes: ['node-20', 'chromium'] };
  const parse = (line: string) => parseOptions(line.split(' '), known);

  it('reads names and options in any order', () => {
    expect(parse('overhead webgl --against ../base --pairs 5 --on node-20,chromium')).toEqual({
      names: ['overhead', 'webgl'],
      on: ['node-20', 'chromium'],
      reportOnly: false,
      against: '../base',
      pairs: 5,
    });
    expect(parse('--against=../base overhead')).toMatchObject({ names: ['overhead'], on: null, pairs: 3 });
  });

  it('lists the known names for an unknown one', () => {
    expect(() => parse('overhed')).toThrow('no entry overhed; there are overhead, webgl');
    expect(() => parse('--on node-7')).toThrow('no runtime node-7; there are node-20, chromium');
    expect(() => parse('--pairs 0')).toThrow('--pairs 0: expected a whole number from 1');
    expect(() => parse('--agianst x')).toThrow("'--agianst'");
  });
});

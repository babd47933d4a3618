/** `npm run soak -- train`: its judgement of flat memory, and a training of a few steps. Oracle: made-up samples. */
import { describe, expect, it } from 'vitest';
import { type Sample, train } from '../../scripts/soak/train/training.mjs';
import { faultsOf } from '../../scripts/soak/train.mjs';
import * as rensa from '../../src/index.js';

const MiB = 2 ** 20;

/** 30 samples of a training that swings, and what a change makes of each. */
const samples = (change: (sample: number) => object = () => ({})) =>
  Array.from({ length: 30 }, (_, k) => ({
    step: 100 * (k + 1),
    arrays: 500 + 40 * (k % 3),
    bytes: (10 + (k % 3)) * MiB,
    reserved: 20 * MiB,
    resident: (k < 6 ? 80 : 100) * MiB,
    loss: 2 - k / 30,
    ...change(k),
  }));

describe('a training', () => {
  it('whose memory oscillates is flat', () => expect(faultsOf(samples(), 3000)).toEqual([]));

  it.each([
    ['arrays', (k: number) => ({ arrays: 500 + 10 * k }), /the peak of arrays went from 670 to 790/],
    ['bytes', (k: number) => ({ bytes: 1000 + 20 * k }), /the peak of bytes went from 1340 to 1580/],
    ['reserved', (k: number) => ({ reserved: k < 29 ? MiB : 2 * MiB }), /the peak of reserved went from/],
    ['resident', (k: number) => ({ resident: (50 + 2 * k) * MiB }), /resident memory went from 80.0 MiB to 100.0 MiB/],
    ['loss', (k: number) => ({ loss: k }), /the mean loss went from 1 to 28/],
    ['loss', (k: number) => ({ loss: k === 7 ? Number.NaN : 1 - k / 30 }), /a loss is not a number/],
  ])('whose %s grows is not', (_, change, fault) => {
    expect(faultsOf(samples(change), 3000).join()).toMatch(fault);
  });

  it('that ended early, or is short, is not judged flat', () => {
    expect(faultsOf(samples().slice(0, 20), 3000)).toEqual(['there are 20 samples of 30']);
    expect(
      faultsOf(
        samples((k) => ({ bytes: k })),
        30,
      ),
    ).toEqual([]);
  });
});

it.each(['loop', 'trainer'] as const)(
  '%s: learns, and tells what is in use',
  async (how) => {
    const told: Sample[] = [];
    const task = { how, device: 'wasm', threads: 1, steps: 120, samples: 3 } as const;
    await train(rensa, task, '', (sample) => void told.push(sample));
    expect(told.map(({ step }) => step)).toEqual([40, 80, 120]);
    expect(told.every(({ arrays, bytes, reserved }) => arrays > 0 && bytes > 0 && reserved >= bytes)).toBe(true);
    if (how === 'trainer') expect(told[2].loss).toBeLessThan(told[0].loss);
  },
  60_000,
);

/** Damaged files, a few hundred per format; `npm run fuzz` tries many more. Oracle: a result or a documented error. */
import { describe, expect, test } from 'vitest';
import { FORMATS, mutant, survives } from './mutations.js';

const MUTANTS = 500;

describe.each(Object.entries(FORMATS))('%s', (_, format) => {
  test('the seeds are valid', async () => {
    for (const seed of format.seeds) expect(await survives(format, seed)).toBe(true);
  });

  test('damaged files give a result or a FormatError or DTypeError', async () => {
    const start = performance.now();
    let refused = 0;
    for (let i = 0; i < MUTANTS; i++) {
      const bytes = mutant(format, 1, i);
      try {
        if (!(await survives(format, bytes))) refused++;
      } catch (cause) {
        throw new Error(`mutant ${i} of seed 1: ${cause}`, { cause });
      }
    }
    // Mutations that most readers accept would test nothing.
    expect(refused).toBeGreaterThan(MUTANTS / 4);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

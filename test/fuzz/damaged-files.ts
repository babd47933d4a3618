/** The fuzzers of damaged files: one for each format of `test/formats/mutations.ts`. */
import { FORMATS, type Format, mutant, survives } from '../formats/mutations.js';
import type { Target } from './target.js';

function damaged(format: Format): Target {
  const bytesOf = (value: unknown) => value as Uint8Array;
  return {
    cases: null,
    make: (seed, n) => mutant(format, seed, n),
    describe: (value) =>
      `${bytesOf(value).length} bytes: ${Buffer.from(bytesOf(value)).toString('base64').slice(0, 400)}`,
    topic: () => '',
    run: async (value) => ({ accepted: await survives(format, bytesOf(value)), bytes: bytesOf(value).length }),
  };
}

/** By the format's name. */
export const damagedFiles: Readonly<Record<string, Target>> = Object.fromEntries(
  Object.entries(FORMATS).map(([name, format]) => [name, damaged(format)]),
);

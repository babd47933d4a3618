// @ts-check
/**
 * `npm run fuzz -- [--count N] [--seed S] [--format NAME]`: feeds N damaged files (default 10,000) to each reader of
 * src/formats. Any exception that a reader does not document ends it with the seed and number that repeat it.
 */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { root } from './stages.mjs';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
    format: { type: 'string' },
  },
});
const [count, seed] = [Number(values.count), Number(values.seed)];

const outfile = `${root}/build/fuzz/mutations.mjs`;
await build({
  absWorkingDir: root,
  entryPoints: ['test/formats/mutations.ts'],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  logLevel: 'warning',
});
/** @type {typeof import('../test/formats/mutations.js')} */
const { FORMATS, mutant, survives } = await import(pathToFileURL(outfile).href);

let failures = 0;
for (const [name, format] of Object.entries(FORMATS)) {
  if (values.format && values.format !== name) continue;
  const start = performance.now();
  const baseline = process.memoryUsage().rss;
  let [accepted, slowest, peak] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const bytes = mutant(format, seed, i);
    const before = performance.now();
    try {
      if (await survives(format, bytes)) accepted++;
    } catch (error) {
      failures++;
      console.error(`${name}: mutant ${i} of seed ${seed}:`, error);
    }
    slowest = Math.max(slowest, performance.now() - before);
    if (i % 256 === 0) peak = Math.max(peak, process.memoryUsage().rss - baseline);
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${name}: ${count} files (seed ${seed}), ${accepted} accepted, the slowest ${slowest.toFixed(1)} ms, ` +
      `${(peak / 2 ** 20).toFixed(0)} MiB, ${seconds} s`,
  );
}
process.exitCode = failures > 0 ? 1 : 0;

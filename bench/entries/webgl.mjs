/** Rensa's WebGL2 backend against tfjs', interleaved in one headless Chromium: networks, products and convolutions. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { openPage } from '../../scripts/page.mjs';

const folder = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** One result per case; the page measures, so that no message between processes is timed. */
export async function* measure() {
  const out = folder('build/bench');
  await build({
    entryPoints: [folder('bench/webgl/page.mjs')],
    outdir: out,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['node:*'],
    logLevel: 'error',
  });
  const { page, close } = await openPage({ '/': out }, '/page.js');
  try {
    const renderer = await page.evaluate(() => window.renderer());
    for (const name of await page.evaluate(() => window.caseNames())) {
      const result = await page.evaluate((which) => window.runCase(which), name);
      yield { ...result, notes: [`on ${renderer}`] };
    }
  } finally {
    await close();
  }
}

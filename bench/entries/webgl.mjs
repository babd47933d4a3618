/** Rensa's WebGL2 backend against tfjs', interleaved in one headless Chromium: networks, products and convolutions. */
import { openBenchPage } from '../page/open.mjs';

/** One result per case; the page measures, so that no message between processes is timed. */
export async function* measured() {
  const { page, close } = await openBenchPage('bench/webgl/page.mjs');
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

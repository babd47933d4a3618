/** Bundles a module of the suite for a page, and opens it in headless Chromium beside the peers' own files. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { openPage } from '../../scripts/page.mjs';

const require = createRequire(import.meta.url);
const folder = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Only isolated pages get shared memory. */
const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/**
 * @param {string} module from the repository's root
 * @param {{ build?: import('../builds.mjs').Build, minify?: boolean, folders?: Record<string, string> }} [options] `build`: whose
 *   library it is; `folders`: more of them, from the repository's root
 */
export async function openBenchPage(module, { build: ofBuild = 'this', minify = false, folders = {} } = {}) {
  const out = folder(`build/bench/page-${ofBuild}`);
  await build({
    entryPoints: { page: folder(module) },
    outdir: out,
    bundle: true,
    splitting: true,
    minify,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: [ofBuild, 'module'],
    tsconfigRaw: '{}', // the checkout's tsconfig maps rensa to src/
    external: ['node:*', 'onnxruntime-node'],
    logLevel: 'error',
  });
  const files = {
    '/': out,
    '/onnxruntime/': dirname(require.resolve('onnxruntime-web')),
    '/tfjs/': dirname(require.resolve('@tensorflow/tfjs-backend-wasm')),
    ...Object.fromEntries(Object.entries(folders).map(([prefix, path]) => [prefix, folder(path)])),
  };
  return openPage(files, '/page.js', ISOLATED);
}

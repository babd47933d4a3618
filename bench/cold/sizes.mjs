/**
 * The size of a program that imports a whole library: its code, minified by esbuild, and its WebAssembly, each
 * gzipped, in kB.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const kilobytes = (content) => gzipSync(content, { level: 9 }).length / 1000;

/**
 * @param {string} directory where the library is found
 * @param {string} library the name that is imported
 * @param {{ conditions?: string[], wasm?: string[], scripts?: string[] }} [options] `wasm` and `scripts`: files that the
 *   library fetches by itself
 */
export async function weigh(directory, library, { conditions = [], wasm = [], scripts = [] } = {}) {
  const modules = wasm.map((path) => readFileSync(path));
  const plugin = {
    name: 'kernels',
    setup({ onLoad }) {
      onLoad({ filter: /\.wasm$/ }, ({ path }) => {
        modules.push(readFileSync(path));
        return { contents: 'export default null' };
      });
    },
  };
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${library}'`, resolveDir: directory },
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    outdir: 'out',
    format: 'esm',
    platform: 'browser',
    ...(conditions.length > 0 && { conditions }),
    external: ['node:*'],
    plugins: [plugin],
    tsconfigRaw: '{}', // the checkout's tsconfig maps rensa to src/
    logLevel: 'error',
  });
  const sum = (contents) => contents.reduce((total, content) => total + kilobytes(content), 0);
  const code = [...outputFiles.map(({ contents }) => contents), ...scripts.map((path) => readFileSync(path))];
  return { code: sum(code), wasm: sum(modules) };
}

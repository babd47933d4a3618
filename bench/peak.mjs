/** The limit of a matrix product here: its innermost tile alone, on panels that stay in the first cache. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const DEPTH = 256;

/** A function that runs the tile until it has computed `flops`, and nothing else. */
export async function tileAlone(flops) {
  const contents = `
    export { Machine } from './src/backends/wasm/machine.js';
    export { bestVariant } from './src/backends/wasm/loader.js';`;
  const stdin = { contents, resolveDir: root, loader: 'ts' };
  const { outputFiles } = await build({ stdin, bundle: true, format: 'esm', write: false });
  const source = Buffer.from(outputFiles[0].contents).toString('base64');
  const { Machine, bestVariant } = await import(`data:text/javascript;base64,${source}`);
  const { kernels, heap } = new Machine(bestVariant());
  const [rows, columns] = [kernels.tileRows(), kernels.tileColumns()];
  const [a, b, c] = [rows * DEPTH, columns * DEPTH, rows * columns].map((floats) => heap.alloc(4 * floats));
  const calls = Math.ceil(flops / (2 * rows * columns * DEPTH));
  return () => {
    for (let i = 0; i < calls; i++)
      kernels.fullTile(DEPTH, a, 4 * rows, b, 4 * columns, c, 4 * columns, c, 4 * columns);
  };
}

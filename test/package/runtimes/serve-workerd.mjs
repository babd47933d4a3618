/**
 * Serves the modules of a folder on workerd until its input ends, and prints its address: `node serve-workerd.mjs FOLDER MAIN`.
 * Models are modules of bytes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';

const [folder, main] = process.argv.slice(2);
const TYPES = { js: 'ESModule', wasm: 'CompiledWasm', onnx: 'Data' };
const typeOf = (name) => TYPES[name.split('.').pop()];
const rest = readdirSync(folder).filter((name) => name !== main && typeOf(name));
const miniflare = new Miniflare({
  compatibilityDate: '2026-07-01',
  port: 0,
  modulesRoot: folder,
  modules: [main, ...rest].map((name) => ({
    type: typeOf(name),
    path: join(folder, name),
    contents: readFileSync(join(folder, name)),
  })),
});
console.log((await miniflare.ready).href);
process.stdin.resume().once('end', async () => {
  await miniflare.dispose();
  process.exit(0);
});

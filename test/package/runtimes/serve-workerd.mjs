/** Runs the modules of a folder on workerd, asks once, and prints the answer: `node serve-workerd.mjs FOLDER MAIN`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';

const [folder, main] = process.argv.slice(2);
const rest = readdirSync(folder).filter((name) => name !== main && /\.(js|wasm)$/.test(name));
const miniflare = new Miniflare({
  compatibilityDate: '2026-07-01',
  modulesRoot: folder,
  modules: [main, ...rest].map((name) => ({
    type: name.endsWith('.wasm') ? 'CompiledWasm' : 'ESModule',
    path: join(folder, name),
    contents: readFileSync(join(folder, name)),
  })),
});
const response = await miniflare.dispatchFetch('http://localhost/');
console.log(await response.text());
await miniflare.dispose();

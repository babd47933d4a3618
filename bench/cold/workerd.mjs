/**
 * Starts workers on workerd, in turns, and prints for each the milliseconds until its first answer: `node workerd.mjs
 * MINIFLARE ROUNDS FOLDER…`. A worker's own clock stands still while it computes, so the time is taken here. A worker
 * that does nothing gives the cost of starting workerd.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [miniflare, rounds, ...folders] = process.argv.slice(2);
const { Miniflare } = await import(pathToFileURL(miniflare).href);

const TYPES = { js: 'ESModule', wasm: 'CompiledWasm', onnx: 'Data' };

function modulesOf(folder) {
  const names = readdirSync(folder).sort((a, b) => Number(b === 'worker.js') - Number(a === 'worker.js'));
  return names.map((name) => ({
    type: TYPES[name.split('.').pop()],
    path: join(folder, name),
    contents: readFileSync(join(folder, name)),
  }));
}

async function start(folder) {
  const options = { compatibilityDate: '2026-07-01', modulesRoot: folder, modules: modulesOf(folder) };
  const before = performance.now();
  const worker = new Miniflare(options);
  const answer = await (await worker.dispatchFetch('http://localhost/')).json();
  const took = performance.now() - before;
  await worker.dispose();
  return { took, answer };
}

const results = folders.map(() => ({ samples: [], answer: [] }));
for (let round = 0; round < Number(rounds); round++) {
  for (const [i, folder] of folders.entries()) {
    const { took, answer } = await start(folder);
    results[i].samples.push(took);
    results[i].answer = answer;
  }
}
console.log(JSON.stringify(results));

// @ts-check
/**
 * Loaded into a server before it starts: prints its memory four times a second, one line of JSON each. At the signal
 * SIGUSR2 it collects garbage and prints what remains.
 */
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';
import { np } from 'rensa/inference';

/**
 * `rss`: bytes of the process; `live`: bytes of objects and buffers of the server's thread; `collected`: whether garbage was collected
 * right before; `wasm`: bytes that arrays, models and workspaces take on the wasm heap; `reserved`: bytes of that heap; `arrays`: live
 * arrays.
 * @typedef {{ rss: number, live: number, collected: boolean, wasm: number, reserved: number, arrays: number }} MemorySample
 */

/** @param {boolean} collected */
function report(collected) {
  const { arrays, devices } = np.memory();
  const { bytes, reserved } = devices.wasm ?? { bytes: 0, reserved: 0 };
  const { rss, heapUsed, external } = process.memoryUsage();
  console.log(JSON.stringify({ rss, live: heapUsed + external, collected, wasm: bytes, reserved, arrays }));
}

/** Collects garbage: Bun has a function for it, Node and Deno have one after `--expose-gc`. */
function collect() {
  const { Bun, gc } = /** @type {{ Bun?: { gc(sync: boolean): void }, gc?: () => void }} */ (globalThis);
  if (Bun) Bun.gc(true);
  else gc?.();
}

if (isMainThread) {
  setInterval(report, 250, false).unref();
  process.on('SIGUSR2', () => {
    collect();
    report(true);
  });
}

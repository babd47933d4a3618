// @ts-check
/** Loaded into a server before it starts: prints what its memory is, four times a second, a line of JSON each. */
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';
import { np } from 'rensa/inference';

/**
 * `rss`: bytes of the process; `wasm`: bytes that arrays, models and workspaces take on the wasm heap; `reserved`: bytes of that heap;
 * `arrays`: live arrays.
 * @typedef {{ rss: number, wasm: number, reserved: number, arrays: number }} MemorySample
 */

function report() {
  const { arrays, devices } = np.memory();
  const { bytes, reserved } = devices.wasm ?? { bytes: 0, reserved: 0 };
  console.log(JSON.stringify({ rss: process.memoryUsage().rss, wasm: bytes, reserved, arrays }));
}

if (isMainThread) setInterval(report, 250).unref();

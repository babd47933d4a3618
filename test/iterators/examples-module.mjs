// Examples made by a module, wherever it is loaded: in a worker, or in the test's own thread.

/** Where this is run: true in a worker. */
export const isWorker = () =>
  'WorkerGlobalScope' in globalThis || process.getBuiltinModule('node:worker_threads').isMainThread === false;

/** [array of i, i + 1, label, whether a worker made it] */
export async function get(i, label) {
  if (i === 7) throw new RangeError('seven is not made');
  await new Promise((resolve) => setTimeout(resolve, (13 * i) % 5));
  return [{ shape: [2], data: Float32Array.of(i, i + 1) }, label, Number(isWorker())];
}

export function end() {
  process.exit(3);
}

export const notAFunction = 1;

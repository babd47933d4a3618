/**
 * The peers. Each is optional: importing one that is not installed, or does not run here, throws the reason, and the
 * tables show a dash. All compute on `threads` threads, if they can be told.
 */

/** A runner of ONNX files: `session(bytes)` gives a function from (data, shape) to the elements of the first output. */
async function onnxruntime(ort, providers) {
  return {
    async session(bytes, threads = 1) {
      const options = { executionProviders: providers, intraOpNumThreads: threads, interOpNumThreads: 1 };
      const session = await ort.InferenceSession.create(bytes, options);
      const [[input], [output]] = [session.inputNames, session.outputNames];
      const run = async (data, shape) => {
        const results = await session.run({ [input]: new ort.Tensor('float32', data, shape) });
        return results[output].data;
      };
      return Object.assign(run, { free: () => session.release() });
    },
  };
}

const inBrowser = typeof document !== 'undefined';

/** onnxruntime-web. Its number of threads holds for the whole process, so the first caller decides. */
export async function onnxruntimeWeb(threads = 1) {
  const ort = await import('onnxruntime-web');
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  if (inBrowser) ort.env.wasm.wasmPaths = '/onnxruntime/';
  return onnxruntime(ort, ['wasm']);
}

/** onnxruntime as native code, for Node alone. */
export async function onnxruntimeNode() {
  if (inBrowser) throw new Error('native code does not run in browsers');
  return onnxruntime(await import('onnxruntime-node'), ['cpu']);
}

/**
 * tfjs with one of its backends, 'cpu' or 'wasm', which becomes the current one: call it again before each use of
 * another backend's function.
 */
export async function tfjs(backend, threads = 1) {
  const tf = await import('@tensorflow/tfjs');
  if (backend === 'wasm' && !tf.engine().registryFactory.wasm) await tfjsWasm(threads);
  await tf.setBackend(backend);
  await tf.ready();
  return tf;
}

async function tfjsWasm(threads) {
  const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  if (inBrowser) {
    setWasmPaths('/tfjs/');
  } else {
    const { createRequire } = await import('node:module');
    const file = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(file.slice(0, file.lastIndexOf('/') + 1));
  }
  setThreadsCount(threads);
}

/**
 * jax-js on its wasm backend. In pages it takes one thread per core by default; here it gets one thread, as the others
 * do.
 */
export async function jax() {
  if (inBrowser) Object.defineProperty(navigator, 'hardwareConcurrency', { value: 1, configurable: true });
  const library = await import('@jax-js/jax');
  await library.init('wasm');
  library.defaultDevice('wasm');
  return library;
}

/** The names of the contestants. */
export const NAMES = {
  onnxruntimeWeb: 'onnxruntime-web 1.30',
  onnxruntimeNode: 'onnxruntime-node 1.30 (native)',
  tfjsCpu: 'tfjs cpu 4.22',
  tfjsWasm: 'tfjs wasm 4.22',
  tfjsWebgl: 'tfjs webgl 4.22',
  jax: 'jax-js wasm 0.1',
};

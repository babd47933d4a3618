// @ts-check
/**
 * The sizes of bundled programs: minified by Vite, each file gzipped, WebAssembly included; the modules that a program loads at once are
 * one file. `node scripts/sizes.mjs` prints the sizes with the built dist/ beside their limits, and fails if one is above its limit.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { root } from './stages.mjs';

const EDGE = ['workerd', 'worker', 'browser'];

/**
 * `loaded`: counts only the modules that the program loads at once, and of those that it loads later the modules of `later` with their
 * imports.
 * @typedef {{ source: string, loaded?: boolean, later?: string[], conditions?: string[] }} Program
 */

/**
 * The programs. `goal` is the size to reach, in kilobytes; `most` is the limit, above which the check fails. The whole has neither, since
 * no program loads all of it.
 * @type {Record<string, Program & { goal?: number, most?: number }>}
 */
const PROGRAMS = {
  'rensa/inference, one variant of kernels': {
    source: "export * from 'rensa/inference'",
    goal: 70,
    most: 70,
    loaded: true,
    conditions: EDGE,
  },
  'a program that runs LeNet5 of an ONNX file, with what reads it': {
    source: readFileSync(`${root}/test/package/sizes/run-lenet5.mjs`, 'utf8'),
    goal: 70,
    most: 74.5,
    loaded: true,
    later: ['graph/onnx/load.js'],
    conditions: EDGE,
  },
  'all of rensa, all variants, with what it loads later': { source: "export * from 'rensa'" },
  'a program that trains LeNet5': {
    source: readFileSync(`${root}/test/package/sizes/train-lenet5.mjs`, 'utf8'),
    goal: 75,
    most: 84,
    loaded: true,
  },
};

const gzipped = (/** @type {string | Uint8Array} */ content) => gzipSync(content, { level: 9 }).length;

/**
 * Bundles a program. For edge platforms it builds a server, which preloads nothing by `<link>`.
 * @param {Program} program
 * @param {Set<string>} together modules that become one file
 */
async function bundle({ source, conditions, later = [] }, together) {
  const { build } = await import('vite');
  const entry = '\0program';
  const kernels = new Set();
  const codeSplitting = together.size
    ? { groups: [{ name: 'loaded', test: (/** @type {string} */ id) => together.has(id) }] }
    : true;
  const result = await build({
    root,
    configFile: false,
    logLevel: 'error',
    ...(conditions ? { ssr: { noExternal: true, resolve: { conditions } } } : {}),
    build: {
      write: false,
      minify: true,
      modulePreload: false,
      ssr: conditions !== undefined,
      rolldownOptions: { input: entry, preserveEntrySignatures: 'strict', output: { codeSplitting } },
    },
    plugins: [
      {
        name: 'program',
        enforce: 'pre',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? source : undefined),
      },
      {
        name: 'kernels', // as edge platforms do: a module of its own
        enforce: 'pre',
        load(id) {
          if (!id.endsWith('.wasm')) return undefined;
          kernels.add(id);
          return 'export default null';
        },
      },
    ],
  });
  if (!('output' in result)) throw new Error('expected the result of one build');
  const chunks = result.output.filter((file) => file.type === 'chunk');
  const assets = result.output.filter((file) => file.type === 'asset'); // the scripts of workers
  const holds = (/** @type {string[]} */ modules) => later.some((path) => modules.some((id) => id.endsWith(path)));
  const first = chunks.filter((chunk) => chunk.isEntry || holds(Object.keys(chunk.modules)));
  const needed = new Set(first.map((chunk) => chunk.fileName));
  for (const name of needed) {
    for (const imported of chunks.find((chunk) => chunk.fileName === name)?.imports ?? []) needed.add(imported);
  }
  return { chunks, assets, loaded: chunks.filter((chunk) => needed.has(chunk.fileName)), kernels: [...kernels] };
}

/**
 * The gzipped size of a program, in bytes: the sum over its files, of which the modules that it loads at once are one.
 * @param {Program} program
 */
async function weigh(program) {
  const { loaded } = await bundle(program, new Set());
  const files = await bundle(program, new Set(loaded.flatMap((chunk) => Object.keys(chunk.modules))));
  const counted = program.loaded
    ? files.loaded.map(({ code }) => code)
    : [...files.chunks.map(({ code }) => code), ...files.assets.map(({ source }) => source)];
  return [...counted, ...files.kernels.map((path) => readFileSync(path))]
    .map(gzipped)
    .reduce((sum, bytes) => sum + bytes, 0);
}

/** The sizes in kB, by program. */
export async function sizes() {
  const rows = [];
  for (const [name, program] of Object.entries(PROGRAMS)) {
    const { goal, most } = program;
    rows.push({ name, goal, most, kilobytes: (await weigh(program)) / 1000 });
  }
  return rows;
}

/** Prints the sizes. @throws if one is above its limit. */
export async function checkSizes() {
  const rows = await sizes();
  for (const { name, goal, most, kilobytes } of rows) {
    const bounds = most ? `goal: ${goal}, limit: ${most}` : 'no limit';
    console.log(`${kilobytes.toFixed(1).padStart(7)} kB (${bounds}): ${name}`);
  }
  const tooLarge = rows.filter(({ most = Number.POSITIVE_INFINITY, kilobytes }) => kilobytes > most);
  if (tooLarge.length > 0) throw new Error(`larger than allowed: ${tooLarge.map(({ name }) => name).join('; ')}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await checkSizes();

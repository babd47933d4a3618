// @ts-check
/**
 * What programs weigh in a bundle: minified by Vite, each file gzipped, WebAssembly included. `node scripts/sizes.mjs` prints
 * the sizes of the built dist/ beside what they should be, and fails if one is larger than it may be.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { root } from './stages.mjs';

const EDGE = ['workerd', 'worker', 'browser'];

/**
 * The programs. `goal` is what they should weigh, in kilobytes; `most` is what no change may pass, and is lowered towards the
 * goal. Where `loaded` is set, only what the program loads counts, not what it might load later.
 * @type {Record<string, { source: string, goal: number, most: number, loaded?: boolean, conditions?: string[] }>}
 */
const PROGRAMS = {
  'rensa/inference, one variant of kernels': {
    source: "export * from 'rensa/inference'",
    goal: 70,
    most: 90,
    loaded: true,
    conditions: EDGE,
  },
  'all of rensa, all variants, with what it loads later': { source: "export * from 'rensa'", goal: 220, most: 245 },
  'a program that trains LeNet5': {
    source: readFileSync(`${root}/test/package/sizes/train-lenet5.mjs`, 'utf8'),
    goal: 120,
    most: 120,
    loaded: true,
  },
};

const gzipped = (/** @type {string | Uint8Array} */ content) => gzipSync(content, { level: 9 }).length;

/**
 * Bytes of a program by file, gzipped.
 * @param {{ source: string, loaded?: boolean, conditions?: string[] }} program
 * @returns {Promise<{ total: number, code: number, kernels: number }>}
 */
async function weigh({ source, loaded = false, conditions }) {
  const { build } = await import('vite');
  const entry = '\0program';
  let kernels = 0;
  const result = await build({
    root,
    configFile: false,
    logLevel: 'error',
    ...(conditions ? { resolve: { conditions } } : {}),
    build: {
      write: false,
      minify: true,
      modulePreload: false,
      rolldownOptions: { input: entry, preserveEntrySignatures: 'strict' },
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
          kernels += gzipped(readFileSync(id));
          return 'export default null';
        },
      },
    ],
  });
  if (!('output' in result)) throw new Error('one build was asked for');
  const chunks = result.output.filter((file) => file.type === 'chunk');
  /** @type {Set<string>} */
  const needed = new Set(chunks.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName));
  for (const name of needed) {
    for (const imported of chunks.find((chunk) => chunk.fileName === name)?.imports ?? []) needed.add(imported);
  }
  const counted = chunks.filter((chunk) => !loaded || needed.has(chunk.fileName));
  const code = counted.reduce((sum, chunk) => sum + gzipped(chunk.code), 0);
  return { total: code + kernels, code, kernels };
}

/** The sizes in kB, by program. */
export async function sizes() {
  const rows = [];
  for (const [name, program] of Object.entries(PROGRAMS)) {
    rows.push({ name, goal: program.goal, most: program.most, kilobytes: (await weigh(program)).total / 1000 });
  }
  return rows;
}

/** Prints the sizes. @throws if one is larger than it may be. */
export async function checkSizes() {
  const rows = await sizes();
  for (const { name, goal, most, kilobytes } of rows)
    console.log(`${kilobytes.toFixed(1).padStart(7)} kB (goal: ${goal}, limit: ${most}): ${name}`);
  const tooLarge = rows.filter(({ most, kilobytes }) => kilobytes > most);
  if (tooLarge.length > 0) throw new Error(`larger than allowed: ${tooLarge.map(({ name }) => name).join('; ')}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await checkSizes();

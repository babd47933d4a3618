// @ts-check
/**
 * Builds the package into dist/: the wasm kernels, the ES modules that package.json exports, and their declarations.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { namesInSources, restoreNames, sayNames } from './own-names.mjs';
import { root, run } from './stages.mjs';

/** Compiles assembly/ and writes the modules that src/backends/wasm imports. Tests of src/ need no more of the build. */
export function buildKernels() {
  run('node', ['scripts/build-wasm.mjs']);
}

/** The folder that mirrors src/, so that a bundler that needs one function takes its file and no other. */
const MODULES = 'dist/modules';

/** Modules whose classes never show their names: the layers up to arrays. */
const NAMELESS = /\/modules\/(backends|formats|graph|ndarray|errors)\b/;

/** The JPEG decoder, as its importer names it. Browsers have a decoder of their own. */
const JPEG_DECODER = './strips.js';

/** Modules that platforms replace: the importer, its specifier, and the name in package.json's `imports` that takes its place. */
const PLATFORM = [
  { importer: 'backends/wasm/loader.js', specifier: './modules.js', name: '#kernels' },
  { importer: 'backends/wasm/start-threads.js', specifier: './threads/load.js', name: '#threads' },
  { importer: 'ndarray/device.js', specifier: '../backends/webgl/index.js', name: '#webgl' },
  { importer: 'ndarray/device.js', specifier: './checked-at-load.js', name: '#checked-at-load' },
  { importer: 'formats/jpeg/decode.js', specifier: JPEG_DECODER, name: '#jpeg-decoder' },
];

/** The entries for runtimes. The other subpaths keep bundles small, which runtimes do not need. */
const ENTRIES = { index: 'src/index.ts', inference: 'src/inference.ts' };

/** Subpaths that are namespaces of the main entry, with their names there. */
const NAMESPACES = {
  functions: 'F',
  links: 'L',
  np: 'np',
  optimizers: 'optimizers',
  training: 'training',
  datasets: 'datasets',
  iterators: 'iterators',
  serializers: 'serializers',
  initializers: 'initializers',
};

/**
 * Options of esbuild for all files of the package.
 * @satisfies {import('esbuild').BuildOptions}
 */
const COMMON = {
  absWorkingDir: root,
  format: /** @type {const} */ ('esm'),
  target: 'es2022',
  legalComments: /** @type {const} */ ('none'), // see dist/THIRD-PARTY-LICENSES.txt
  logLevel: /** @type {const} */ ('warning'),
};

/** @satisfies {import('esbuild').BuildOptions} */
const BUNDLED = {
  ...COMMON,
  bundle: true,
  external: ['node:*'],
};

/**
 * Replaces the JPEG decoder by the browser's.
 * @satisfies {import('esbuild').Plugin}
 */
const WITHOUT_JPEG = {
  name: 'without-jpeg',
  setup(build) {
    const absent = { path: `${root}/src/formats/jpeg/absent.ts` };
    build.onResolve({ filter: /^\.\/strips\.js$/ }, () => absent);
  },
};

/**
 * Writes the script of workers as one file that holds its packages. Bundlers find it by `new Worker(new URL('./…'))`, and cannot
 * split a worker in every format: one file leaves nothing to split.
 * @param {string} outdir
 * @param {boolean} [decodesJpeg] whether the JPEG decoder is inside
 */
async function bundleWorker(outdir, decodesJpeg = true) {
  const { build } = await import('esbuild'); // not at the top: this file is loaded before packages are installed
  const { outputFiles } = await build({
    ...BUNDLED,
    entryPoints: ['src/datasets/dataset-worker.ts'],
    outdir,
    plugins: decodesJpeg ? [] : [WITHOUT_JPEG],
    platform: 'browser',
    minify: true,
    write: false,
  });
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    // Workers import modules of users by their URLs. Comments tell bundlers so, and the minifier removed them.
    writeFileSync(path, text.replace(/\bimport\((\w+)\)/g, 'import(/* @vite-ignore *//* webpackIgnore: true */$1)'));
  }
}

/**
 * Removes the text of generated sources from a source map, which would hold the kernels a second time.
 * @param {string} text
 */
function slimMap(text) {
  const map = JSON.parse(text);
  map.sourcesContent = map.sourcesContent.map((/** @type {string} */ content, /** @type {number} */ i) =>
    map.sources[i].includes('/generated/') ? null : content,
  );
  return JSON.stringify(map);
}

/**
 * Writes the files for runtimes: few files for each entry, packages included, so that programs start fast and need no build.
 * Modules that are imported dynamically, such as the WebGL2 backend, are chunks of their own. All files lie in one folder, where
 * they find the script of workers. Nothing is minified, since Node prints the line that throws, and the source maps hold the
 * sources.
 * @param {string} outdir
 */
export async function bundle(outdir = 'dist') {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    ...BUNDLED,
    entryPoints: ENTRIES,
    outdir,
    splitting: true,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['module'],
    sourcemap: 'linked',
    write: false,
  });
  const names = namesInSources();
  mkdirSync(resolve(root, outdir), { recursive: true });
  for (const { path, text } of outputFiles) {
    writeFileSync(path, path.endsWith('.map') ? slimMap(text) : restoreNames(text, names));
  }
  await bundleWorker(outdir);
}

/**
 * Writes the subpaths for runtimes. Each exports the members of a namespace of the main entry. Subpaths that were bundled beside
 * the main entry would split it into dozens of files, and every start would wait for all of them.
 */
async function namespaces() {
  const whole = await import(pathToFileURL(`${root}/dist/index.js`).href);
  for (const [subpath, namespace] of Object.entries(NAMESPACES)) {
    const names = Object.keys(whole[namespace]);
    const [taken, given] = [names.map((name, i) => `${name}: _${i}`), names.map((name, i) => `_${i} as ${name}`)];
    writeFileSync(
      `${root}/dist/${subpath}.js`,
      `import { ${namespace} } from './index.js';\nconst { ${taken.join(', ')} } = ${namespace};\nexport { ${given.join(', ')} };\n`,
    );
  }
}

/** A module of constant enumerations. esbuild replaces their members by numbers if it bundles the module with its importers. */
const RECORDS = '/generated/records.js';

/**
 * Bundles {@link RECORDS} into the modules that import it, and leaves all other imports as they are.
 * @satisfies {import('esbuild').Plugin}
 */
const ONLY_RECORDS_INSIDE = {
  name: 'only-records-inside',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === 'entry-point' || path.endsWith(RECORDS) ? undefined : { path, external: true },
    );
  },
};

/**
 * Writes the files for bundlers: a module for each source. The modules import each other and the packages, and choose the kernels
 * of the platform for which they are bundled.
 */
export async function modules() {
  const { build } = await import('esbuild');
  const sources = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' });
  const files = sources.filter((name) => /(?<!\.d|\/records)\.ts$/.test(name)).map((name) => `src/${name}`);
  const usesRecords = (/** @type {string} */ file) => readFileSync(`${root}/${file}`, 'utf8').includes(RECORDS);
  const options = /** @type {const} */ ({ ...COMMON, outbase: 'src', outdir: MODULES, write: false });
  const results = await Promise.all([
    build({ ...options, entryPoints: files.filter((file) => !usesRecords(file)) }),
    build({ ...options, entryPoints: files.filter(usesRecords), bundle: true, plugins: [ONLY_RECORDS_INSIDE] }),
  ]);
  for (const { path, text } of results.flatMap(({ outputFiles }) => outputFiles)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, NAMELESS.test(path) ? text : sayNames(text));
  }
  await bundleWorker(`${MODULES}/datasets`, false); // for browsers; other runtimes find the script in dist/
  for (const name of sources.filter((name) => name.endsWith('.wasm'))) {
    copyFileSync(`${root}/src/${name}`, `${root}/${MODULES}/${name}`);
  }
  for (const { importer, specifier, name } of PLATFORM) {
    const file = `${root}/${MODULES}/${importer}`;
    const [before, after, ...more] = readFileSync(file, 'utf8').split(`"${specifier}"`);
    if (after === undefined || more.length > 0) throw new Error(`${importer} has to import ${specifier} once`);
    writeFileSync(file, `${before}"${name}"${after}`);
  }
}

/** Writes the entries for edge platforms. Each imports the kernels that its programs need, and then the module for bundlers. */
function edgeEntries() {
  const { exports } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  mkdirSync(`${root}/dist/edge`, { recursive: true });
  for (const [subpath, { workerd: entry, module }] of Object.entries(exports)) {
    if (!entry) continue;
    const kernels = subpath === './inference' ? '#inference-kernels' : '#all-kernels';
    const source = module.replace('./dist/', '../');
    writeFileSync(`${root}/${entry}`, `import '${kernels}';\nexport * from '${source}';\n`);
  }
}

/** Writes the licences of the bundled packages, which demand to be passed on. */
export function licenses() {
  const { packages } = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8'));
  const texts = Object.entries(packages)
    .filter(([path, { dev, optional }]) => path && !dev && !optional)
    .map(([path, { version }]) => {
      const directory = `${root}/${path}`;
      const file = readdirSync(directory).find((name) => /^licen[cs]e/i.test(name));
      if (!file) throw new Error(`${path} has no licence`);
      const title = `${path.replace(/.*node_modules\//, '')} ${version}`;
      return `${title}\n${'='.repeat(title.length)}\n\n${readFileSync(`${directory}/${file}`, 'utf8').trim()}\n`;
    });
  writeFileSync(`${root}/dist/THIRD-PARTY-LICENSES.txt`, texts.join('\n\n'));
}

/** Writes the declarations to dist/types. */
export function declarations() {
  run('tsc', ['-p', 'tsconfig.build.json']);
}

export async function buildPackage() {
  rmSync(`${root}/dist`, { recursive: true, force: true });
  buildKernels();
  await Promise.all([bundle(), modules()]);
  await namespaces();
  edgeEntries();
  licenses();
  declarations();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildPackage();

// @ts-check
/**
 * The lint rules for imports in src/. Layers are ordered from the bottom to the top: an import goes downwards or stays
 * in its layer, and imports form no cycle. Imports of types count too, because they are knowledge as well. Run by `npm
 * run lint`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseSync, Visitor } from 'vite';
import { checkCycles } from './lint/import-cycles.mjs';
import { KNOWN_CYCLES } from './lint/known-cycles.mjs';
import { root } from './stages.mjs';

/**
 * From the bottom to the top. Layers of one row are peers: of two peers at most one may import the other. A layer is
 * a folder of src/ or a file with that name.
 */
const LAYERS = [
  ['errors', 'copies', 'options', 'printing', 'platform', 'text-table'],
  ['backends'],
  ['ndarray'],
  ['graph', 'formats', 'initializers'],
  ['core'],
  ['serializers'],
  ['functions'],
  ['links'],
  ['compile', 'optimizers', 'optimizer-hooks', 'datasets', 'iterators'],
  ['training'],
  ['inference', 'index'],
];

/** Layers that an edge worker that only runs a model must not load. */
const AUTOGRAD = ['core', 'functions', 'links'];

/** The one file that may name Node's own modules, which it looks up at run time: all of src/ runs in browsers and edge workers as it is. */
const NODE_ONLY = 'src/platform/builtin.ts';

/** The packages that src/ may import: the dependencies of the package. */
const PACKAGES = Object.keys(JSON.parse(readFileSync(`${root}/package.json`, 'utf8')).dependencies);

/**
 * @typedef {{ specifier: string, line: number }} Import
 * @typedef {{ file: string, line: number, rule: string }} Violation
 */

/**
 * Every import of a module: static, dynamic, re-exported, and of types, also inside a type.
 * @param {string} file
 * @param {string} source
 * @returns {Import[]} in the order of the file
 */
export function importsOf(file, source) {
  const { module, program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  /** @type {{ start: number, end: number }[]} */
  const literals = [
    ...module.staticImports.map((statement) => statement.moduleRequest),
    ...module.staticExports.flatMap(({ entries }) => entries.flatMap((entry) => entry.moduleRequest ?? [])),
    // A computed import names no file to check.
    ...module.dynamicImports
      .map((expression) => expression.moduleRequest)
      .filter(({ start }) => /['"`]/.test(source[start])),
  ];
  new Visitor({ TSImportType: ({ source }) => void literals.push(source) }).visit(program);

  const starts = new Set(); // `export { a, b } from` is one import, listed once for each name
  return literals
    .filter(({ start }) => !starts.has(start) && starts.add(start))
    .sort((a, b) => a.start - b.start)
    .map(({ start, end }) => ({
      specifier: source.slice(start + 1, end - 1),
      line: source.slice(0, start).split('\n').length,
    }));
}

/** @param {string} path from the root, such as src/ndarray/shape.ts */
const layerOf = (path) => path.split('/')[1].replace(/\.ts$/, '');

/** @param {string} layer */
const heightOf = (layer) => LAYERS.findIndex((row) => row.includes(layer));

/**
 * The folder of the concrete backend that a file belongs to, if any.
 * @param {string} path
 */
const concreteBackendOf = (path) => path.match(/^src\/backends\/[^/]+\//)?.[0];

/**
 * The file that a relative import names.
 * @param {string} file
 * @param {string} specifier
 */
const targetOf = (file, specifier) => posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts');

/** @type {readonly ((file: string, specifier: string, target: string) => string | false | undefined)[]} */
const RULES_FOR_FILES = [
  (_file, specifier) => !/\.(js|wasm(\?module)?)$/.test(specifier) && 'a relative import ends in .js',
  (_file, _specifier, target) => heightOf(layerOf(target)) < 0 && `${layerOf(target)} has no place among the layers`,
  (file, _specifier, target) =>
    heightOf(layerOf(target)) > heightOf(layerOf(file)) &&
    `imports go downwards, and ${layerOf(target)} lies above ${layerOf(file)}`,
  (file, _specifier, target) => {
    const backend = concreteBackendOf(target);
    const mayName = layerOf(file) === 'ndarray' || concreteBackendOf(file) === backend;
    return backend && !mayName && `only ndarray may import a concrete backend (${backend})`;
  },
];

/**
 * @param {string} file
 * @param {Import} found
 * @returns {string[]} the rules that one import breaks
 */
function brokenRules(file, { specifier }) {
  if (specifier.startsWith('.')) {
    const target = targetOf(file, specifier);
    return RULES_FOR_FILES.flatMap((rule) => rule(file, specifier, target) || []);
  }
  if (specifier.startsWith('node:')) {
    return file === NODE_ONLY ? [] : [`${NODE_ONLY} alone names modules of Node; ask it for one`];
  }
  const isKnown = PACKAGES.some((name) => specifier === name || specifier.startsWith(`${name}/`));
  return isKnown ? [] : ['a package must be among the dependencies of package.json'];
}

/**
 * Imports between two layers of one row that import each other. The direction with fewer imports is at fault.
 * @param {ReadonlyMap<string, Import[]>} modules
 * @returns {Violation[]}
 */
function mutualPeers(modules) {
  /** @type {Map<string, Violation[]>} */
  const crossings = new Map();
  for (const [file, imports] of modules) {
    for (const { specifier, line } of imports) {
      if (!specifier.startsWith('.')) continue;
      const [from, to] = [layerOf(file), layerOf(targetOf(file, specifier))];
      if (from === to || heightOf(from) !== heightOf(to)) continue;
      const rule = `${from} and ${to} are peers that import each other; one direction has to go`;
      crossings.set(`${from} ${to}`, [...(crossings.get(`${from} ${to}`) ?? []), { file, line, rule }]);
    }
  }
  return [...crossings].flatMap(([key, found]) => {
    const back = crossings.get(key.split(' ').reverse().join(' '));
    return back && found.length <= back.length ? found : [];
  });
}

/**
 * Imports of autograd in what inference.ts reaches.
 * @param {ReadonlyMap<string, Import[]>} modules
 * @returns {Violation[]}
 */
function autogradInInference(modules) {
  const violations = [];
  const reached = new Set(['src/inference.ts']);
  for (const file of reached) {
    for (const { specifier, line } of modules.get(file) ?? []) {
      if (!specifier.startsWith('.')) continue;
      const target = targetOf(file, specifier);
      if (AUTOGRAD.includes(layerOf(target))) {
        violations.push({ file, line, rule: `inference.ts reaches this file, and must not reach ${target}` });
      } else reached.add(target); // a Set iterates over what is added to it on the way
    }
  }
  return violations;
}

/**
 * Cycles of imports.
 * @param {ReadonlyMap<string, Import[]>} modules
 * @param {readonly import('./lint/import-cycles.mjs').KnownCycle[]} known
 * @returns {Violation[]}
 */
function cycles(modules, known) {
  /** @param {string} file */
  const targetsOf = (file) =>
    (modules.get(file) ?? [])
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier }) => targetOf(file, specifier));
  const graph = new Map([...modules.keys()].map((file) => [file, targetsOf(file)]));
  return checkCycles(graph, known).map(({ module, rule }) => ({ file: module, line: 1, rule }));
}

/**
 * Checks sources by path from the root (`src/…`).
 * @param {Readonly<Record<string, string>>} sources
 * @param {readonly import('./lint/import-cycles.mjs').KnownCycle[]} [known]
 * @returns {Violation[]}
 */
export function checkImports(sources, known = []) {
  const modules = new Map(Object.entries(sources).map(([file, source]) => [file, importsOf(file, source)]));
  const single = [...modules].flatMap(([file, imports]) =>
    imports.flatMap((found) => brokenRules(file, found).map((rule) => ({ file, line: found.line, rule }))),
  );
  return [...single, ...mutualPeers(modules), ...autogradInInference(modules), ...cycles(modules, known)];
}

/** The TypeScript sources below src/, by path from the root. */
function readSources() {
  const files = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' })
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts') && !path.includes('/generated/'));
  return Object.fromEntries(files.map((file) => [file, readFileSync(`${root}/${file}`, 'utf8')]));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const violations = checkImports(readSources(), KNOWN_CYCLES);
  for (const { file, line, rule } of violations) console.error(`${file}:${line}: ${rule}`);
  if (violations.length > 0) process.exit(1);
}

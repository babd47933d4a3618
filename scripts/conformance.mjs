// @ts-check
/**
 * `npm run -s conformance -- DIR [--backend wasm|webgl] [--convolution ALGORITHM] [--group NAME]… [--json FILE]
 * [--verbose]`: runs the built package against a directory of reference data in the format of test/fixtures/chainer/README.md.
 * `--convolution` makes wasm use one algorithm for every convolution that it can compute (`im2col`, `product`, `depthwise`, `winograd2`,
 * `winograd4`, `winograd6`: see src/backends/wasm/conv/algorithms.ts). Prints one line for each group and a total to stdout. Exits with 0
 * only if every case passes and few are skipped. Lists skipped cases and their reasons on stderr, and with `--verbose` failures too.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { root } from './stages.mjs';

/** @typedef {import('../test/conformance/run.js').GroupResult} GroupResult */

const USAGE =
  'usage: conformance DIR [--backend wasm|webgl] [--convolution ALGORITHM] [--group NAME]... [--json FILE] [--verbose]';
/** The largest part of all cases that a device may skip. */
const MOST_SKIPPED = 0.03;
const OUT = `${root}/build/conformance`;

/** @returns {never} */
function refuse(/** @type {string} */ message) {
  console.error(`conformance: ${message}\n${USAGE}`);
  process.exit(2);
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        backend: { type: 'string', default: 'wasm' },
        convolution: { type: 'string' },
        group: { type: 'string', multiple: true },
        json: { type: 'string' },
        verbose: { type: 'boolean', default: false },
      },
    });
    if (positionals.length !== 1) refuse(`expected one directory, got ${positionals.length}`);
    const { backend, convolution } = values;
    if (backend !== 'wasm' && backend !== 'webgl') refuse(`--backend is wasm or webgl, not '${backend}'`);
    if (convolution && backend !== 'wasm') refuse(`--convolution is for wasm, not '${backend}'`);
    return { ...values, backend, directory: resolve(positionals[0]) };
  } catch (error) {
    return refuse(String(error));
  }
}

/**
 * The groups of a directory, in alphabetical order: its folders with a manifest.
 * @param {string} directory
 */
function groupsOf(directory) {
  try {
    const names = readdirSync(directory).sort();
    return names.filter((name) => existsSync(join(directory, name, 'manifest.json')));
  } catch (error) {
    return refuse(`cannot read ${directory}: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * Bundles the runner. In Node the built package stays an import, as in a user's program; for a page it is bundled too.
 * @param {'in-node' | 'in-page'} entry
 */
async function bundleRunner(entry) {
  const { build } = await import('esbuild');
  const inNode = entry === 'in-node';
  await build({
    absWorkingDir: root,
    entryPoints: [`test/conformance/${entry}.ts`],
    outdir: OUT,
    outExtension: inNode ? { '.js': '.mjs' } : {},
    bundle: true,
    splitting: !inNode,
    format: 'esm',
    platform: inNode ? 'node' : 'browser',
    target: 'es2022',
    ...(inNode ? { packages: 'external' } : { alias: { rensa: `${root}/dist/index.js` }, external: ['node:*'] }),
    logLevel: 'error',
  });
}

/** @param {string} directory @param {string[]} groups */
async function* runOnWasm(directory, groups) {
  await bundleRunner('in-node');
  const { runInNode } = await import(pathToFileURL(`${OUT}/in-node.mjs`).href);
  yield* runInNode(directory, groups, { convolution });
}

/** @param {string} directory @param {string[]} groups */
async function* runOnWebgl(directory, groups) {
  await bundleRunner('in-page');
  const { openPage } = await import('./page.mjs');
  const { page, close } = await openPage({ '/': OUT, '/fixtures/': directory }, '/in-page.js');
  try {
    for (const group of groups) {
      yield await page.evaluate((name) => window.runGroup(name), group);
    }
  } finally {
    await close();
  }
}

const { directory, backend, convolution, group: asked, json, verbose } = readArguments();
const present = groupsOf(directory);
const groups = asked ?? present;
for (const group of groups) if (!present.includes(group)) refuse(`${directory} has no group '${group}'`);
if (groups.length === 0) refuse(`${directory} has no groups`);

await ensureInstalled();
await ensureBuilt();

/** @type {GroupResult[]} */
const results = [];
const run = backend === 'wasm' ? runOnWasm : runOnWebgl;
try {
  for await (const result of run(directory, groups)) {
    results.push(result);
    const skipped = result.skipped ? ` (${result.skipped} skipped)` : '';
    console.log(`${result.group} ${result.passed}/${result.total}${skipped}`);
    for (const { name, status, reason } of result.cases) {
      if (status === 'skipped' || (verbose && reason)) console.error(`  ${status} ${name}: ${reason}`);
    }
  }
} catch (error) {
  console.error(`conformance: ${backend} cannot run: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
const sum = (/** @type {'passed' | 'total' | 'skipped'} */ key) => results.reduce((n, result) => n + result[key], 0);
const [passed, total, skipped] = [sum('passed'), sum('total'), sum('skipped')];
console.log(`total ${passed}/${total}${skipped ? ` (${skipped} skipped)` : ''}`);
if (json) {
  writeFileSync(json, `${JSON.stringify({ backend, passed, total, skipped, groups: results }, null, 1)}\n`);
}
// A run of single groups may skip any part of them.
const tooManySkipped = !asked && skipped > MOST_SKIPPED * (total + skipped);
if (tooManySkipped) console.error(`conformance: more than ${100 * MOST_SKIPPED} % of the cases are skipped`);
process.exitCode = passed === total && !tooManySkipped ? 0 : 1;

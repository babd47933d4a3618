// @ts-check
/** The servers of examples/edge-worker as processes, on Node, Deno or Bun. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { root } from '../../stages.mjs';

/** The folder into which `npm test -- --all` installs Deno and Bun. */
const BIN = `${root}/test/package/runtimes/node_modules/.bin`;

/** Deno or Bun of that folder, or of the PATH. @param {string} name */
const installed = (name) => (existsSync(`${BIN}/${name}`) ? `${BIN}/${name}` : name);

/** @type {Record<string, (preload: string | undefined) => [command: string, args: string[]]>} */
const COMMANDS = {
  node: (preload) => [
    process.execPath,
    [...(preload ? ['--expose-gc', '--import', preload] : []), 'examples/edge-worker/server-node.js'],
  ],
  deno: (preload) => [
    installed('deno'),
    [
      ...['run', '--allow-net', '--allow-read', '--allow-sys', '--no-lock', '--node-modules-dir=manual'],
      ...(preload ? ['--v8-flags=--expose-gc', '--preload', preload] : []),
      'examples/edge-worker/server-deno.js',
    ],
  ],
  bun: (preload) => [
    installed('bun'),
    [...(preload ? ['--preload', preload] : []), 'examples/edge-worker/server-bun.js'],
  ],
};

export const RUNTIMES = Object.keys(COMMANDS);

/**
 * A server that runs: its port, its process, and a promise of the exit code.
 * @typedef {{ port: number, process: import('node:child_process').ChildProcess, exit: Promise<number | null> }} RunningServer
 */

/**
 * Starts a server on a free port. `npm run build` has made the package that it imports.
 *
 * @param {string} runtime one of RUNTIMES
 * @param {{ patience?: number, preload?: string, onLine?: (line: string) => void }} [options] `patience`: milliseconds that slow clients
 *   get; `preload`: a module that is loaded before the server; `onLine`: called with each line that it prints after its address
 * @returns {Promise<RunningServer>}
 */
export async function startServer(runtime, { patience = 10_000, preload, onLine = () => {} } = {}) {
  if (!Object.hasOwn(COMMANDS, runtime)) throw new Error(`runtime '${runtime}', expected ${RUNTIMES.join(', ')}`);
  const [command, args] = COMMANDS[runtime](preload);
  const child = spawn(command, [...args, '0', '--patience', `${patience}`], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DENO_NO_UPDATE_CHECK: '1' },
  });
  const exit = once(child, 'exit').then(([code]) => code);
  const port = await new Promise((resolve, reject) => {
    exit.then((code) => reject(new Error(`${command} ${args.join(' ')} ended with ${code}`)), reject);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = line.match(/^http:\/\/127\.0\.0\.1:(\d+)\/$/);
      if (address) resolve(Number(address[1]));
      else onLine(line);
    });
  });
  return { port, process: child, exit };
}

// @ts-check
/**
 * Runs the stages of a task one after another: prints the name and the time of each stage, and ends the process at the first failure.
 * Imports only Node's own modules, because it runs before anything is installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The root of the checkout, without a trailing slash. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** A command that ended with an error. Its own output says why. */
export class CommandFailed extends Error {
  /**
   * @param {string} command
   * @param {number} status
   */
  constructor(command, status) {
    super(`${command} exited with ${status}`);
    this.status = status;
  }
}

/** @param {NodeJS.ProcessEnv} env variables to add */
function inRoot(env) {
  const separator = process.platform === 'win32' ? ';' : ':';
  const PATH = `${root}/node_modules/.bin${separator}${process.env.PATH ?? ''}`;
  return {
    cwd: root,
    env: { ...process.env, PATH, ...env },
    shell: process.platform === 'win32', // npm and the scripts in .bin are .cmd files there
  };
}

/**
 * Runs a command in the root of the checkout with inherited output.
 * @param {string} command a program, or a script of node_modules/.bin
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env] variables to add
 * @throws {CommandFailed}
 */
export function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, { ...inRoot(env), stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) throw new CommandFailed(command, status ?? 1);
}

/**
 * Runs a command beside others: like {@link run}, but prints the output when the command ends, so that outputs do not mix.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<void>}
 */
export function runBeside(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...inRoot({}), stdio: ['ignore', 'pipe', 'pipe'] });
    /** @type {Buffer[]} */
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => void output.push(bytes));
    child.on('error', reject);
    child.on('close', (status) => {
      process.stdout.write(Buffer.concat(output));
      if (status === 0) resolve();
      else reject(new CommandFailed(command, status ?? 1));
    });
  });
}

/**
 * Waits until all have ended, then throws the first failure.
 * @param {readonly Promise<unknown>[]} tasks
 */
export async function allOf(tasks) {
  for (const result of await Promise.allSettled(tasks)) if (result.status === 'rejected') throw result.reason;
}

/**
 * Runs the stages in order and prints the time of each. The first that throws ends the process.
 * @param {Readonly<Record<string, () => unknown>>} stages
 */
export async function runStages(stages) {
  for (const [name, stage] of Object.entries(stages)) {
    const start = performance.now();
    const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
    console.log(`\n— ${name}`);
    try {
      await stage();
    } catch (error) {
      console.error(error instanceof CommandFailed ? error.message : error);
      console.error(`✗ ${name} failed after ${seconds()}`);
      process.exit(error instanceof CommandFailed ? error.status : 1);
    }
    console.log(`✓ ${name} (${seconds()})`);
  }
}

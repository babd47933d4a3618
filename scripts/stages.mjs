// @ts-check
/**
 * Runs the stages of a task one after another: names each, times it, and ends the process at the first that fails.
 * Knows nothing of what the stages do. Only Node's own modules: it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The root of the checkout, without a trailing slash. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** A command that ran and did not succeed; its own output has already said why. */
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

/**
 * Runs a command in the root of the checkout with inherited output.
 * @param {string} command a program, or a script of node_modules/.bin
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env] variables to add
 */
export function run(command, args, env = {}) {
  const separator = process.platform === 'win32' ? ';' : ':';
  const PATH = `${root}/node_modules/.bin${separator}${process.env.PATH ?? ''}`;
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH, ...env },
    shell: process.platform === 'win32', // npm and the scripts in .bin are .cmd files there
  });
  if (error) throw error;
  if (status !== 0) throw new CommandFailed(command, status ?? 1);
}

/**
 * Runs the stages in order, awaiting each, and prints how long each took. The first that throws ends the process.
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

// @ts-check
/**
 * `npm run soak -- <name> [options]`: runs one of the long programs of scripts/soak/, which repeat a promise until it breaks, print
 * what they measured and end with exit code 1 if a promise is broken. `npm run soak -- <name> --help` lists the options of one.
 *
 * Each program is a module `scripts/soak/<name>.mjs`, found by its file. It exports `usage` (text, whose first line says what the
 * program holds) and `soak(args)`, an async function that resolves to whether every promise held. It may take for granted that the
 * package is built.
 */
import { readdirSync } from 'node:fs';
import { ensureBuilt } from './ensure-built.mjs';
import { CommandFailed, root } from './stages.mjs';

/**
 * A program of scripts/soak/.
 * @typedef {{ usage: string, soak(args: readonly string[]): Promise<boolean> }} Soak
 */

const names = readdirSync(`${root}/scripts/soak`)
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.slice(0, -'.mjs'.length));

/** @param {string} name @returns {Promise<Soak>} */
const load = (name) => import(`./soak/${name}.mjs`);

/** The programs, each with the first line of its usage. */
async function overview() {
  const lines = await Promise.all(
    names.map(async (name) => `  ${name.padEnd(8)}${(await load(name)).usage.split('\n')[0]}`),
  );
  return [
    'npm run soak -- <name> [options]',
    '',
    ...lines,
    '',
    'npm run soak -- <name> --help lists the options of one.',
  ].join('\n');
}

/** Runs what the arguments name. Resolves to the exit code. @param {readonly string[]} argv */
async function main([name, ...args]) {
  if (name === undefined || name === '--help' || name === '-h') {
    console.log(await overview());
    return name === undefined ? 1 : 0;
  }
  if (!names.includes(name)) {
    console.error(`soak: there is no '${name}', expected one of ${names.join(', ')}`);
    return 1;
  }
  const { usage, soak } = await load(name);
  if (args.includes('--help') || args.includes('-h')) {
    console.log(usage);
    return 0;
  }
  await ensureBuilt();
  return (await soak(args)) ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // A wrong option is the caller's: one line is enough. Anything else is a fault here, and its stack says where.
  const wrongOption = error instanceof TypeError && 'code' in error && `${error.code}`.startsWith('ERR_PARSE_ARGS');
  console.error(wrongOption ? `soak: ${error.message}` : error);
  process.exitCode = error instanceof CommandFailed ? error.status : 1;
}

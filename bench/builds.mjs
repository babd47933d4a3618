/**
 * The two builds of a comparison. The suite imports the library as `#rensa`. By the `imports` of package.json that is
 * this checkout's build, and the other checkout's where the condition `against` is set, in a process (`--conditions`)
 * or in a bundle.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @typedef {'this' | 'against'} Build */

/** @type {readonly Build[]} */
export const BUILDS = ['this', 'against'];

/** Node's options for a build. @param {Build} build */
export const nodeOptions = (build) => (build === 'against' ? ['--conditions=against'] : []);

/** The build that this process imports. @returns {Build} */
export const ownBuild = () => (process.execArgv.includes('--conditions=against') ? 'against' : 'this');

/**
 * Makes a checkout the other build.
 * @param {string} checkout its folder
 * @throws Error if it is not built.
 */
export function chooseAgainst(checkout) {
  if (!existsSync(`${checkout}/dist/index.js`)) {
    throw new Error(
      `${checkout} has no dist/index.js: it must be a checkout of Rensa in which \`npm run build\` has run`,
    );
  }
  const link = new URL('./node_modules/rensa-against', import.meta.url);
  rmSync(link, { force: true });
  symlinkSync(realpathSync(checkout), link, 'junction');
}

/** The commit of a checkout, and whether files were changed since. @param {string} checkout */
export function commitOf(checkout) {
  try {
    const options = { cwd: checkout, encoding: /** @type {const} */ ('utf8'), stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync('git', ['describe', '--always', '--dirty'], options).trim();
  } catch {
    return 'no commit';
  }
}

export const THIS_CHECKOUT = fileURLToPath(new URL('..', import.meta.url));

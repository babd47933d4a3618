// @ts-check
/**
 * The parts of the tests. `npm test` runs the first part, `.ci/run` all of them. scripts/test.mjs runs a part;
 * vitest.config.ts finds in {@link filesOf} which files belong to the part that the environment variable RENSA_PART names.
 */
import { availableParallelism } from 'node:os';

/** Tests that are slow and rarely fail: matrices of limits and of losses, long trainings, whole pages and servers. */
const LONG = [
  'test/backends/wasm/thread-ends.test.ts',
  'test/examples/browser-page.test.ts',
  'test/examples/edge-worker/servers.test.ts',
  'test/formats/hostile-files.test.ts',
  'test/fuzz/watched.test.ts',
  'test/iterators/lost-workers.test.ts',
  'test/package/content-security-policy.test.ts',
  'test/serializers/download/callers.test.ts',
  'test/tooling/losses.test.ts',
  'test/tooling/soak.test.ts',
  'test/training/mnist.browser.test.ts',
  'test/training/updaters/lost-replicas.test.ts',
];

/** Tests that need the packages of {@link FOLDERS_APART}: other runtimes, bundlers, and the generator of the API reference. */
const ON_OTHER_PACKAGES = [
  'test/docs/reference.test.ts',
  'test/package/edge-worker-runtimes.test.ts',
  'test/package/runtimes.test.ts',
];

/** Folders with a package.json of their own, which `.ci/run` installs. */
export const FOLDERS_APART = ['test/package/runtimes', 'docs/reference'];

/** A part without browser tests keeps every core busy with tests in Node. */
const NODE_ALONE = ['--project', 'node', `--maxWorkers=${availableParallelism()}`];

/**
 * `minutes`: the budget on two idle cores. `args` and `env`: arguments and environment variables for vitest.
 * @typedef {{ minutes: number, args: readonly string[], env: Readonly<Record<string, string>> }} Part
 * @type {Readonly<Record<string, Part>>}
 */
export const PARTS = {
  tests: { minutes: 8, args: [], env: {} },
  'long tests': { minutes: 5, args: [], env: { RENSA_RUNTIMES: '1' } }, // servers run on the other runtimes too
  'other runtimes': { minutes: 1, args: NODE_ALONE, env: {} },
  // The tests that call primitives most, with each call held against its operands: 'Checked mode' in docs/design.md.
  'checked mode': {
    minutes: 2,
    args: [...NODE_ALONE, 'test/ndarray', 'test/backends', 'test/optimizers', 'test/links'],
    env: { RENSA_CHECKED: '1' },
  },
};

/** The file in which a part leaves its results. @param {string} folder @param {string} part */
export const reportOf = (folder, part) => `${folder}/${part.replaceAll(' ', '-')}.json`;

/**
 * The files of a part: those that `include` names, or all that `exclude` does not name. Without a part these are all tests
 * that need no other packages, so that `npx vitest run FILE` finds each of them.
 * @param {string | undefined} part
 * @returns {{ include?: string[], exclude: string[] }}
 */
export function filesOf(part) {
  if (part === 'tests') return { exclude: [...LONG, ...ON_OTHER_PACKAGES] };
  if (part === 'long tests') return { include: LONG, exclude: [] };
  if (part === 'other runtimes') return { include: ON_OTHER_PACKAGES, exclude: [] };
  return { exclude: ON_OTHER_PACKAGES };
}

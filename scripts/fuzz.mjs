// @ts-check
/**
 * `npm run fuzz -- [--target NAME]… [--format NAME]… [--seed S] [--count N | --minutes M] [--case N[-M]] [--path P] [--coverage]`
 *
 * Looks for inputs that crash, hang, take memory, break arrays, leave memory behind, or give errors that nobody meant: see "Fuzzing" in
 * docs/reliability.md. Targets are `files` (damaged files of all formats; `--format` names one of them), and what test/fuzz/targets.ts
 * names; default all. Each runs N cases (default 10,000), or all of them share M minutes. `--case` runs one case of a seed again, or
 * those from N to M in one process; `--path` is the smaller case that a report names. `--coverage` says which lines of src/formats and
 * src/graph/onnx were reached.
 */
import { parseArgs } from 'node:util';
import { ensureBuilt } from './ensure-built.mjs';
import { beginCoverage, RAW, reportCoverage } from './fuzz/coverage.mjs';
import { makeModules } from './fuzz/modules.mjs';
import { search } from './fuzz/search.mjs';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    minutes: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
    target: { type: 'string', multiple: true, default: [] },
    format: { type: 'string', multiple: true, default: [] },
    case: { type: 'string' },
    path: { type: 'string' },
    coverage: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);

await ensureBuilt(); // the kernels, and what the server imports
const { TARGETS, FORMAT_NAMES, caseSeed } = await makeModules();

/** The share of the time that a target gets. Formats are many and small, so each gets less. */
const shareOf = (/** @type {string} */ name) => (FORMAT_NAMES.includes(name) ? 1 : 4);

function namesAsked() {
  const asked = [...values.format, ...values.target.flatMap((name) => (name === 'files' ? FORMAT_NAMES : [name]))];
  const unknown = asked.find((name) => !TARGETS.has(name));
  if (unknown === undefined) return asked.length > 0 ? asked : [...TARGETS.keys()];
  console.error(
    `fuzz: there is no target '${unknown}': there are files (${FORMAT_NAMES.join(', ')}), ${[...TARGETS.keys()].filter((name) => !FORMAT_NAMES.includes(name)).join(', ')}`,
  );
  return process.exit(2);
}

/** @returns {{ from: number, to: number }} */
function rangeAsked() {
  if (values.case === undefined)
    return { from: 0, to: values.minutes ? Number.MAX_SAFE_INTEGER : Number(values.count) };
  const [from, last = from] = values.case.split('-').map(Number);
  return { from, to: last + 1 };
}

/** Lines of a stack that a report shows. */
const STACK_LINES = 7;

/** @param {string} name @param {import('./fuzz/search.mjs').Finding} finding */
function report(name, { n, first, path, fault, message, text }) {
  const cases = first === n ? `${n}` : `${first}-${n}`;
  const words = (message.startsWith(fault) ? message : `${fault}: ${message}`)
    .split('\n')
    .slice(0, STACK_LINES)
    .join('\n');
  const again = `npm run fuzz -- --target '${name}' --seed ${seed} --case ${cases}${path ? ` --path ${path}` : ''}`;
  console.error(`\n✗ ${name}: ${words}\n    ${text}\n    ${again}\n`);
}

const names = namesAsked();
if (values.coverage) {
  beginCoverage();
  process.env.NODE_V8_COVERAGE = RAW; // for the children
}
const shares = names.map(shareOf).reduce((a, b) => a + b, 0);
let findings = 0;
for (const name of names) {
  const target = TARGETS.get(name);
  if (!target) continue;
  const ms = values.minutes ? (Number(values.minutes) * 60_000 * shareOf(name)) / shares : Number.POSITIVE_INFINITY;
  const total = await search(
    { name, target, seed, seedOf: caseSeed },
    { ...rangeAsked(), until: Date.now() + ms, path: values.path, shrinkMs: values.coverage ? 0 : undefined },
    (finding) => report(name, finding),
  );
  findings += total.findings;
  const unsure = total.unconfirmed > 0 ? `, ${total.unconfirmed} slow or large once and not again` : '';
  console.log(
    `${name}: ${total.cases} cases (seed ${seed}), ${total.accepted} accepted, the slowest ${total.slowest.toFixed(0)} ms, ` +
      `${total.findings} findings${unsure}, ${total.seconds.toFixed(1)} s`,
  );
}
const isEnough = !values.coverage || reportCoverage();
process.exitCode = findings > 0 || !isEnough ? 1 : 0;

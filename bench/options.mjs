/** The options of `npm run bench -- …`. */
import { parseArgs } from 'node:util';

const PAIRS = 3;

/**
 * @typedef {{ names: string[], on: string[] | null, reportOnly: boolean, against: string | null, pairs: number }} Options `pairs`:
 *   how many times each build is started in a comparison
 */

/**
 * @param {string[]} args
 * @param {{ entries: string[], runtimes: string[] }} known
 * @returns {Options}
 * @throws Error that lists what there is, if something is unknown.
 */
export function parseOptions(args, known) {
  const { values, positionals: names } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      on: { type: 'string' },
      report: { type: 'boolean', default: false },
      against: { type: 'string' },
      pairs: { type: 'string', default: String(PAIRS) },
    },
  });
  const on = values.on?.split(',') ?? null;
  refuse('entry', names, known.entries);
  refuse('runtime', on ?? [], known.runtimes);
  const pairs = Number(values.pairs);
  if (!(Number.isInteger(pairs) && pairs > 0))
    throw new Error(`--pairs ${values.pairs}: expected a whole number from 1`);
  return { names, on, reportOnly: values.report, against: values.against ?? null, pairs };
}

function refuse(kind, names, known) {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no ${kind} ${unknown.join(', ')}; there are ${known.join(', ')}`);
}

/** The page of the suite: it runs one entry of those that browsers can, and gives its results. */
import { ENTRIES } from '../entries/index.mjs';
import { runEntry } from '../run-cases.mjs';

window.runEntry = async (name) => {
  const results = [];
  const machine = await runEntry(await ENTRIES[name].load(), (result) => results.push(result));
  return { results, machine };
};

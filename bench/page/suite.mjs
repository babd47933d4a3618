/** The page of the suite: it runs one entry of those that browsers can, and gives its results. */
import { ANYWHERE } from '../entries/anywhere.mjs';
import { runEntry } from '../run-cases.mjs';

window.runEntry = async (name) => {
  const results = [];
  const machine = await runEntry(await ANYWHERE[name].load(), (result) => results.push(result));
  return { results, machine };
};

/**
 * The page of the suite. It runs an entry that browsers can run and gives its results, or takes one build's side of a
 * comparison.
 */
import { ANYWHERE } from '../entries/anywhere.mjs';
import { runEntry } from '../run-cases.mjs';
import { Turns } from '../turns.mjs';

window.runEntry = async (name) => {
  const results = [];
  const machine = await runEntry(await ANYWHERE[name].load(), (result) => results.push(result));
  return { results, machine };
};

window.openTurns = async (name) => {
  window.turns = new Turns(await ANYWHERE[name].load());
};

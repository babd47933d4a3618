/** Runs the cases of an entry, and measures the machine before and after them. */
import { measureCase } from './measure.mjs';
import { betterPeak, machinePeak } from './peak.mjs';

/** Tells `report` each result, and gives what the machine could do meanwhile. */
export async function runEntry({ cases, measured }, report) {
  const before = machinePeak();
  if (measured) for await (const result of measured()) await report(result);
  if (cases) for await (const what of cases()) await report(await measureCase(what));
  return betterPeak(before, machinePeak());
}

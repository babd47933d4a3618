/** Runs the cases of an entry, and measures the machine before and after them. */
import { measureCase } from './measure.mjs';
import { betterPeak, machinePeak } from './peak.mjs';

/** Passes each result to `report`, and gives the machine's peak, measured before and after. */
export async function runEntry({ cases, measured }, report) {
  const before = machinePeak();
  if (measured) for await (const result of measured()) await report(result);
  if (cases) for await (const what of cases()) await report(await measureCase(what));
  return betterPeak(before, machinePeak());
}

/**
 * `node process.mjs PROGRAM MODEL`, also on other runtimes: prints the answer of one of the programs beside this file,
 * and its time.
 */
import { readFileSync } from 'node:fs';

const [program, file] = process.argv.slice(2);
const model = readFileSync(file);
const before = performance.now();
const { answer } = await import(`./${program}.mjs`);
const answered = [...(await answer(model))];
console.log(JSON.stringify({ took: performance.now() - before, answer: answered }));
process.exit(0); // the peers' workers would keep it

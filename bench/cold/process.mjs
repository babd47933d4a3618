/** `node process.mjs PROGRAM MODEL`, or on another runtime: prints what one of the programs beside this answers. */
import { readFileSync } from 'node:fs';

const [program, model] = process.argv.slice(2);
const { answer } = await import(`./${program}.mjs`);
console.log(JSON.stringify([...(await answer(readFileSync(model)))]));
process.exit(0); // the peers' workers would keep it

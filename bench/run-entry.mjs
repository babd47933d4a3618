/** `node bench/run-entry.mjs NAME`, started by run.mjs: one entry in a process of its own, its results as messages. */
import { ENTRIES } from './entries/index.mjs';
import { runEntry } from './run-cases.mjs';

// Without the one that asked nobody reads the results.
process.on('disconnect', () => process.exit(1));

const send = (message) => new Promise((resolve) => process.send(message, resolve));
const { load } = ENTRIES[process.argv[2]];
const machine = await runEntry(await load(), (result) => send({ result }));
await send({ machine });
process.exit(0);

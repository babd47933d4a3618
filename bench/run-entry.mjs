/**
 * `node bench/run-entry.mjs NAME [turns]`, started by runtimes.mjs: runs one entry in a process of its own and sends
 * its results as messages. With `turns` it takes one build's side of a comparison and follows messages.
 */
import { ENTRIES } from './entries/index.mjs';
import { runEntry } from './run-cases.mjs';
import { Turns } from './turns.mjs';

// Without the parent process nobody reads the results.
process.on('disconnect', () => process.exit(1));

const [name, mode] = process.argv.slice(2);
const send = (message) => new Promise((resolve) => process.send(message, resolve));
const entry = await ENTRIES[name].load();

if (mode === 'turns') {
  const turns = new Turns(entry);
  process.on('message', async ({ method, args }) => {
    try {
      await send({ value: await turns[method](...args) });
    } catch (error) {
      await send({ error: error.stack });
    }
  });
} else {
  const machine = await runEntry(entry, (result) => send({ result }));
  await send({ machine });
  process.exit(0);
}

/** The options of the servers, and their end: the same on Node, Deno and Bun. */
import process from 'node:process';
import { parseArgs } from 'node:util';

/**
 * The port (the first argument, 8787 if there is none; 0 is any that is free) and `--patience`: how many milliseconds a client may
 * take to send its headers, to send its body, and to receive its answer.
 */
export function serverOptions() {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(2),
    options: { patience: { type: 'string', default: '10000' } },
    allowPositionals: true,
  });
  return { port: Number(positionals[0] ?? 8787), patience: Number(values.patience) };
}

/**
 * At SIGTERM or SIGINT: calls `stop`, which lets requests under way finish, waits for it as long as `patience` milliseconds, and ends the
 * process with exit code 0. A second signal ends it at once.
 */
export function stopOnSignals(stop, patience) {
  let isStopping = false;
  const end = async () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    setTimeout(() => process.exit(0), patience);
    await stop();
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

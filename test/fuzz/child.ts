/**
 * The process in which cases run. It writes the number of the current case to a file, because a process that hangs or
 * crashes reports nothing else, and sends its findings to its parent: see `scripts/fuzz/child-process.mjs`.
 */
import { openSync, writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isMeant, VIOLATION } from '../support/engine-words.js';
import { PLANTED } from './planted.js';
import { Finding, type Outcome, type Target } from './target.js';
import { TARGETS } from './targets.js';
import { Watch } from './watch.js';

/** The parent's order: cases from a number upwards, or one value of its own. */
export interface Order {
  readonly target: string;
  readonly seed: number;
  readonly from: number;
  /** One past the last case. */
  readonly to: number;
  /** Leads to a smaller case of number `from`. */
  readonly path?: string;
  /** The case itself, instead of those of the seed. */
  readonly value?: unknown;
  /** The latest end, in milliseconds since 1970. */
  readonly until: number;
}

/** The child's messages: it waits for an order, it has found something, or it is done. */
export type Report =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'finding';
      readonly n: number;
      readonly fault: string;
      readonly message: string;
      readonly goesOn: boolean;
    }
  | { readonly kind: 'done'; readonly next: number; readonly slowest: number };

let current = -1;
const progress = openSync(process.env.FUZZ_PROGRESS ?? '/dev/null', 'r+');

/** The number of the current case, -1 between cases, and the count of accepted cases, for the parent. */
function mark(n: number, accepted: number): void {
  current = n;
  writeSync(progress, `${n} ${accepted}`.padEnd(32), 0);
}

function tell(report: Report): void {
  if (!process.connected) process.exit(0); // nobody listens any more
  process.send?.(report);
}

/** The kind and message of an error for the report. */
function worded(error: unknown): { fault: string; message: string } {
  if (error instanceof Finding) return { fault: error.fault, message: error.message };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (VIOLATION.test(message)) return { fault: 'checked mode', message };
  return { fault: isMeant(error) ? 'refused where it must not be' : 'untyped error', message };
}

/**
 * Runs one case under watch. @returns its outcome, or null after a finding that ends this process.
 * @returns what came of it, or null where there was a finding that ends this process.
 */
async function runCase(target: Target, n: number, value: unknown, watch: Watch): Promise<Outcome | null> {
  try {
    return await watch.around(target, value);
  } catch (error) {
    // After an untyped error the process goes on if the canaries are intact.
    const goesOn = !(error instanceof Finding);
    tell({ kind: 'finding', n, ...worded(error), goesOn });
    return goesOn ? { accepted: false, bytes: 0 } : null;
  }
}

async function obey({ target: name, seed, from, to, path, value, until }: Order): Promise<void> {
  const target = TARGETS.get(name) ?? PLANTED.get(name);
  if (!target) throw new Error(`there is no target '${name}'`);
  await target.prepare?.();
  const watch = new Watch();
  let [n, accepted, slowest] = [from, 0, 0];
  for (; n < to && Date.now() < until && !watch.isTired; n++) {
    const made = value === undefined ? target.make(seed, n, path) : value;
    mark(n, accepted);
    const start = performance.now();
    const outcome = await runCase(target, n, made, watch);
    slowest = Math.max(slowest, performance.now() - start);
    if (outcome?.accepted) accepted++;
    mark(-1, accepted);
    if (!outcome) process.exit(0);
    await nextTurn(); // finalizers and stray rejections
  }
  await target.finish?.();
  tell({ kind: 'done', next: n, slowest });
}

for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (error: unknown) => tell({ kind: 'finding', n: current, ...worded(error), goesOn: true }));
// Layers that are skipped, and operators that are slow, are not findings.
console.warn = () => {};
process.on('disconnect', () => process.exit(0));
process.on('message', (order: Order) => {
  obey(order).catch((error: unknown) => {
    console.error(error); // the fuzzer's own fault: the parent shows it as a crash
    process.exit(1);
  });
});
tell({ kind: 'ready' });

// @ts-check
/**
 * The parent's view of a child process that runs cases: starts it, gives it orders, and ends it when a case takes too
 * long or too much memory. The child reports its own findings; the parent sees hangs, crashes and memory.
 */
import { fork } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHILD } from './modules.mjs';

/** @typedef {import('../../test/fuzz/child.js').Order} Order */
/** @typedef {import('../../test/fuzz/child.js').Report} Report */
/** @typedef {{ n: number, fault: string, message: string }} Found */
/** @typedef {{ found: Found[], next: number, accepted: number, slowest: number }} Result */

/** A case hangs if it takes more than this much processor time, or waits longer than this. */
const HANG_MS = 2000;
const WAIT_MS = 15_000;
/** The limit of a process's memory, which protects the machine. */
const MOST_BYTES = 3 * 2 ** 30;
const POLL_MS = 200;
/** The time that a process gets to write its coverage, once it is told to end. */
const LEAVES_MS = 20_000;

/** Clock ticks of Linux, in milliseconds. */
const TICK_MS = 10;

/**
 * Milliseconds of processor time that a process has used, and its bytes; null where the system does not say.
 * @param {number} pid
 */
function usageOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { ms: (Number(fields[11]) + Number(fields[12])) * TICK_MS, bytes: Number(fields[21]) * 4096 };
  } catch {
    return null;
  }
}

/** The last lines that a process printed, for the report of a crash. */
const MOST_WORDS = 2000;

export class Child {
  #process;
  #folder = mkdtempSync(join(tmpdir(), 'rensa-fuzz-'));
  #progress;
  #words = '';
  #isReady = false;
  /** @type {(report: Report) => void} */
  #listen = () => {};
  #exited = (/** @type {string} */ _how) => {};

  /** @param {NodeJS.ProcessEnv} env variables to add */
  constructor(env = {}) {
    const file = join(this.#folder, 'progress');
    writeFileSync(file, '-1 0'.padEnd(32));
    this.#progress = openSync(file, 'r');
    this.#process = fork(CHILD, {
      execArgv: ['--enable-source-maps', '--max-old-space-size=2048'],
      env: { ...process.env, RENSA_CHECKED: '1', ...env, FUZZ_PROGRESS: file },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process.stderr?.on('data', (/** @type {Buffer} */ data) => {
      this.#words = (this.#words + data).slice(-MOST_WORDS);
    });
    this.#process.on('message', (report) => this.#listen(/** @type {Report} */ (report)));
    this.#process.once('exit', (code, signal) => this.#exited(signal ?? `code ${code}`));
  }

  /** The number of the current case, -1 between cases, and the count of accepted cases. */
  #state() {
    const bytes = Buffer.alloc(32);
    readSync(this.#progress, bytes, 0, 32, 0);
    const [n, accepted] = bytes.toString().trim().split(' ').map(Number);
    return { n, accepted };
  }

  /**
   * Gives an order and waits until it is done or the child has ended. After an order without findings another may
   * follow.
   * @param {Order} order
   * @returns {Promise<Result>}
   */
  obey(order) {
    return new Promise((resolve) => {
      /** @type {Result} */
      const result = { found: [], next: order.from, accepted: 0, slowest: 0 };
      /** @type {NodeJS.Timeout | undefined} */
      let poll;
      let [seen, since, ms, isOver] = [-1, Date.now(), 0, false];
      const end = () => {
        clearInterval(poll);
        isOver = true;
        result.accepted = this.#state().accepted;
        resolve(result);
      };
      /** @param {string} fault @param {string} message */
      const blame = (fault, message) => {
        const { n } = this.#state();
        result.found.push({ n, fault, message });
        result.next = Math.max(n, order.from) + 1;
      };
      this.#listen = (report) => {
        if (isOver) return;
        if (report.kind === 'ready') {
          this.#isReady = true;
          this.#process.send(order);
        } else if (report.kind === 'finding') {
          result.found.push(report);
          result.next = report.n + 1;
        } else {
          Object.assign(result, report);
          end();
        }
      };
      this.#exited = (how) => {
        if (isOver) return;
        const byFinding = how === 'code 0' && result.found.length > 0;
        if (!byFinding)
          blame(
            'crash',
            `the process ended with ${how}
${this.#words}`,
          );
        end();
      };
      if (this.#isReady) this.#process.send(order);
      poll = setInterval(() => {
        const now = this.#state().n;
        const usage = usageOf(this.#process.pid ?? 0);
        if (now !== seen) [seen, since, ms] = [now, Date.now(), usage?.ms ?? 0];
        if (now < 0) return;
        const waited = Date.now() - since;
        const worked = usage ? usage.ms - ms : waited;
        const hangs = (waited > HANG_MS && worked > HANG_MS) || waited > WAIT_MS;
        const bursts = (usage?.bytes ?? 0) > MOST_BYTES;
        if (!hangs && !bursts) return;
        if (hangs)
          blame(
            'hang',
            `no result after ${(waited / 1000).toFixed(1)} s (${(worked / 1000).toFixed(1)} s of the processor's)`,
          );
        else blame('memory', `the process has ${((usage?.bytes ?? 0) / 2 ** 20).toFixed(0)} MiB`);
        this.#process.kill('SIGKILL');
        end();
      }, POLL_MS);
    });
  }

  /** Lets the process end by itself, so that it writes its coverage. */
  async end() {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = new Promise((resolve) => this.#process.once('exit', resolve));
      if (this.#process.connected) this.#process.disconnect();
      const late = setTimeout(() => this.#process.kill('SIGKILL'), LEAVES_MS);
      await ended;
      clearTimeout(late);
    }
    closeSync(this.#progress);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

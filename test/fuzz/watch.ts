/** Watches each case of a process: canaries, memory of the process, and memory of arrays. */
import { memory } from '../../src/ndarray/memory.js';
import { Canaries } from './canaries.js';
import { Finding, type Outcome, type Target } from './target.js';

/** Bytes that a case may take, whatever the size of its file, and how many times its file. */
const MOST_BYTES = 50 * 2 ** 20;
const MOST_TIMES = 20;

/** A process that has grown by this much makes room for a fresh one. */
const TIRED_BYTES = 250 * 2 ** 20;

/** The number of repetitions that tells a leak from memory that is allocated once. */
const REPEATS = 3;

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

/** The bytes of the process, their peak, and the live arrays and blocks of the heap. */
interface Level {
  readonly rss: number;
  readonly peak: number;
  readonly arrays: number;
  readonly blocks: number;
}

function level(): Level {
  const { arrays, devices } = memory();
  const { rss } = process.memoryUsage();
  const peak = process.resourceUsage().maxRSS * 1024;
  return { rss, peak, arrays, blocks: devices.wasm?.blocks ?? 0 };
}

/** Verifies the bytes around all blocks of the heap; there only in checked mode. See `src/ndarray/checked-mode.ts`. */
function verifyHeap(): void {
  const checked: unknown = Reflect.get(globalThis, Symbol.for('rensa.checked'));
  if (!checked) return;
  try {
    (checked as { verify(): void }).verify();
  } catch (error) {
    throw new Finding('damaged heap', String(error), { cause: error });
  }
}

export class Watch {
  readonly #canaries = new Canaries();
  readonly #begin: number;
  #last: Level;
  readonly #looksAtMemory: boolean;

  /** @param options `memory`: whether the process's memory is looked at. Default: yes. */
  constructor({ memory = true }: { memory?: boolean } = {}) {
    this.#looksAtMemory = memory;
    this.#canaries.add();
    this.#canaries.add();
    this.#canaries.thin();
    this.#last = level();
    this.#begin = this.#last.rss;
  }

  /** Whether a fresh process should go on. */
  get isTired(): boolean {
    return this.#last.rss - this.#begin > TIRED_BYTES;
  }

  /** Runs a case. @throws Finding for damage, leaks and memory beyond the limit, or what the case throws. */
  async around(target: Target, value: unknown): Promise<Outcome> {
    const before = this.#last;
    try {
      const outcome = await target.run(value);
      this.#last = level();
      this.#checkMemory(before, this.#last, outcome);
      await this.#checkLeak(before, target, value);
      return outcome;
    } finally {
      this.#last = level();
      this.#canaries.check();
      verifyHeap();
    }
  }

  #checkMemory(before: Level, after: Level, { bytes, allowance = 0 }: Outcome): void {
    if (!this.#looksAtMemory || after.peak <= before.peak) return; // nothing that was not there before
    const grown = after.peak - before.rss;
    if (grown <= Math.max(MOST_BYTES, MOST_TIMES * bytes) + allowance) return;
    throw new Finding('memory', `the process grew by ${megabytes(grown)} for a case of ${bytes} bytes`);
  }

  /**
   * Whether each run leaves arrays or blocks behind. Memory that is allocated once (workspaces, streams of random
   * numbers) does not count.
   */
  async #checkLeak(before: Level, target: Target, value: unknown): Promise<void> {
    let [last, now] = [before, this.#last];
    for (let run = 0; now.arrays > last.arrays || now.blocks > last.blocks; run++) {
      if (run === REPEATS) {
        throw new Finding(
          'leak',
          `each run leaves ${now.arrays - last.arrays} arrays and ${now.blocks - last.blocks} blocks of the heap behind`,
        );
      }
      await target.run(value);
      [last, now] = [now, level()];
    }
  }
}

/**
 * One build's side of a comparison. It prepares case after case, and times a contestant on request. It runs in a
 * process or a page of its own, and waits while the other build's side is timed.
 */
import { BUDGET_MS, isOurs, settle, time, warmUp } from './measure.mjs';

/**
 * @typedef {{ took: () => Promise<number> }} Started in place of `run`: work done in another process or page, which tells the
 *   milliseconds it took.
 * @typedef {{ title: string, names: string[], budgetMs: number }} Prepared a case of which this library's contestants are ready.
 */

export class Turns {
  #cases;
  #threads = 1;
  #budgetMs = BUDGET_MS;
  /** @type {(import('./measure.mjs').Ready | Started)[]} */
  #ready = [];

  /** @param {{ cases?: () => AsyncGenerator, starts?: () => AsyncGenerator }} entry what an entry of the suite loads */
  constructor({ cases, starts }) {
    this.#cases = (starts ?? cases)();
  }

  /**
   * Frees the last case and prepares the next one.
   * @returns {Promise<Prepared | null>} null after the last one
   */
  async next() {
    for (const { free } of this.#ready) await free?.();
    this.#ready = [];
    const { value, done } = await this.#cases.next();
    if (done) return null;
    const { title, contestants, threads = 1, budgetMs = BUDGET_MS } = value;
    [this.#threads, this.#budgetMs] = [threads, budgetMs];
    const ours = contestants.filter(isOurs);
    for (const { prepare } of ours) this.#ready.push(await prepare());
    return { title, budgetMs, names: ours.map(({ name }) => name) };
  }

  /** Warms contestant k up. @returns {Promise<number>} milliseconds of one run */
  async warmUp(k) {
    const { run, took } = this.#ready[k];
    return took ? took() : warmUp(run, this.#budgetMs);
  }

  /** The milliseconds of one run of contestant k, as the mean of `repeats`. */
  async time(k, repeats) {
    const { run, took } = this.#ready[k];
    if (took) return took();
    if (this.#threads > 1) await settle(run);
    // The other build has used the caches since this one's last turn.
    else if (repeats > 1) await run();
    return time(run, repeats);
  }
}

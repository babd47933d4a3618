// @ts-check
/** Hostile requests beside an honest load. */
import { faultOf, hostileRequests } from './hostile-requests.mjs';
import { mutantOf, randomOf } from './mutants.mjs';
import { exchange } from './raw-http.mjs';

/** Sends hostile requests beside a load, in step with the load's progress. */
export class Attack {
  #random;
  #requests = hostileRequests();
  /** @type {Promise<void>[]} */
  #sent = [];
  /** @type {Map<string, number>} */
  statuses = new Map();
  /** @type {string[]} */
  faults = [];

  /** @param {number} port @param {number} count @param {number} seed */
  constructor(port, count, seed) {
    this.port = port;
    this.count = count;
    this.#random = randomOf(seed);
  }

  /** @param {number} share of the load that is done, from 0 to 1 */
  keepUp(share) {
    while (this.#sent.length < share * this.count) this.#sent.push(this.#sendOne());
  }

  async #sendOne() {
    const isDamaged = this.#random() < 0.5;
    const one = isDamaged
      ? mutantOf(this.#requests, this.#random)
      : this.#requests[Math.floor(this.#random() * this.#requests.length)];
    const outcome = await exchange(this.port, one.bytes, { ...one, timeout: 20_000 });
    const fault = faultOf(one, outcome);
    if (fault) this.faults.push(fault);
    const status = outcome.statuses.at(-1)?.toString() ?? 'closed';
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
  }

  /** Waits for the outcomes of those that were sent. */
  async settle() {
    await Promise.all(this.#sent);
  }

  /** Prints how many answers of each status came, and the first faults. */
  print() {
    const answers = [...this.statuses].sort().map(([status, count]) => `${status}: ${count}`);
    console.log(`hostile: ${answers.join(', ')}`);
    for (const fault of this.faults.slice(0, 10)) console.log(`  ${fault}`);
  }
}

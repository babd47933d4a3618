/** Names that somebody waits for and nobody reports: mostly misspelt. */

/** Remembers which of some names were reported, and warns of the others, once. */
export class UnreportedNames {
  readonly #owner: string;
  readonly #missing: Set<string>;
  readonly #reported = new Set<string>();
  #hasLooked = false;
  #hasWarned = false;

  /** @param owner who waits for them, for the message */
  constructor(owner: string, names: Iterable<string>) {
    this.#owner = owner;
    this.#missing = new Set(names);
  }

  /** Takes note of what was reported. */
  note(reported: object): void {
    this.#hasLooked = true;
    if (this.#hasWarned || this.#missing.size === 0) return;
    for (const name of Object.keys(reported)) {
      this.#reported.add(name);
      this.#missing.delete(name);
    }
  }

  /** Warns, the first time, of names that were never reported, and lists those that were. Before the first note it waits. */
  warn(): void {
    if (!this.#hasLooked || this.#hasWarned || this.#missing.size === 0) return;
    this.#hasWarned = true;
    const wanted = Array.from(this.#missing, (name) => `'${name}'`).join(', ');
    const there = [...this.#reported].join(', ') || 'nothing';
    console.warn(`${this.#owner}: nothing has reported ${wanted} so far; reported were: ${there}`);
  }
}

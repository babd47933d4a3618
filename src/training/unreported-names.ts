/** Warnings for names that an extension waits for and nobody reports, mostly because they are misspelt. */

/** Remembers which names were reported, and warns once of the others. */
export class UnreportedNames {
  readonly #owner: string;
  readonly #missing: Set<string>;
  readonly #reported = new Set<string>();
  #hasLooked = false;
  #hasWarned = false;

  /** @param owner the extension that waits for the names, for the message */
  constructor(owner: string, names: Iterable<string>) {
    this.#owner = owner;
    this.#missing = new Set(names);
  }

  /** Takes note of the names that were reported. */
  note(reported: object): void {
    this.#hasLooked = true;
    if (this.#hasWarned || this.#missing.size === 0) return;
    for (const name of Object.keys(reported)) {
      this.#reported.add(name);
      this.#missing.delete(name);
    }
  }

  /** On the first call after a note: warns of names that were never reported, and lists those that were. */
  warn(): void {
    if (!this.#hasLooked || this.#hasWarned || this.#missing.size === 0) return;
    this.#hasWarned = true;
    const wanted = Array.from(this.#missing, (name) => `'${name}'`).join(', ');
    const there = [...this.#reported].join(', ') || 'nothing';
    console.warn(`${this.#owner}: nothing has reported ${wanted} so far; the reported names are: ${there}`);
  }
}

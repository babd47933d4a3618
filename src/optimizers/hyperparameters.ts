/** Numbers that steer an update: an optimizer's own, and a parameter's that override them one by one. */
export class Hyperparameters<H extends object> {
  readonly #parent: Hyperparameters<H> | null;
  /** All values in force: those set here over the parent's. Assigning sets one here. */
  readonly values: H;

  constructor(own: Partial<H>, parent: Hyperparameters<H> | null = null) {
    this.#parent = parent;
    // Reading falls through to the parent's object by the prototype chain; writing stays here.
    this.values = Object.assign(Object.create(parent?.values ?? null), own);
  }

  /** A copy of all values in force now. */
  snapshot(): H {
    return Object.assign(this.#parent?.snapshot() ?? {}, this.values);
  }

  /** The hyperparameters that these fall back on. */
  get parent(): Hyperparameters<H> | null {
    return this.#parent;
  }
}

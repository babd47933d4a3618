/** Numbers that steer an update: an optimizer's own, and a parameter's that override them one by one. */
import { KeyError, ValueError } from '../errors.js';
import { checkFinite, checkOptions, inWords } from '../options.js';

/** What most optimizers call their step size, and what Adam and its relatives, as Chainer has them, call it. */
const RATE = 'lr';
const STEP_SIZE = 'alpha';

/** Hyperparameters by name, as a constructor takes them. Where the step size is called `alpha`, `lr` is another name of it. */
export type NamedHyperparameters<H extends object> = Partial<H> &
  (H extends { alpha: number } ? { lr?: number } : object);

/** Values by name, some of them set here and the others those of a parent. */
export class Hyperparameters<H extends object> {
  readonly #parent: Hyperparameters<H> | null;
  readonly #owner: string;
  /** @internal What {@link values} shows, without checks: what updates read. */
  readonly inForce: H;
  /**
   * All values in force: those set here over the parent's. Assigning sets one here; `lr` is `alpha` where there is no `lr`.
   * It throws KeyError for a name that does not exist, and ValueError for what is not a finite number.
   */
  readonly values: H;

  /** @param owner the optimizer's name, for messages */
  constructor(own: Partial<H>, parent: Hyperparameters<H> | null = null, owner = parent?.owner ?? 'hyperparam') {
    this.#parent = parent;
    this.#owner = owner;
    // Reading falls through to the parent's object by the prototype chain; writing stays here.
    this.inForce = Object.assign(Object.create(parent?.inForce ?? null), own);
    this.values = new Proxy(this.inForce, {
      get: (inForce, name) => Reflect.get(inForce, this.has(name) ? this.resolve(name) : name),
      set: (inForce, name, value) => {
        const key = this.resolve(name);
        checkKind(owner, key, value, Reflect.get(inForce, key));
        return Reflect.set(inForce, key, value);
      },
    });
  }

  /** A copy of all values in force now. */
  snapshot(): H {
    return Object.assign(this.#parent?.snapshot() ?? {}, this.inForce);
  }

  /** The hyperparameters that these fall back on. */
  get parent(): Hyperparameters<H> | null {
    return this.#parent;
  }

  /** The name of the optimizer. */
  get owner(): string {
    return this.#owner;
  }

  /** Whether there is a hyperparameter of that name. */
  has(name: string | symbol): boolean {
    return name in this.inForce || (name === RATE && STEP_SIZE in this.inForce);
  }

  /** The name under which a hyperparameter is kept: `alpha` for `lr` where there is no `lr`. @throws KeyError if there is none. */
  resolve(name: string | symbol): string {
    if (!this.has(name)) {
      const names = Object.keys(this.snapshot()).join(', ');
      throw new KeyError(`${this.#owner}: there is no hyperparameter '${String(name)}'; there are ${names}`);
    }
    return name in this.inForce ? String(name) : STEP_SIZE;
  }
}

/** A value has to be what the default is: a finite number, or true or false. */
function checkKind(op: string, name: string, value: unknown, like: unknown): void {
  if (typeof like === 'number') checkFinite(op, name, value);
  else if (typeof like === 'boolean' && typeof value !== 'boolean')
    throw new ValueError(`${op}: ${name} is ${inWords(value)}, expected true or false`);
}

/**
 * The hyperparameters that a constructor was given: one after the other, by their names in an object, or both.
 *
 * @param optimizer its name, for messages
 * @param order the names of those that have a place
 * @throws TypeError for names that do not exist, ValueError for values that are not finite numbers.
 */
export function hyperparametersOf<H extends object>(
  optimizer: string,
  defaults: H,
  order: readonly (keyof H & string)[],
  given: readonly unknown[],
): H {
  const known = new Hyperparameters<H>(defaults, null, optimizer);
  const result = new Hyperparameters<H>({}, known);
  for (const [place, value] of given.entries()) {
    if (value === undefined) continue;
    if (typeof value === 'object' && value !== null) setNamed(optimizer, result, value);
    else if (place < order.length) result.values[order[place]] = value as H[keyof H & string];
    else checkOptions(optimizer, value as object, namesOf(known));
  }
  return result.snapshot();
}

function setNamed<H extends object>(optimizer: string, result: Hyperparameters<H>, named: object): void {
  checkOptions<object>(optimizer, named, namesOf(result));
  const both = RATE in named && STEP_SIZE in named && result.resolve(RATE) === STEP_SIZE;
  if (both) throw new ValueError(`${optimizer}: lr and alpha are one hyperparameter; give one of them`);
  for (const [name, value] of Object.entries(named)) if (value !== undefined) Reflect.set(result.values, name, value);
}

function namesOf<H extends object>(hyperparam: Hyperparameters<H>): object {
  const names = hyperparam.snapshot();
  return hyperparam.has(RATE) ? { [RATE]: null, ...names } : names;
}

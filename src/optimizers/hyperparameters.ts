/** Numbers that steer an update: an optimizer's own, and a parameter's that override them one by one. */
import { KeyError, ValueError } from '../errors.js';
import { checkFinite, checkOptions, inWords } from '../options.js';

/** What most optimizers call their step size, and what Adam and its relatives, as Chainer has them, call it. */
const RATE = 'lr';
const STEP_SIZE = 'alpha';

/** Hyperparameters by name, as a constructor takes them. Where the step size is called `alpha`, `lr` is another name of it. */
export type NamedHyperparameters<H extends object> = Partial<H> & (H extends SteppedByAlpha ? AlphaAsLr : object);

/** Hyperparameters whose step size is called `alpha`. */
interface SteppedByAlpha {
  /** The step size. */
  alpha: number;
}

/** The step size under its other name. */
interface AlphaAsLr {
  /** Another name of `alpha`. */
  lr?: number;
}

/** Values by name, some of them set here and the others those of a parent. */
export class Hyperparameters<H extends object> {
  readonly #parent: Hyperparameters<H> | null;
  /** @internal What {@link values} shows, without checks: what updates read. */
  readonly inForce: H;
  /**
   * All values in force: those set here over the parent's. Assigning sets one here; `lr` is `alpha` where there is no `lr`.
   * It throws KeyError for a name that does not exist, and ValueError for what is not a finite number.
   */
  readonly values: H;

  constructor(
    own: Partial<H>,
    parent: Hyperparameters<H> | null = null,
    /** The optimizer's name, for messages. */
    readonly owner: string = parent?.owner ?? 'hyperparam',
  ) {
    this.#parent = parent;
    // Reading falls through to the parent's object by the prototype chain; writing stays here.
    this.inForce = Object.assign(Object.create(parent?.inForce ?? null), own);
    this.values = new Proxy(this.inForce, {
      get: (inForce, name) => Reflect.get(inForce, name === RATE ? this.resolve(name) : name),
      set: (inForce, name, value) => {
        const key = this.resolve(name);
        if (typeof Reflect.get(inForce, key) === 'number') checkFinite(owner, key, value);
        else if (typeof value !== 'boolean')
          throw new ValueError(`${owner}: ${key} is ${inWords(value)}, expected true or false`);
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

  /** The name under which a hyperparameter is kept: `alpha` for `lr` where there is no `lr`. @throws KeyError if there is none. */
  resolve(name: string | symbol): string {
    const { inForce } = this;
    const key = name === RATE && !(RATE in inForce) ? STEP_SIZE : String(name);
    if (key in inForce) return key;
    const names = Object.keys(this.snapshot()).join(', ');
    throw new KeyError(`${this.owner}: there is no hyperparameter '${String(name)}'; there are ${names}`);
  }
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
  const result = new Hyperparameters<H>({ ...defaults }, null, optimizer);
  const hasAlias = STEP_SIZE in defaults && !(RATE in defaults);
  for (const [place, value] of given.entries()) {
    if (value === undefined) continue;
    const named = place < order.length && !isObject(value) ? { [order[place]]: value } : (value as object);
    checkOptions<object>(optimizer, named, hasAlias ? { [RATE]: 0, ...defaults } : defaults);
    if (hasAlias && RATE in named && STEP_SIZE in named)
      throw new ValueError(`${optimizer}: lr and alpha are one hyperparameter; give one of them`);
    for (const [name, item] of Object.entries(named)) if (item !== undefined) Reflect.set(result.values, name, item);
  }
  return result.snapshot();
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** Hyperparameters: those of an optimizer, and those of a parameter, which override the optimizer's one by one. */
import { KeyError, ValueError } from '../errors.js';
import { checkFinite, checkOptions, inWords } from '../options.js';

/** Most optimizers call their step size `lr`; Adam and its relatives call it `alpha`, as in Chainer. */
const RATE = 'lr';
const STEP_SIZE = 'alpha';

/** Hyperparameters by name, as a constructor takes them. If the step size is called `alpha`, `lr` is another name of it. */
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

/** Values by name. Values that are not set here are those of a parent. */
export class Hyperparameters<H extends object> {
  readonly #parent: Hyperparameters<H> | null;
  /** @internal The same as {@link values}, without checks. Updates read it. */
  readonly inForce: H;
  /**
   * All values: those that are set here, else the parent's. An assignment sets a value here; `lr` means `alpha` where there is no `lr`.
   * It throws KeyError for a name that does not exist, and ValueError for a value that is not a finite number.
   */
  readonly values: H;

  constructor(
    own: Partial<H>,
    parent: Hyperparameters<H> | null = null,
    /** The optimizer's name, for messages. */
    readonly owner: string = parent?.owner ?? 'hyperparam',
  ) {
    this.#parent = parent;
    // The prototype chain leads reads on to the parent's object; writes stay here.
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

  /** A copy of all current values. */
  snapshot(): H {
    return Object.assign(this.#parent?.snapshot() ?? {}, this.inForce);
  }

  /** The hyperparameters whose values hold where none are set here. */
  get parent(): Hyperparameters<H> | null {
    return this.#parent;
  }

  /** The proper name of a hyperparameter: `alpha` for `lr` where there is no `lr`. @throws KeyError if there is none. */
  resolve(name: string | symbol): string {
    const { inForce } = this;
    const key = name === RATE && !(RATE in inForce) ? STEP_SIZE : String(name);
    if (key in inForce) return key;
    const names = Object.keys(this.snapshot()).join(', ');
    throw new KeyError(`${this.owner}: there is no hyperparameter '${String(name)}'; there are ${names}`);
  }
}

/**
 * The hyperparameters in a constructor's arguments: positional, by name in an object, or both.
 *
 * @param optimizer the optimizer's name, for messages
 * @param order the names of the positional hyperparameters
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
      throw new ValueError(`${optimizer}: lr and alpha are one hyperparameter; set one of them`);
    for (const [name, item] of Object.entries(named)) if (item !== undefined) Reflect.set(result.values, name, item);
  }
  return result.snapshot();
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

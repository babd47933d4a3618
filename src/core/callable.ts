/**
 * Objects that can be called. A class that extends Callable has instances that are functions: calling one calls its
 * `forward`. Fields, `#private` members and `instanceof` work as in any class; `name` and `length` of the underlying
 * function are removed so that a class may use the names.
 */

import { ValueError } from '../errors.js';
import { Described } from '../printing.js';

/** The call of an instance. This interface merges with the class, so a call has the types of `forward`. */
export interface Callable {
  (...args: Parameters<this['forward']>): ReturnType<this['forward']>;
}

export class Callable extends Described {
  constructor() {
    super();
    const call: Callable = Object.setPrototypeOf(
      (...args: Parameters<Callable['forward']>) => call.invoke(args),
      new.target.prototype,
    );
    Reflect.deleteProperty(call, 'name');
    Reflect.deleteProperty(call, 'length');
    // biome-ignore lint/correctness/noConstructorReturn: the instance is the function
    return call;
  }

  /** Runs a call: `forward`, and whatever a subclass puts around it. */
  protected invoke(args: Parameters<this['forward']>): unknown {
    return this.forward(...args);
  }

  /** Computes the result of a call. A subclass overrides it, with its own arguments. */
  // biome-ignore lint/suspicious/noExplicitAny: with `never` a function type could not be asserted to be a Link
  forward(..._args: any[]): unknown {
    throw new ValueError(`${this.constructor.name}: it has no forward`);
  }
}

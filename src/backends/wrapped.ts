/** Something around each primitive of a device: the way in which checked mode looks at calls. Knows no primitive's meaning. */
import type { Backend } from './backend.js';
import { OUTPUTS } from './outputs.js';
import type { Primitive } from './primitives.js';

/** A method whose arguments are not looked at here. */
type Method = (...args: unknown[]) => unknown;

/** Stands in the place of a primitive: `run` makes the call, with the arguments as they came. */
export type Around = (name: Primitive, args: readonly unknown[], run: () => void) => void;

const PRIMITIVES = Object.keys(OUTPUTS) as Primitive[];

/** Replaces a method of one device, and leaves its class as it is. */
export function replaceMethod<Name extends keyof Backend>(device: Backend, name: Name, method: Backend[Name]): void {
  Object.defineProperty(device, name, { value: method, configurable: true, writable: true });
}

/**
 * Puts `around` around every primitive of a device. A backend may call primitives of its own: only the outermost call is
 * seen.
 */
export function wrapPrimitives(device: Backend, around: Around): void {
  let depth = 0;
  for (const name of PRIMITIVES) {
    const method = (device[name] as Method).bind(device);
    const wrapped: Method = (...args) => {
      if (depth > 0) return method(...args);
      depth++;
      try {
        return around(name, args, () => void method(...args));
      } finally {
        depth--;
      }
    };
    replaceMethod(device, name, wrapped as Backend[Primitive]);
  }
}

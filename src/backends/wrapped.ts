/**
 * Layers over a device: functions that replace some of its entries. Checked mode is a layer that stays, a recording one that is
 * taken off again. Entries are exchanged by plain assignment, so that engines keep the device's fast properties.
 *
 * A primitive never calls an entry of its own device. A layer therefore sees each call of a program once, and nothing else.
 */
import type { Arguments, Calls } from './arguments.js';
import type { Backend } from './backend.js';
import { PRIMITIVES, type Primitive } from './primitives.js';

/** Replaces entries of a device. Returns a function that puts the earlier ones back. */
export function replaceEntries(device: Backend, entries: Partial<Backend>): () => void {
  const earlier = Object.fromEntries(Object.keys(entries).map((name) => [name, Reflect.get(device, name)]));
  Object.assign(device, entries);
  return () => void Object.assign(device, earlier);
}

/** Stands in the place of a primitive; `run(args)` calls the primitive itself. */
export type Around = <P extends Primitive>(primitive: P, args: Arguments<P>, run: (args: Arguments<P>) => void) => void;

/** Entries for all primitives of a device: each passes its arguments to `around`. */
export function wrapPrimitives(device: Calls, around: Around): Partial<Backend> {
  const wrap = <P extends Primitive>(primitive: P) => {
    const own = device[primitive];
    const run = (args: Arguments<P>) => own.apply(device, args);
    return { [primitive]: (...args: Arguments<P>) => around(primitive, args, run) };
  };
  return Object.assign({}, ...PRIMITIVES.map(wrap));
}

/** Arguments that are one thing or several by name. */
import { ValueError } from '../errors.js';
import { inWords } from '../options.js';

/**
 * The things by their names; a single thing is called `main`.
 *
 * @param what the caller and the kind of thing, for the message: `StandardUpdater: an iterator`
 * @throws ValueError for a value that is not such a thing.
 */
export function named<V extends object>(
  what: string,
  things: V | Readonly<Record<string, V>>,
  isOne: (things: V | Readonly<Record<string, V>>) => things is V,
): ReadonlyMap<string, V> {
  const refuse = (value: unknown, place = ''): never => {
    throw new ValueError(`${what} is expected, or several by name; got ${inWords(value)}${place}`);
  };
  if (!isThing(things)) return refuse(things);
  if (isOne(things)) return new Map([['main', things]]);
  if (Object.getPrototypeOf(things) !== Object.prototype) return refuse(things);
  for (const [name, value] of Object.entries(things))
    if (!isThing(value) || !isOne(value)) refuse(value, ` as '${name}'`);
  return new Map(Object.entries(things));
}

function isThing(value: unknown): boolean {
  return (typeof value === 'object' || typeof value === 'function') && value !== null;
}

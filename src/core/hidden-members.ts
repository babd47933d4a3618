/** Finds links and parameters that a link holds but does not register, and which would be neither trained nor saved. */
import { otherCopy } from '../copies.js';
import { ValueError } from '../errors.js';
import { inWords } from '../options.js';
import type { Link } from './link.js';
import { Parameter } from './parameter.js';

/** A member that a link registers: a child link or a parameter. */
type Member = Link | Parameter;

/** The functions by which the search recognizes registered members. */
export interface Search {
  isLink(value: unknown): value is Link;
  /** The members that the owner and the links below it register. Called only for members outside of fields. */
  registered(): ReadonlySet<Member>;
}

/** A container with more items than this is searched once. Smaller ones are searched each time, as they may have grown. */
const LARGE = 64;
const searched = new WeakSet<object>();

/**
 * Refuses members that a link does not register: links in fields of a class without children, members in fields named by a symbol,
 * and members in arrays, plain objects, Maps and Sets, at any depth.
 *
 * @param children the links that `owner` registers
 * @throws ValueError that names the field and says where the member belongs
 */
export function refuseHidden(owner: Link, children: readonly (readonly [string, Link])[], search: Search): void {
  for (const key of Reflect.ownKeys(owner)) {
    const value: unknown = Reflect.get(owner, key);
    if (!isObject(value)) continue;
    const isField =
      typeof key === 'string' && (value instanceof Parameter || children.some((child) => child[1] === value));
    const hidden = isField ? null : findHidden([value], search, new Set());
    if (!hidden) continue;
    const name = owner.constructor.name;
    if (otherCopy(hidden))
      throw new ValueError(`${name}.${String(key)} holds ${inWords(hidden)}: it would be neither trained nor saved`);
    const place = hidden === value ? 'a field of this kind' : 'an array, a plain object, a Map or a Set';
    const cure = hidden === value ? `let ${name} extend Chain` : 'use a field, a ChainList, addLink or addParam';
    throw new ValueError(
      `${name}.${String(key)}: a ${hidden.constructor.name} in ${place} is not registered; ${cure}. ` +
        'A #private field refers to one without registering it',
    );
  }
}

/**
 * The first member, among some items and their contents, that is not registered, or that another copy of the package made; null if
 * there is none.
 */
function findHidden(items: Iterable<unknown>, search: Search, within: Set<unknown>): object | null {
  for (const item of items) {
    if (!isObject(item)) continue;
    if (otherCopy(item)) return item;
    if (item instanceof Parameter || search.isLink(item)) {
      if (!search.registered().has(item)) return item;
    } else {
      const inner = itemsOf(item);
      if (!inner || searched.has(item) || within.has(item)) continue;
      within.add(item);
      const hidden = findHidden(inner, search, within);
      if (hidden) return hidden;
      if (inner.length > LARGE) searched.add(item);
    }
  }
  return null;
}

function isObject(value: unknown): value is object {
  return value !== null && (typeof value === 'object' || typeof value === 'function');
}

/** The contents of a container; null for any other value. */
function itemsOf(value: object): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (value instanceof Map || value instanceof Set) return [...value.keys(), ...value.values()];
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.values(value) : null;
}

/** Links and parameters in places where a link does not look for them: they would be neither trained nor saved. */
import { ValueError } from '../errors.js';
import type { Link } from './link.js';
import { Parameter } from './parameter.js';

/** What a link registers: a child link, or a parameter. */
type Member = Link | Parameter;

/** What the search has to know of links. */
export interface Search {
  isLink(value: unknown): value is Link;
  /** What the owner and the links below it register. Asked only where a member is no field. */
  registered(): ReadonlySet<Member>;
}

/** A container with more items than this is searched once. Smaller ones are searched each time, as they may have grown. */
const LARGE = 64;
const searched = new WeakSet<object>();

/**
 * Looks for members that a link does not register: links in fields of a class that has none, and links and parameters in
 * arrays, plain objects, Maps and Sets, at any depth.
 *
 * @param children the links that it registers.
 * @throws ValueError that names the field, and says where the member belongs.
 */
export function refuseHidden(owner: Link, children: readonly (readonly [string, Link])[], search: Search): void {
  for (const field of Object.keys(owner)) {
    const value: unknown = Reflect.get(owner, field);
    if (typeof value === 'object') {
      if (value === null || value instanceof Parameter || !isContainer(value)) continue;
      const hidden = findHidden(value, search, new Set());
      if (hidden) refuse(owner, field, hidden, containerName(value));
    } else if (typeof value === 'function' && search.isLink(value)) {
      if (!children.some(([, child]) => child === value) && !search.registered().has(value))
        refuse(owner, field, value, null);
    }
  }
  for (const symbol of Object.getOwnPropertySymbols(owner)) {
    const value: unknown = Reflect.get(owner, symbol);
    if (value instanceof Parameter || search.isLink(value))
      refuse(owner, String(symbol), value, 'a field without a name');
  }
}

type Container = readonly unknown[] | Map<unknown, unknown> | Set<unknown> | object;

function isContainer(value: object): value is Container {
  if (Array.isArray(value) || value instanceof Map || value instanceof Set) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function containerName(value: Container): string {
  if (Array.isArray(value)) return 'a plain array';
  return value instanceof Map ? 'a Map' : value instanceof Set ? 'a Set' : 'a plain object';
}

function itemsOf(value: Container): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  return value instanceof Set ? [...value] : Object.values(value);
}

/** The first member in a container that nobody registers; null if there is none. */
function findHidden(container: Container, search: Search, within: Set<object>): Member | null {
  if (searched.has(container) || within.has(container)) return null;
  within.add(container);
  const items = itemsOf(container);
  let registered: ReadonlySet<Member> | null = null;
  for (const item of items) {
    if ((typeof item !== 'object' && typeof item !== 'function') || item === null) continue;
    if (item instanceof Parameter || search.isLink(item)) {
      registered ??= search.registered();
      if (!registered.has(item)) return item;
    } else if (isContainer(item)) {
      const hidden = findHidden(item, search, within);
      if (hidden) return hidden;
    }
  }
  if (!registered && items.length > LARGE) searched.add(container);
  return null;
}

function refuse(owner: Link, field: string, member: Member, place: string | null): never {
  const name = owner.constructor.name;
  const what = `${name}.${field}: a ${member.constructor.name} in ${place ?? `a field of a ${name}`} is not registered`;
  const cure =
    member instanceof Parameter
      ? 'give it a field of its own, or use addParam(name)'
      : place === null
        ? `let ${name} extend Chain`
        : 'use a ChainList, a field of its own, or addLink(name, link) of a Chain';
  throw new ValueError(`${what}; ${cure}. A #private field refers to one without registering it`);
}

/** The state of a link as a plain object of arrays, by their paths in files. */
import { KeyError, ShapeError } from '../errors.js';
import { scope } from '../ndarray/lifetime.js';
import { type ArrayLike, array, asarray, astype, copy, copyto, NDArray, toDevice } from '../ndarray/np.js';
import { formatShape, sameShape } from '../ndarray/shape.js';
import type { Link } from './link.js';
import type { Persistent, Serializer } from './serializer.js';
import { Variable, type VariableLike } from './variable.js';

/** Arrays by their paths: `{ 'conv1/W': …, 'bn/avg_mean': … }`. */
export type StateDict = Record<string, NDArray>;

/** The differences between the paths of a state and those of a link. */
export interface StateDifferences {
  /** The paths of the link that the state lacks. */
  readonly missing: readonly string[];
  /** The paths of the state that the link lacks. */
  readonly unexpected: readonly string[];
}

/** Calls `visit` with the path and the value of each array and number of a link. The result replaces the value. */
class Walker implements Serializer {
  constructor(
    readonly writing: boolean,
    readonly visit: (path: string, value: Persistent) => Persistent,
    readonly path = '',
  ) {}

  child(name: string): Serializer {
    return new Walker(this.writing, this.visit, `${this.path}${name}/`);
  }

  array(name: string, array: NDArray | null): NDArray | null {
    return this.visit(this.path + name, array) as NDArray | null;
  }

  value<T extends Persistent>(name: string, value: T): T {
    return this.visit(this.path + name, value) as T;
  }
}

/** All values that a link saves, by path; null for a parameter without a shape. */
function gather(link: Link): Map<string, Persistent> {
  const found = new Map<string, Persistent>();
  const note = (path: string, value: Persistent) => {
    found.set(path, value);
    return value;
  };
  link.serialize(new Walker(true, note));
  return found;
}

/** See {@link Link.stateDict}. */
export function stateDictOf(link: Link): StateDict {
  const state: StateDict = {};
  for (const [path, value] of gather(link)) {
    if (value instanceof NDArray) state[path] = value;
    else if (typeof value === 'boolean') state[path] = array(value);
    else if (typeof value === 'number')
      state[path] = array(value, { dtype: Number.isInteger(value) ? 'int32' : 'float32' });
  }
  return state;
}

/** See {@link Link.loadStateDict}. */
export function loadStateDict(
  link: Link,
  state: Readonly<Record<string, VariableLike | ArrayLike>>,
  strict: boolean,
): StateDifferences {
  return scope(link, () => {
    const wanted = gather(link);
    const given = new Map<string, NDArray>();
    const unexpected: string[] = [];
    const misfits: string[] = [];
    const elsewhere = link.paramsByEveryPath();
    for (const [path, value] of Object.entries(state)) {
      const found = value instanceof Variable ? value.array : asarray(value);
      given.set(path, found);
      const own = wanted.get(path);
      const shape = own instanceof NDArray ? own.shape : [];
      if (own === undefined && !elsewhere.has(`/${path}`)) unexpected.push(path);
      else if (own !== undefined && own !== null && !sameShape(found.shape, shape))
        misfits.push(`'${path}' is ${formatShape(found.shape)}, expected ${formatShape(shape)}`);
    }
    const isMissing = ([path, own]: [string, Persistent]) =>
      !given.has(path) && own !== null && typeof own !== 'string';
    const missing = [...wanted].filter(isMissing).map(([path]) => path);
    const names = strict ? [...listed('missing', missing), ...listed('unexpected', unexpected)] : [];
    if (names.length + misfits.length > 0)
      throw new (names.length > 0 ? KeyError : ShapeError)(`loadStateDict: ${[...names, ...misfits].join('; ')}`);
    link.serialize(new Walker(false, (path, own) => filled(own, given.get(path))));
    return { missing, unexpected };
  });
}

/** The new value of a link from that of a state: arrays are filled in place, numbers replaced. */
function filled(own: Persistent, found: NDArray | undefined): Persistent {
  if (!found || typeof own === 'string') return own;
  if (own === null) return copy(found);
  if (!(own instanceof NDArray)) return typeof own === 'boolean' ? found.item() !== 0 : found.item();
  copyto(own, astype(toDevice(found, own.device.name), own.dtype));
  return own;
}

function listed(word: string, paths: readonly string[]): string[] {
  return paths.length === 0 ? [] : [`${word}: ${paths.map((path) => `'${path}'`).join(', ')}`];
}

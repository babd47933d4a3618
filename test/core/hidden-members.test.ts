/**
 * Links and parameters in fields where the library cannot find them are refused. The error names the field and the
 * remedy.
 */
import { describe, expect, it, test } from 'vitest';
import {
  Chain,
  ChainList,
  L,
  Link,
  np,
  optimizers,
  Parameter,
  Sequential,
  serializers,
  ValueError,
} from '../../src/index.js';

const link = () => new L.Linear(1, 1);
const param = () => new Parameter(1, [2]);

const CONTAINERS: Readonly<Record<string, (member: unknown) => unknown>> = {
  'a plain array': (m) => [1, m],
  'a plain object': (m) => ({ name: 'a', head: m }),
  'a Map': (m) => new Map([['a', m]]),
  'a Set': (m) => new Set([m]),
};
const NESTED: Readonly<Record<string, (member: unknown) => unknown>> = {
  'an array of arrays': (m) => [[1, 2], [[m]]],
  'objects in a Map': (m) => new Map([['a', { heads: [m] }]]),
  'keys of a Map': (m) => new Map([[m, 1]]),
  'an object without a prototype': (m) => Object.assign(Object.create(null), { m }),
};

/** What looks for parameters. */
const LOOKS: Readonly<Record<string, (l: Link) => unknown>> = {
  params: (l) => [...l.params()],
  namedParams: (l) => [...l.namedParams()],
  setup: (l) => new optimizers.SGD().setup(l),
  cleargrads: (l) => l.cleargrads(),
  countParams: (l) => l.countParams(),
  toNpz: (l) => serializers.toNpz(l),
  toDevice: (l) => l.toDevice('wasm'),
};

class Net extends Chain {
  heads: unknown;
  constructor(heads: unknown) {
    super();
    this.heads = heads;
  }
}

describe.each([
  ['a link', link, /ChainList/],
  ['a parameter', param, /addParam/],
] as const)('%s', (_, make, cure) => {
  it.each(Object.entries(CONTAINERS))('in %s is refused by everything that looks', (_place, contain) => {
    for (const [name, look] of Object.entries(LOOKS)) {
      const net = new Net(contain(make()));
      expect(() => look(net), name).toThrow(ValueError);
      expect(() => look(net), name).toThrow(cure);
      expect(() => look(net), name).toThrow(`Net.heads: a ${make().constructor.name} in `);
    }
  });

  it.each(Object.entries(NESTED))('in %s is refused', (_place, contain) => {
    expect(() => new Net(contain(make())).countParams()).toThrow(/Net\.heads/);
  });

  it('below a child, in a list, in a Sequential is refused', () => {
    const net = () => new Net({ a: make() });
    for (const outer of [new Chain({ net: net() }), new ChainList<Link>(net()), new Sequential(net() as never)])
      expect(() => outer.countParams()).toThrow(/Net\.heads/);
  });

  it('that comes after the first look is refused at the next', () => {
    const heads: Record<string, unknown> = {};
    const net = new Net(heads);
    expect(net.countParams()).toBe(0);
    heads.late = make();
    expect(() => new optimizers.SGD().setup(net)).toThrow(ValueError);
  });

  it('in a field named by a symbol is refused', () => {
    const net = new Chain();
    Reflect.set(net, Symbol('head'), make());
    expect(() => net.countParams()).toThrow(/Symbol\(head\)/);
  });

  it('that is registered as well may be in any container', () => {
    for (const contain of Object.values({ ...CONTAINERS, ...NESTED })) {
      const member = make();
      const net = new Net(contain(member));
      Object.defineProperty(net, 'own', { value: member, enumerable: true, writable: true, configurable: true });
      expect(net.countParams()).toBe(2);
      expect(net.copy('copy').countParams()).toBe(2);
    }
  });
});

describe('a link in a field of a class that has no children', () => {
  class Plain extends Link {
    inner = link();
  }
  class List extends ChainList {
    inner = link();
  }
  class Stack extends Sequential {
    inner = link();
  }
  test.each([new Plain(), new List(), new Stack()])('%# is refused', (owner) => {
    expect(() => owner.countParams()).toThrow(ValueError);
    expect(() => owner.countParams()).toThrow(/inner/);
  });

  test('may be one of the list', () => {
    class First extends Sequential {
      first = link();
      constructor() {
        super();
        this.append(this.first);
      }
    }
    expect(new First().countParams()).toBe(2);
  });

  test('may be private', () => {
    class Private extends Link {
      readonly #inner = link();
      get inner() {
        return this.#inner;
      }
    }
    expect(new Private().countParams()).toBe(0);
  });
});

test('containers of other values are allowed', () => {
  const cyclic: Record<string, unknown> = { n: 1 };
  cyclic.self = cyclic;
  const words = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`w${i}`, i]));
  for (const value of [cyclic, words, [np.ones(2)], new Map([[1, () => 2]]), null, new Date()])
    expect(new Net(value).countParams()).toBe(0);
});

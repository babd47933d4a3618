/** Links and chains: parameters, names, modes, copies, and saved entries. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  Chain,
  ChainList,
  F,
  KeyError,
  L,
  Link,
  np,
  optimizers,
  Parameter,
  Sequential,
  ValueError,
  type Variable,
  type VariableLike,
} from '../../src/index.js';

class Block extends Chain {
  readonly conv = new L.Convolution2D(1, 2, 3);
  readonly fc = new L.Linear(null, 4);
  #hidden = new L.Linear(3, 3);
  name = 'block';

  forward(x: VariableLike, twice = false): Variable {
    const y = this.fc(F.relu(this.conv(x)));
    return twice ? y.mul(2) : y;
  }

  get hidden(): Link {
    return this.#hidden;
  }
}

describe('links are callable', () => {
  const block = new Block();
  const x = np.ones([1, 1, 4, 4]);

  it('calls forward with its types', () => {
    expect(block(x).shape).toEqual([1, 4]);
    expectTypeOf(block).parameters.toEqualTypeOf<[VariableLike, boolean?]>();
    expectTypeOf(block).returns.toEqualTypeOf<Variable>();
    expect(block(x, true).tolist()).toEqual(block(x).mul(2).tolist());
  });

  it('has the class, its fields, its private members and a name of its own', () => {
    expect(block).toBeInstanceOf(Block);
    expect(block).toBeInstanceOf(Link);
    expect(block.name).toBe('block');
    expect(block.hidden).toBeInstanceOf(L.Linear);
    expect(Object.keys(block).sort()).toEqual(['conv', 'fc', 'name']);
  });

  it('without a forward says so', () => {
    expect(() => new Chain()()).toThrow(ValueError);
  });
});

describe('registration', () => {
  it('finds fields, sorted, private ones left out', () => {
    const block = new Block();
    expect([...block.namedParams()].map(([path]) => path)).toEqual(['/conv/W', '/conv/b', '/fc/W', '/fc/b']);
    expect([...block.namedParams(false)].map(([path]) => path)).toEqual(['/conv/W', '/conv/b', '/fc/b']);
    expect([...block.namedLinks()].map(([path]) => path)).toEqual(['/', '/conv', '/fc']);
  });

  it('takes links and parameters by name', () => {
    const chain = new Chain({ a: new L.Linear(2, 2) });
    chain.addLink('b', new L.Linear(2, 2));
    chain.addParam('scale', [2], 1);
    expect([...chain.namedParams()].map(([path]) => path)).toEqual(['/scale', '/a/W', '/a/b', '/b/W', '/b/b']);
    expect(() => chain.addLink('a', new L.Linear(1, 1))).toThrow(KeyError);
  });

  it('refuses links hidden in a plain array, and says where they belong', () => {
    class Hidden extends Chain {
      layers = [new L.Linear(1, 1)];
    }
    expect(() => new Hidden().cleargrads()).toThrow(/ChainList/);
  });

  it('lets an array hold links that are registered as well', () => {
    class Listed extends Chain {
      path: [string, Link][] = [['fc', new L.Linear(2, 1)]];
      constructor() {
        super();
        for (const [name, link] of this.path) this.addLink(name, link);
      }
    }
    expect([...new Listed().namedParams()].map(([path]) => path)).toEqual(['/fc/W', '/fc/b']);
  });

  it('numbers the links of a list, and counts parameters', () => {
    const list = new ChainList(new L.Linear(2, 3), new L.Linear(3, 1));
    expect([...list.namedParams()].map(([path]) => path)).toEqual(['/0/W', '/0/b', '/1/W', '/1/b']);
    expect(list.countParams()).toBe(6 + 3 + 3 + 1);
    expect(list.at(-1)).toBe([...list][1]);
  });

  it('runs a Sequential of links and functions, naming the links', () => {
    const net = new Sequential(new L.Linear(2, 3), F.sigmoid, new L.Linear(3, 1));
    expect(net(np.ones([5, 2])).shape).toEqual([5, 1]);
    expect([...net.namedParams()].map(([path]) => path)).toEqual(['/0/W', '/0/b', '/1/W', '/1/b']);
  });
});

describe('parameters', () => {
  it('wait for their shape', () => {
    const param = new Parameter(2);
    expect(param.isInitialized).toBe(false);
    param.initialize([2]);
    expect(param.tolist()).toEqual([2, 2]);
  });

  it('stay as they are when frozen', () => {
    const model = new ChainList(new L.Linear(1, 1, { initialW: 1 }), new L.Linear(1, 1, { initialW: 1 }));
    const optimizer = new optimizers.SGD(0.1).setup(model);
    model.at(0).disableUpdate();
    optimizer.update(
      (x: np.NDArray) => {
        const [first, second] = model;
        return (second(first(x)) as Variable).sum();
      },
      np.ones([1, 1]),
    );
    const weights = [...model.namedParams()].map(([path, p]) => [path, p.dataSync()[0]]);
    expect(weights).toEqual([
      ['/0/W', 1],
      ['/0/b', 0],
      ['/1/W', expect.closeTo(0.9, 6)],
      ['/1/b', expect.closeTo(-0.1, 6)],
    ]);
  });

  it('are copied and added between links of one structure', () => {
    const [a, b] = [new L.Linear(2, 1, { initialW: 1 }), new L.Linear(null, 1)];
    b.copyparams(a);
    expect(b.W.tolist()).toEqual([[1, 1]]);
    a(np.ones([1, 2])).backward();
    b.cleargrads();
    b.addgrads(a);
    b.addgrads(a);
    expect(b.W.grad?.tolist()).toEqual([[2, 2]]);
  });
});

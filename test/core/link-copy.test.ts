/** Copies of links: what they share, what they own, and what they keep registered. */
import { describe, expect, test } from 'vitest';
import { Chain, ChainList, F, L, Link, np, Parameter, Sequential, ValueError, type Variable } from '../../src/index.js';

class Pair extends Chain {
  a = new L.Linear(2, 2);
  readonly path: [string, Link][] = [['a', this.a]];
  mean = np.array([1, 2]);
  N = 3;

  constructor() {
    super();
    this.registerPersistent('mean', 'N');
  }

  forward(x: Variable) {
    return this.a(x);
  }
}

const x = () => np.array([[1, 2]]);

describe('Link.copy', () => {
  test.each(['share', 'copy', 'init'] as const)('%s: same class, same paths, other parameters', (mode) => {
    const link = new Pair();
    const copied = link.copy(mode);
    expect(copied).toBeInstanceOf(Pair);
    expect(copied).not.toBe(link);
    expect([...copied.namedParams()].map(([path]) => path)).toEqual(['/a/W', '/a/b']);
    expect(copied.persistents().map(([name]) => name)).toEqual(['N', 'mean']);
    expect(copied.a.W).toBeInstanceOf(Parameter);
    expect(copied.a.W).not.toBe(link.a.W);
  });

  test('data is shared, gradients are not', () => {
    const link = new L.Linear(2, 2);
    const copied = link.copy();
    expect(copied.W.array).toBe(link.W.array);
    F.sum(copied(x())).backward();
    expect(copied.W.grad).not.toBeNull();
    expect(link.W.grad).toBeNull();
  });

  test('copied data is equal and apart', () => {
    const link = new Pair();
    const copied = link.copy('copy');
    expect(copied.a.W.tolist()).toEqual(link.a.W.tolist());
    link.a.W.array.set([0, 0, 0, 0]);
    link.mean.set([0, 0]);
    expect(copied.a.W.tolist()).not.toEqual(link.a.W.tolist());
    expect(copied.mean.tolist()).toEqual([1, 2]);
  });

  test('initial values are drawn anew', () => {
    const link = new L.Linear(3, 3);
    expect(link.copy('init').W.tolist()).not.toEqual(link.W.tolist());
    const given = new L.Linear(1, 1, { initialW: np.array([[5]]) });
    given.W.array.set([7]);
    expect(given.copy('init').W.tolist()).toEqual([[5]]);
  });

  test('a parameter without a shape waits for it in the copy too', () => {
    const copied = new L.Linear(null, 2).copy('init');
    expect(copied.W.isInitialized).toBe(false);
    expect(copied(x()).shape).toEqual([1, 2]);
    const windows = [new L.Convolution2D(2, 3), new L.DeconvolutionND(2, null, 2, 3)];
    for (const link of windows)
      expect(
        link
          .copy()(np.zeros([1, 4, 3, 3]))
          .shape.slice(0, 2),
      ).toEqual([1, 2]);
  });

  test('a link that is also in a plain array is the registered one in the copy', () => {
    const copied = new Pair().copy();
    expect(copied.path[0][1]).toBe(copied.a);
  });

  test('frozen links stay frozen', () => {
    const link = new Pair();
    link.disableUpdate();
    expect(link.copy().updateEnabled).toBe(false);
  });

  test('lists and sequences copy their links', () => {
    const list = new ChainList(new L.Linear(2, 2), new L.Linear(2, 2));
    const copied = list.copy('copy');
    expect(copied.length).toBe(2);
    expect(copied.at(0)).not.toBe(list.at(0));
    const sequence = new Sequential(new L.Linear(2, 3), F.relu);
    expect(sequence.copy()(x()).shape).toEqual([1, 3]);
    expect(sequence.copy().at(1)).toBe(F.relu);
  });
});

describe('classes with #private members', () => {
  class Doubling extends Chain {
    inner = new L.Linear(2, 2);
    readonly #factor: number;
    constructor(factor = 2) {
      super();
      this.#factor = factor;
    }
    forward(v: np.NDArray) {
      return this.inner(v).mul(this.#factor);
    }
  }

  /** As a class does it that wants to be copied. */
  class Tripling extends Chain {
    inner = new L.Linear(2, 2);
    #factor = 1;
    constructor(factor = 1) {
      super();
      this.#factor = factor;
    }
    forward(v: np.NDArray) {
      return this.inner(v).mul(this.#factor);
    }
    protected override blank(): Link {
      return new Tripling();
    }
    protected override adopt(source: Link, copy: <T>(value: T) => T) {
      super.adopt(source, copy);
      if (source instanceof Tripling) this.#factor = source.#factor;
    }
  }

  /** Children that only a private member knows. */
  class Hidden extends Link {
    readonly #links = [new L.Linear(1, 1)];
    override namedChildren(): [string, Link][] {
      return this.#links.map((link) => ['0', link]);
    }
  }

  test('are told what a copy needs: at its first call, or at once where children are private', () => {
    const copied = new Doubling().copy();
    expect(() => copied(x())).toThrow(ValueError);
    expect(() => copied(x())).toThrow(/copy: Doubling keeps state in #private members.*blank\(\) and adopt\(\)/);
    expect(() => new Hidden().copy()).toThrow(/copy: Hidden keeps state/);
    expect(new Doubling()(x()).shape).toEqual([1, 2]);
  });

  test('are copied by their own blank and adopt', () => {
    const link = new Tripling(3);
    expect(link.copy()(x()).tolist()).toEqual(link(x()).tolist());
  });
});

describe('repeat', () => {
  test('of a link: as many copies, with values of their own', () => {
    const repeated = new L.Linear(2, 2).repeat(3);
    expect(repeated).toBeInstanceOf(Sequential);
    expect([...repeated.namedParams()].map(([path]) => path)).toEqual(['/0/W', '/0/b', '/1/W', '/1/b', '/2/W', '/2/b']);
    const [first, second] = [...repeated.params()].filter((p) => p.name === 'W');
    expect(first.tolist()).not.toEqual(second.tolist());
    expect(new L.Linear(2, 2).repeat(0).length).toBe(0);
  });

  test('of a sequence: its layers over and over', () => {
    const repeated = new Sequential(new L.Linear(2, 2), F.relu).repeat(2, 'share');
    expect(repeated.length).toBe(4);
    expect(repeated(x()).shape).toEqual([1, 2]);
  });
});

describe('links that are lists', () => {
  const links = () => [new L.Linear(1, 1), new L.Linear(1, 2), new L.Linear(1, 3)];

  test('ChainList changes like a list', () => {
    const [a, b, c] = links();
    const list = new ChainList(a, c);
    list.insert(1, b);
    expect([...list]).toEqual([a, b, c]);
    expect(list.pop()).toBe(c);
    expect(list.pop(0)).toBe(a);
    list.extend([a, c]);
    list.remove(a);
    list.set(-1, a);
    expect([...list]).toEqual([b, a]);
    expect([...list.namedLinks()].map(([path]) => path)).toEqual(['/', '/0', '/1']);
    list.clear();
    expect(list.length).toBe(0);
    expect(() => list.pop()).toThrow('index -1 is out of range for 0 links');
    expect(() => list.remove(a)).toThrow('not in the list');
    expect(() => list.set(0, a)).toThrow('out of range');
  });

  test('Sequential changes like a list', () => {
    const [a, b] = links();
    const sequence = new Sequential(a);
    sequence.extend([F.relu, b]);
    sequence.insert(-1, F.tanh);
    expect([...sequence]).toEqual([a, F.relu, F.tanh, b]);
    expect(sequence.indexOf(F.tanh)).toBe(2);
    expect(sequence.countByLayerType(L.Linear)).toBe(2);
    sequence.remove(F.tanh);
    expect(sequence.pop()).toBe(b);
    sequence.removeByLayerType(L.Linear);
    expect([...sequence]).toEqual([F.relu]);
    sequence.clear();
    expect(sequence.length).toBe(0);
    expect(() => sequence.remove(F.relu)).toThrow('not there');
  });
});

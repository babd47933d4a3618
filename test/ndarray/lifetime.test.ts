/** Scopes: when arrays are freed, and which arrays outlive a scope. */
import { beforeEach, describe, expect, it } from 'vitest';
import { F, GraphError, keep, L, MemoryError, np, optimizers, scope, Variable } from '../../src/index.js';

const live = () => np.memory().arrays;
let before = 0;

beforeEach(() => {
  before = live();
});

describe('scope', () => {
  it('frees arrays that are neither returned nor reachable from the root', () => {
    let lost = np.zeros(2);
    before = live();
    const result = scope(null, () => {
      lost = np.ones(3);
      return np.ones(4).add(1);
    });
    expect(result.tolist()).toEqual([2, 2, 2, 2]);
    expect(live() - before).toBe(1);
    expect(() => lost.dataSync()).toThrow(MemoryError);
    expect(() => lost.add(1)).toThrow(/use after free/);
    result[Symbol.dispose]();
  });

  it('keeps arrays that the root reaches: in lists, maps, plain objects, links and their gradients', () => {
    const root = { list: [] as unknown[], map: new Map<string, unknown>(), link: new L.Linear(null, 3) };
    const x = np.ones([2, 2]);
    scope(root, () => {
      root.list.push([np.ones(1)]);
      root.map.set('a', np.ones(1));
      const y = root.link(new Variable(x));
      y.grad = np.ones([2, 3]);
      y.backward();
    });
    expect(root.link.W.grad?.tolist()).toEqual([
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
    expect(root.link.b?.grad?.tolist()).toEqual([2, 2, 2]);
    expect((root.map.get('a') as np.NDArray).item()).toBe(1);
  });

  it('keeps the graph behind a returned variable', () => {
    const x = new Variable(np.ones(3));
    const loss = scope(null, () => x.mul(x).mul(2).sum());
    loss.backward();
    expect(x.grad?.tolist()).toEqual([4, 4, 4]);
  });

  it('hands survivors of an inner scope to the outer one', () => {
    scope(null, () => {
      const inner = scope(null, () => np.ones(3));
      expect(inner.sum().item()).toBe(3);
    });
    expect(live()).toBe(before);
  });

  it('frees its arrays when the function throws', () => {
    expect(() =>
      scope(null, () => {
        np.ones(3);
        throw new RangeError('stop');
      }),
    ).toThrow('stop');
    expect(live()).toBe(before);
  });

  it('refuses promises', () => {
    expect(() => scope(null, async () => np.ones(1))).toThrow(GraphError);
    expect(live()).toBe(before);
  });

  it('is disposable without a function', () => {
    const swept = scope(null);
    np.ones(5).add(1);
    swept[Symbol.dispose]();
    expect(live()).toBe(before);
  });

  it('leaves kept arrays alone', () => {
    const kept = scope(null, () => {
      const x = keep(np.ones(3));
      return [x.storage];
    });
    expect(kept[0].freed).toBe(false);
    kept[0].free();
    expect(live()).toBe(before);
  });

  it('frees arrays that the root has replaced in a later scope', () => {
    const root = { value: null as np.NDArray | null, other: np.ones(1) };
    const steps = [1, 2, 3].map(() =>
      scope(root, () => {
        root.value = np.ones(4);
        return root.value;
      }),
    );
    expect(live() - before).toBe(2);
    expect(() => steps[1].dataSync()).toThrow(MemoryError);
    expect(steps[2].tolist()).toEqual([1, 1, 1, 1]);
    // A root does not free arrays made outside its scopes, arrays that a user keeps, and returned arrays.
    const { other } = root;
    keep(steps[2]);
    const returned = scope(root, () => {
      root.other = np.zeros(1);
      root.value = null;
      return np.full(1, 7);
    });
    scope(root, () => {});
    expect([other.item(), steps[2].size, returned.item()]).toEqual([1, 4, 7]);
  });

  it('frees a model’s gradients when an update brings new ones', () => {
    const model = new L.Linear(3, 2);
    const optimizer = new optimizers.SGD().setup(model);
    const x = np.ones([4, 3]);
    const update = () => optimizer.update(() => F.sum(model(x)));
    update();
    const { arrays } = np.memory();
    for (let i = 0; i < 5; i++) update();
    expect(live()).toBeLessThanOrEqual(arrays);
    expect(model.W.grad?.size).toBe(6);
    model.cleargrads();
    scope(optimizer, () => {});
    // Two gradients and the loss of the last update.
    expect(live()).toBeLessThanOrEqual(arrays - 3);
  });

  it('counts reshapes of one storage once', () => {
    const x = np.ones([2, 3]);
    const y = x.reshape(3, 2);
    expect(live() - before).toBe(1);
    y[Symbol.dispose]();
    expect(() => x.dataSync()).toThrow(MemoryError);
  });

  it('does not grow over ten thousand iterations', () => {
    const x = np.ones(8);
    const step = () => scope(null, () => x.add(1).mul(2).sum());
    step()[Symbol.dispose]();
    const { arrays, devices } = np.memory();
    for (let i = 0; i < 10_000; i++) step()[Symbol.dispose]();
    expect(live()).toBeLessThanOrEqual(arrays);
    expect(np.memory().devices.wasm?.reserved).toBe(devices.wasm?.reserved);
  });
});

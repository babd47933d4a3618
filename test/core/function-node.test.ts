/** A user's own FunctionNode: what it keeps for backward, in every way a node can hold an array, and when that is freed. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  F,
  FunctionNode,
  GraphError,
  grad,
  L,
  MemoryError,
  noBackpropMode,
  np,
  optimizers,
  scope,
  Variable,
} from '../../src/index.js';

type Arrays = readonly np.NDArray[];
type Variables = readonly Variable[];

/** The slope of max(0, x): 0 or 1, in x's dtype. */
const slopeOf = (x: np.NDArray) => np.greater(x, 0).astype(x.dtype);

class PublicField extends FunctionNode {
  slope: np.NDArray | null = null;
  override forward([x]: Arrays) {
    this.slope = slopeOf(x);
    return [np.multiply(x, this.slope)];
  }
  override backward(_: readonly number[], [gy]: Variables) {
    return [F.mul(gy, this.slope as np.NDArray)];
  }
}

class PrivateField extends FunctionNode {
  #slope: np.NDArray | null = null;
  override forward([x]: Arrays) {
    this.#slope = slopeOf(x);
    return [np.multiply(x, this.#slope)];
  }
  override backward(_: readonly number[], [gy]: Variables) {
    return [F.mul(gy, this.#slope as np.NDArray)];
  }
}

/** Retained inputs do not replace what a private field holds. */
class PrivateFieldAndRetained extends FunctionNode {
  #slope: np.NDArray | null = null;
  override forward([x]: Arrays) {
    this.retainInputs(0);
    this.#slope = slopeOf(x);
    return [np.multiply(x, this.#slope)];
  }
  override backward(_: readonly number[], [gy]: Variables) {
    const [x] = this.getRetainedInputs();
    return [F.add(F.mul(gy, this.#slope as np.NDArray), F.mul(x, 0))];
  }
}

class NestedList extends FunctionNode {
  readonly #lists: np.NDArray[][] = [];
  override forward([x]: Arrays) {
    this.#lists.push([np.ones(3), slopeOf(x)]);
    return [np.multiply(x, this.#lists[0][1])];
  }
  override backward(_: readonly number[], [gy]: Variables) {
    return [F.mul(gy, this.#lists[0][1])];
  }
}

class InMap extends FunctionNode {
  readonly #arrays = new Map<string, { slope: np.NDArray }>();
  override forward([x]: Arrays) {
    const slope = slopeOf(x);
    this.#arrays.set('slope', { slope });
    return [np.multiply(x, slope)];
  }
  override backward(_: readonly number[], [gy]: Variables) {
    return [F.mul(gy, this.#arrays.get('slope')?.slope as np.NDArray)];
  }
}

class Closure extends FunctionNode {
  #gradient: (gy: Variable) => Variable = (gy) => gy;
  override forward([x]: Arrays) {
    const slope = slopeOf(x);
    this.#gradient = (gy) => F.mul(gy, slope);
    return [np.multiply(x, slope)];
  }
  override backward(_: readonly number[], [gy]: Variables) {
    return [this.#gradient(gy)];
  }
}

class Saving extends FunctionNode<[x: np.NDArray], [slope: np.NDArray]> {
  override forward([x]: [np.NDArray]) {
    const slope = slopeOf(x);
    this.save(slope);
    return [np.multiply(x, slope)];
  }
  override backward(_: readonly number[], [gy]: Variables) {
    const [slope] = this.saved;
    return [F.mul(gy, slope)];
  }
}

class SavingInConstructor extends FunctionNode<[x: np.NDArray], [slope: np.NDArray]> {
  constructor(slope: np.NDArray) {
    super();
    this.save(slope);
  }
  override forward([x]: [np.NDArray]) {
    return [np.multiply(np.add(x, 0), ...this.saved)];
  }
  override backward(_: readonly number[], [gy]: Variables) {
    return [F.mul(gy, ...this.saved)];
  }
}

const NODES: Record<string, (x: Variable) => FunctionNode> = {
  'in a public field': () => new PublicField(),
  'in a #private field': () => new PrivateField(),
  'in a #private field, beside a retained input': () => new PrivateFieldAndRetained(),
  'in a nested list': () => new NestedList(),
  'in a Map': () => new InMap(),
  'in a closure': () => new Closure(),
  'by save': () => new Saving(),
  'by save in the constructor': (x) => new SavingInConstructor(slopeOf(x.array)),
};

const X = [-2, 3, 0.5, -1];
const apply = (make: (x: Variable) => FunctionNode, x: Variable) => make(x).apply([x])[0];

describe.each(Object.entries(NODES))('an array that a node holds %s', (_name, make) => {
  it('is there in backward', () => {
    const x = new Variable(np.array(X));
    F.sum(apply(make, x)).backward();
    expect(x.grad?.tolist()).toEqual([0, 1, 1, 0]);
  });

  it('is there in backward within a scope, and the scope frees it', () => {
    const before = np.memory().arrays;
    scope(null, () => {
      const x = new Variable(np.array(X));
      F.sum(apply(make, x)).backward();
      expect(x.grad?.tolist()).toEqual([0, 1, 1, 0]);
    });
    expect(np.memory().arrays).toBe(before);
  });

  it('is there in the backward of a graph that a scope returned', () => {
    const x = new Variable(np.array(X));
    const loss = scope(null, () => F.sum(apply(make, x)));
    loss.backward();
    expect(x.grad?.tolist()).toEqual([0, 1, 1, 0]);
  });

  it('is there in double backward', () => {
    scope(null, () => {
      const x = new Variable(np.array(X));
      const y = apply(make, x);
      const [gx] = grad([F.sum(F.mul(y, y))], [x], { enableDoubleBackprop: true });
      if (!gx) throw new Error('a gradient is expected');
      // The gradient of y² is 2·x·slope, and the gradient of its sum 2·slope.
      expect(F.add(gx, 0).tolist()).toEqual([0, 6, 1, 0]);
      expect(grad([F.sum(gx)], [x])[0]?.tolist()).toEqual([0, 2, 2, 0]);
    });
  });

  it('is freed by the update after backward', () => {
    // What is made outside of forward belongs to the user, and the garbage collector frees it.
    if (make(new Variable(np.array(X))) instanceof SavingInConstructor) return;
    const model = new L.Linear(4, 4);
    const optimizer = new optimizers.SGD(0.01).setup(model);
    const x = np.array([X]);
    const step = () => {
      const loss = F.sum(apply(make, model(x)));
      model.cleargrads();
      loss.backward();
      optimizer.update();
    };
    step();
    step();
    const before = np.memory();
    for (let k = 0; k < 10; k++) step();
    expect(np.memory().arrays).toBe(before.arrays);
    expect(np.memory().devices.wasm?.bytes).toBe(before.devices.wasm?.bytes);
  });

  it('leaves memory flat where backward never runs', () => {
    const x = new Variable(np.array(X));
    const run = (times: number) => {
      for (let k = 0; k < times; k++) apply(make, x);
    };
    run(1000);
    const before = np.memory().arrays;
    run(1000);
    expect(Math.abs(np.memory().arrays - before)).toBeLessThan(200);
  });
});

describe('memory of nodes', () => {
  it('stays flat over 10,000 steps of training', () => {
    const model = new L.Linear(4, 4);
    const optimizer = new optimizers.SGD(0.001).setup(model);
    const x = np.array([X]);
    let before = 0;
    for (let k = 0; k < 10_000; k++) {
      const loss = F.sum(new PrivateField().apply([model(x)])[0]);
      model.cleargrads();
      loss.backward();
      optimizer.update();
      if (k === 100) before = np.memory().arrays;
    }
    expect(np.memory().arrays).toBe(before);
  });

  it('temporaries go with forward where the node saves', () => {
    class Temporaries extends FunctionNode<[x: np.NDArray], [slope: np.NDArray]> {
      override forward([x]: [np.NDArray]) {
        const slope = slopeOf(x);
        this.save(slope);
        return [np.add(np.multiply(np.multiply(x, slope), 2), 1)];
      }
    }
    scope(null, () => {
      const x = new Variable(np.array(X));
      const before = np.memory().arrays;
      new Temporaries().apply([x]);
      expect(np.memory().arrays - before).toBe(2); // the result and the slope
    });
  });

  it('temporaries go with forward where no graph is recorded', () => {
    scope(null, () => {
      const x = new Variable(np.array(X));
      const before = np.memory().arrays;
      noBackpropMode(() => new PrivateField().apply([x]));
      expect(np.memory().arrays - before).toBe(1);
    });
  });

  it('a node does not keep its results', () => {
    const x = new Variable(np.array(X));
    const graph = scope(null, () => F.sum(new PrivateField().apply([x])[0]));
    const [y] = graph.creator?.inputs ?? [];
    expect(y.array).toBeNull();
    const held = np.memory().arrays;
    scope(null, () => {
      new PrivateField().apply([x]);
    });
    expect(np.memory().arrays).toBe(held);
  });
});

describe('arrays that a node did not keep', () => {
  it('an array beside the saved ones names save', () => {
    class Forgetful extends FunctionNode<[x: np.NDArray], [slope: np.NDArray]> {
      #other: np.NDArray | null = null;
      override forward([x]: [np.NDArray]) {
        const slope = slopeOf(x);
        this.#other = np.add(slope, 1);
        this.save(slope);
        return [np.multiply(x, slope)];
      }
      override backward(_: readonly number[], [gy]: Variables) {
        return [F.mul(gy, this.#other as np.NDArray)];
      }
    }
    const y = F.sum(new Forgetful().apply([new Variable(np.array(X))])[0]);
    expect(() => y.backward()).toThrow(MemoryError);
    expect(() => y.backward()).toThrow(/use after free: .*this\.save\(x\)/);
  });

  it('saved, without save', () => {
    class Nothing extends FunctionNode<[x: np.NDArray], [slope: np.NDArray]> {
      override forward([x]: [np.NDArray]) {
        return [np.add(x, 1)];
      }
      override backward() {
        return [F.add(new Variable(this.saved[0]), 0)];
      }
    }
    const y = F.sum(new Nothing().apply([new Variable(np.array(X))])[0]);
    expect(() => y.backward()).toThrow(GraphError);
    expect(() => y.backward()).toThrow(
      /Nothing: backward asks for what forward did not keep: call this\.save\(array\)/,
    );
  });

  it.each([[undefined], [null], [7], [[1]]])('forward that returns %s', (result) => {
    class Wrong extends FunctionNode {
      override forward() {
        return result as unknown as np.NDArray[];
      }
    }
    const x = new Variable(np.array(X));
    const before = np.memory().arrays;
    expect(() => new Wrong().apply([x])).toThrow(/Wrong: forward returned .*expected a list of NDArrays/);
    // No scope of the failed call stays open.
    scope(null, () => {
      np.ones(3);
    });
    expect(np.memory().arrays).toBe(before);
  });
});

describe('types of a node', () => {
  type Inputs = [x: np.NDArray, W: np.NDArray, b?: np.NDArray];
  class Product extends FunctionNode<Inputs, [scale: number]> {
    override forward([x, W, b]: Inputs) {
      this.retainInputs(0, 1);
      this.save(2);
      const y = np.matmul(x, W);
      expectTypeOf(b).toEqualTypeOf<np.NDArray | undefined>();
      return [b ? np.add(y, b) : y];
    }
    override backward(targets: readonly number[], [gy]: Variables) {
      expectTypeOf(this.saved).toEqualTypeOf<[scale: number]>();
      const [x, W] = this.getRetainedInputs();
      const gradients = [() => F.matmul(gy, W, false, true), () => F.matmul(x, gy, true), () => F.sum(gy, 0)];
      return targets.map((i) => gradients[i]());
    }
  }

  it('an optional input may be left out', () => {
    const [x, W, b] = [np.ones([2, 3]), np.ones([3, 4]), np.zeros(4)].map((a) => new Variable(a));
    F.sum(new Product().apply([x, W])[0]).backward();
    expect(W.grad?.shape).toEqual([3, 4]);
    F.sum(new Product().apply([x, W, b])[0]).backward();
    expect(b.grad?.tolist()).toEqual([2, 2, 2, 2]);
    // @ts-expect-error: W is not optional
    expect(() => new Product().apply([x])).toThrow();
  });
});

/** Variables, backward and double backward, and the modes that switch recording off. */
import { describe, expect, it } from 'vitest';
import { config, F, GraphError, grad, noBackpropMode, np, ShapeError, usingConfig, Variable } from '../../src/index.js';

const variable = (...values: number[]) => new Variable(np.array(values));

describe('backward', () => {
  it('adds up the gradients of a diamond', () => {
    const x = variable(1, 2, 3);
    const a = x.mul(x);
    a.add(x.mul(3)).add(a).sum().backward();
    expect(x.grad?.tolist()).toEqual([7, 11, 15]);
  });

  it('accumulates over calls, and cleargrad forgets', () => {
    const x = variable(2);
    for (let i = 0; i < 2; i++) x.mul(x).backward();
    expect(x.grad?.tolist()).toEqual([8]);
    x.cleargrad();
    expect(x.grad).toBeNull();
  });

  it('drops gradients of intermediate variables unless asked', () => {
    const x = variable(1, 2);
    const h = x.mul(2);
    h.sum().backward();
    expect(h.grad).toBeNull();
    const kept = x.mul(2);
    kept.mul(kept).sum().backward({ retainGrad: true });
    expect(kept.grad?.tolist()).toEqual([4, 8]);
  });

  it('wants a gradient for anything but one number', () => {
    const y = variable(1, 2).mul(2);
    expect(() => y.backward()).toThrow(GraphError);
    y.grad = np.array([1, 10]);
    y.backward();
    expect(() => {
      y.grad = np.ones(3);
    }).toThrow(ShapeError);
  });

  it('gives an unused output a gradient of zeros', () => {
    const x = variable(1, 2, 3, 4);
    const y = F.getItem(x, [0]);
    F.getItem(x, [1]);
    y.backward();
    expect(x.grad?.tolist()).toEqual([1, 0, 0, 0]);
  });

  it('scales the loss', () => {
    const x = variable(3);
    x.mul(x).backward({ lossScale: 8 });
    expect(x.grad?.tolist()).toEqual([48]);
  });

  it('is cut by unchainBackward', () => {
    const x = variable(3);
    const h = x.mul(2);
    const y = h.mul(h);
    y.unchainBackward();
    expect(y.creator).toBeNull();
    expect(h.creator).toBeNull();
  });

  it('follows a graph of ten thousand functions', () => {
    const x = variable(1);
    let y: Variable = x;
    for (let i = 0; i < 10_000; i++) y = y.add(0);
    y.backward();
    expect(x.grad?.tolist()).toEqual([1]);
  });
});

describe('grad', () => {
  it('computes derivatives of derivatives and leaves .grad alone', () => {
    const x = variable(2);
    const y = x.pow(4);
    const [g1] = grad([y], [x], { enableDoubleBackprop: true });
    const [g2] = grad([g1 as Variable], [x], { enableDoubleBackprop: true });
    const [g3] = grad([g2 as Variable], [x]);
    expect([g1, g2, g3].map((g) => g?.item())).toEqual([32, 48, 48]);
    expect(x.grad).toBeNull();
  });

  it('gives null where no gradient flows, and gradients of intermediate variables', () => {
    const [x, z] = [variable(3), variable(5)];
    const h = x.mul(2);
    const [gx, gh, gz] = grad([h.mul(h)], [x, h, z]);
    expect([gx?.item(), gh?.item(), gz]).toEqual([24, 12, null]);
  });
});

describe('modes', () => {
  it('noBackpropMode records nothing', () => {
    const x = variable(2);
    expect(noBackpropMode(() => x.mul(x)).creator).toBeNull();
    expect(config.enableBackprop).toBe(true);
  });

  it('usingConfig restores after an error, and refuses promises', () => {
    expect(() =>
      usingConfig('train', false, () => {
        throw new RangeError('x');
      }),
    ).toThrow('x');
    expect(config.train).toBe(true);
    expect(() => usingConfig('train', false, async () => 1)).toThrow(GraphError);
  });
});

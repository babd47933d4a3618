/** Hooks of links: when they are called, and the weights that weight-changing hooks compute. */
import { describe, expect, test } from 'vitest';
import {
  F,
  L,
  type Link,
  type LinkHook,
  linkHooks,
  np,
  Sequential,
  usingConfig,
  usingLinkHook,
  Variable,
} from '../../src/index.js';

/** A linear layer with this weight and no bias. */
function linearOf(weight: number[][]): L.Linear {
  return new L.Linear(weight[0].length, weight.length, { initialW: np.array(weight), nobias: true });
}

class Recorder implements LinkHook {
  readonly name = 'Recorder';
  readonly seen: string[] = [];

  added(link: Link) {
    this.seen.push(`added to ${link.constructor.name}`);
  }

  deleted(link: Link) {
    this.seen.push(`deleted from ${link.constructor.name}`);
  }

  forwardPreprocess(link: Link, args: readonly unknown[]) {
    this.seen.push(`before ${link.constructor.name} of ${args.length}`);
  }

  forwardPostprocess(link: Link) {
    this.seen.push(`after ${link.constructor.name}`);
  }
}

describe('hooks', () => {
  test('of one link', () => {
    const link = linearOf([[1, 2]]);
    const hook = new Recorder();
    link.addHook(hook);
    link(np.array([[3, 4]]));
    link.deleteHook('Recorder');
    link(np.array([[3, 4]]));
    expect(hook.seen).toEqual(['added to Linear', 'before Linear of 1', 'after Linear', 'deleted from Linear']);
    expect(link.localHooks).toEqual([]);
    expect(() => link.deleteHook('Recorder')).toThrow("no hook 'Recorder'");
    link.addHook(hook);
    expect(() => link.addHook(hook)).toThrow("has a hook 'Recorder' already");
  });

  test('of all links, outer ones around inner ones', () => {
    const hook = new Recorder();
    const model = new Sequential(linearOf([[1]]), F.relu);
    usingLinkHook(hook, () => model(np.array([[1]])));
    expect(hook.seen).toEqual(['before Sequential of 1', 'before Linear of 1', 'after Linear', 'after Sequential']);
  });

  test('see the end of a call that fails', () => {
    const hook = new Recorder();
    const link = linearOf([[1, 2]]);
    link.addHook(hook);
    expect(() => link(np.array([[1]]))).toThrow('1 features');
    expect(hook.seen.at(-1)).toBe('after Linear');
  });

  test('TimerHook counts calls by class', () => {
    const hook = new linkHooks.TimerHook();
    const model = new Sequential(linearOf([[1]]), linearOf([[2]]));
    usingLinkHook(hook, () => model(np.array([[1]])));
    expect(hook.summary().get('Linear')?.calls).toBe(2);
    expect(hook.summary().get('Sequential')?.calls).toBe(1);
    const lines: string[] = [];
    hook.printReport((line) => lines.push(line));
    expect(lines.length).toBe(3);
  });
});

describe('SpectralNormalization', () => {
  /** Largest singular value 6, the others 3 and 1. */
  const weight = [
    [0, 6, 0],
    [3, 0, 0],
    [0, 0, 1],
  ];
  const identity = np.array([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]);
  /** What the link multiplies by, once the estimate has settled. */
  function settled(link: L.Linear): number[][] {
    let y = link(identity);
    for (let i = 0; i < 40; i++) y = link(identity);
    return y.tolist() as number[][];
  }

  test('divides by the largest singular value', () => {
    const link = linearOf(weight);
    link.addHook(new linkHooks.SpectralNormalization());
    const y = settled(link);
    expect(y[1][0]).toBeCloseTo(1, 4);
    expect(y[0][1]).toBeCloseTo(0.5, 4);
    expect(link.W.tolist()).toEqual(weight);
    expect(link.persistents().map(([name]) => name)).toEqual(['W_u']);
  });

  test('divides the value by a factor, and multiplies by a learnt gamma', () => {
    const half = linearOf(weight);
    half.addHook(new linkHooks.SpectralNormalization({ factor: 2 }));
    expect(settled(half)[1][0]).toBeCloseTo(2, 4);
    const learnt = linearOf(weight);
    learnt.addHook(new linkHooks.SpectralNormalization({ useGamma: true, nPowerIteration: 20 }));
    expect(settled(learnt)[1][0]).toBeCloseTo(6, 2);
    expect([...learnt.namedParams()].map(([path]) => path)).toEqual(['/W', '/W_gamma']);
  });

  test('keeps its vector in test mode, and takes everything with it when deleted', () => {
    const link = linearOf(weight);
    const hook = new linkHooks.SpectralNormalization({ useGamma: true });
    link.addHook(hook);
    const before = link.persistents()[0][1] as np.NDArray;
    const values = before.tolist();
    usingConfig('train', false, () => link(identity));
    expect(before.tolist()).toEqual(values);
    link(identity);
    expect(before.tolist()).not.toEqual(values);
    link.deleteHook(hook.name);
    expect(link.persistents()).toEqual([]);
    expect([...link.namedParams()].map(([path]) => path)).toEqual(['/W']);
    expect(link(identity).tolist()).toEqual(np.array(weight).transpose().tolist());
  });

  test('the gradient is that of W/σ: none along W itself', () => {
    const link = linearOf(weight);
    link.addHook(new linkHooks.SpectralNormalization({ nPowerIteration: 50 }));
    const y = link(identity);
    F.sum(
      F.mul(
        y,
        new Variable(
          np.array([
            [1, 2, 3],
            [4, 5, 6],
            [7, 8, 9],
          ]),
        ),
      ),
    ).backward();
    const along = (link.W.grad as Variable).array.mul(link.W.array).sum().item();
    expect(along).toBeCloseTo(0, 3);
  });

  test('reads a transposed convolution by its outputs', () => {
    const link = new L.Deconvolution2D(3, 2, 1, 1, 0, { nobias: true });
    link.addHook(new linkHooks.SpectralNormalization());
    expect((link.persistents()[0][1] as np.NDArray).shape).toEqual([2]);
  });

  test('waits for a weight that has no shape yet', () => {
    const link = new L.Linear(null, 4);
    link.addHook(new linkHooks.SpectralNormalization());
    expect(link(np.ones([2, 3])).shape).toEqual([2, 4]);
    expect((link.persistents()[0][1] as np.NDArray).shape).toEqual([4]);
  });

  test('refuses a link without the weight', () => {
    const hook = new linkHooks.SpectralNormalization({ weightName: 'V' });
    expect(() => linearOf([[1]]).addHook(hook)).toThrow("no parameter 'V'");
  });
});

test('WeightStandardization gives each output mean 0 and variance 1', () => {
  const link = linearOf([
    [1, 2, 3],
    [-5, 0, 20],
  ]);
  link.addHook(new linkHooks.WeightStandardization({ eps: 0 }));
  const w = link(np.eye(3)).array.transpose();
  expect(np.mean(w, 1).tolist()).toEqual([expect.closeTo(0, 5), expect.closeTo(0, 5)]);
  expect(np.var(w, 1).tolist()).toEqual([expect.closeTo(1, 4), expect.closeTo(1, 4)]);
});

/** Links as text, their summaries and their state as plain objects. Oracles: numbers counted by hand. */
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  Chain,
  ChainList,
  compile,
  F,
  KeyError,
  L,
  np,
  Sequential,
  ShapeError,
  type VariableLike,
} from '../../src/index.js';

class Net extends Chain {
  readonly conv = new L.Convolution2D(1, 6, 5);
  readonly bn = new L.BatchNormalization(6);
  readonly head = new Sequential(new L.Linear(null, 84), F.relu, new F.Dropout(0.5), F.exp, new L.Linear(84, 10));
  readonly blocks = new ChainList(new L.PReLU());

  forward(x: VariableLike) {
    return this.head(F.maxPooling2d(F.relu(this.bn(this.conv(x))), 2, 2));
  }
}

describe('the tree of a link', () => {
  test('has children in the order of the fields, functions, shapes and counts', () => {
    const text = [
      'Net(',
      '  (conv): Convolution2D(W=(6, 1, 5, 5), b=(6,)) // 156 parameters',
      '  (bn): BatchNormalization(beta=(6,), gamma=(6,)) // 12 parameters',
      '  (head): Sequential(',
      '    (0): Linear(W=?, b=(84,)) // 84 parameters and those of unknown shape',
      '    relu',
      '    Dropout(0.5)',
      '    exp',
      '    (1): Linear(W=(10, 84), b=(10,)) // 850 parameters',
      '  ) // 934 parameters and those of unknown shape',
      '  (blocks): ChainList(',
      '    (0): PReLU(W=()) // 1 parameters',
      '  ) // 1 parameters',
      ') // 1,103 parameters and those of unknown shape',
    ].join('\n');
    const net = new Net();
    for (const shown of [String(net), `${net}`, inspect(net)]) expect(shown).toBe(text);
    expect(inspect({ net })).toContain('  net: Net(\n    (conv): Convolution2D(');
    expect(inspect([[net]], { depth: 0 })).not.toContain('Convolution2D');
  });

  test('counts what is shared once, says what is frozen, and ends where a link holds itself', () => {
    const layer = new L.Linear(2, 2);
    expect(String(new ChainList(layer, layer))).toMatch(/\) \/\/ 6 parameters$/);
    layer.disableUpdate();
    expect(String(layer)).toBe('Linear(W=(2, 2), b=(2,)) // 6 parameters, frozen');
    const chain = new Chain();
    chain.addLink('self', chain);
    expect(String(chain)).toBe('Chain(\n  (self): Chain\n)');
  });
});

describe('summary', () => {
  test('has the layers of the compiled model, with the same parameters and multiplications', () => {
    const net = new Net();
    const x = np.zeros([2, 1, 28, 28]);
    const summary = net.summary([x]);
    const conv = summary.layers.find(({ layer }) => layer === 'conv');
    expect(conv).toEqual({
      layer: 'conv',
      functions: ['Convolution2d'],
      shape: [2, 6, 24, 24],
      parameters: 156,
      macs: 2 * 6 * 24 * 24 * 25,
    });
    expect(summary.parameters).toBe(156 + 12 + 84 * 864 + 84 + 850 + 1);
    expect(summary.macs).toBe(2 * (6 * 24 * 24 * 25 + 84 * 864 + 840));
    expect(summary.macs).toBe(compile(net, [x]).summary().macs);
    expect(inspect(summary)).toContain('head/0');
    expect(String(summary)).toMatch(/73,679 parameters, 319,632 MACs$/);
  });

  test('counts transposed convolutions and products', () => {
    const up = new L.Deconvolution2D(3, 4, 2, 2).summary([np.zeros([1, 3, 5, 6])]);
    expect(up.macs).toBe(3 * 5 * 6 * 4 * 2 * 2);
    const product = new Sequential((x: VariableLike) => F.matmul(x, np.ones([7, 3]))).summary([np.ones([2, 7])]);
    expect(product.macs).toBe(2 * 7 * 3);
    expect(product.layers.map(({ layer }) => layer)).toEqual(['MatMul']);
  });
});

describe('stateDict', () => {
  const ready = () => {
    const net = new Net();
    net.summary([np.zeros([1, 1, 28, 28])]);
    return net;
  };

  test('has the arrays of the link by their paths in files, persistents too', () => {
    const net = ready();
    const state = net.stateDict();
    expect(Object.keys(state).sort()).toEqual([
      'blocks/0/W',
      'bn/N',
      'bn/avg_mean',
      'bn/avg_var',
      'bn/beta',
      'bn/gamma',
      'conv/W',
      'conv/b',
      'head/0/W',
      'head/0/b',
      'head/1/W',
      'head/1/b',
    ]);
    expect(state['conv/W']).toBe(net.conv.W.array);
    expect(state['bn/N'].item()).toBe(0);
  });

  test('is copied into another link, which gets its shapes', () => {
    const [net, other] = [ready(), new Net()];
    net.bn.N = 3;
    const differences = other.loadStateDict(net.stateDict());
    expect(differences).toEqual({ missing: [], unexpected: [] });
    expect(other.head.at(0)).not.toBe(net.head.at(0));
    for (const [path, array] of Object.entries(net.stateDict())) {
      expect(other.stateDict()[path].tolist()).toEqual(array.tolist());
    }
    expect(other.conv.W.array).not.toBe(net.conv.W.array);
    expect(other.bn.N).toBe(3);
  });

  test('that does not fit changes nothing, and the error lists every mismatch', () => {
    const net = ready();
    const before = net.conv.b?.array.tolist();
    const { 'bn/beta': _, ...state } = net.stateDict();
    const wrong = { ...state, 'conv/b': np.ones([6]), extra: np.ones([1]), 'bn/gamma': np.ones([7]) };
    expect(() => net.loadStateDict(wrong)).toThrow(KeyError);
    expect(() => net.loadStateDict(wrong)).toThrow(
      "loadStateDict: missing: 'bn/beta'; unexpected: 'extra'; 'bn/gamma' is (7,), expected (6,)",
    );
    expect(() => net.loadStateDict(wrong, { strict: false })).toThrow(ShapeError);
    expect(net.conv.b?.array.tolist()).toEqual(before);
    const { 'bn/gamma': __, ...partial } = wrong;
    expect(net.loadStateDict(partial, { strict: false })).toEqual({
      missing: ['bn/beta', 'bn/gamma'],
      unexpected: ['extra'],
    });
    expect(net.conv.b?.array.tolist()).toEqual([1, 1, 1, 1, 1, 1]);
  });
});

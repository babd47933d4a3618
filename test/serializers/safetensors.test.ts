/** Weights of models saved as safetensors and loaded again. */
import { describe, expect, it } from 'vitest';
import { parseSafetensors } from '../../src/formats/safetensors.js';
import { Chain, F, FormatError, KeyError, L, np, serializers, type VariableLike } from '../../src/index.js';

class Net extends Chain {
  conv = new L.Convolution2D(1, 2, 3);
  fc = new L.Linear(8, 3);

  forward(x: VariableLike) {
    return this.fc(F.relu(this.conv(x)));
  }
}

describe('safetensors', () => {
  it('gives the same model back, under any names', () => {
    const x = np.random.rand(2, 1, 4, 4);
    const [a, b] = [new Net(), new Net()];
    const bytes = serializers.toSafetensors(a, { names: serializers.torchNames, metadata: { made: 'here' } });
    const { arrays, metadata } = parseSafetensors(bytes);
    expect([...arrays.keys()].sort()).toEqual(['conv.bias', 'conv.weight', 'fc.bias', 'fc.weight']);
    expect(metadata).toEqual({ made: 'here' });
    expect(arrays.get('fc.weight')?.shape).toEqual([3, 8]);
    serializers.fromSafetensors(bytes, b, { names: serializers.torchNames });
    expect(b(x).tolist()).toEqual(a(x).tolist());
  });

  it('takes a table of names', () => {
    const [a, b] = [new L.Linear(2, 1), new L.Linear(null, 1)];
    serializers.fromSafetensors(serializers.toSafetensors(a, { names: { W: 'kernel' } }), b, {
      names: { W: 'kernel' },
    });
    expect(b.W.tolist()).toEqual(a.W.tolist());
  });

  it('refuses missing names and damage, and leaves the model as it was', () => {
    const [a, b] = [new L.Linear(2, 1), new L.Linear(2, 1)];
    const before = b.W.tolist();
    const bytes = serializers.toSafetensors(a);
    expect(() => serializers.fromSafetensors(bytes, b, { names: { b: 'bias' } })).toThrow(KeyError);
    expect(() => serializers.fromSafetensors(bytes.slice(0, -1), b)).toThrow(FormatError);
    expect(b.W.tolist()).toEqual(before);
  });

  it('names of parameters are data', () => {
    const names = ['a/constructor', 'a/__proto__', 'W', 'a/toString'].map(serializers.torchNames);
    expect(names).toEqual(['a.constructor', 'a.__proto__', 'weight', 'a.toString']);
  });

  it('takes limits', () => {
    const a = new L.Linear(2, 1);
    const bytes = serializers.toSafetensors(a);
    expect(() => serializers.fromSafetensors(bytes, a, { limits: { nodes: 1 } })).toThrow(/limits\.nodes \(1\)/);
    expect(() => serializers.fromSafetensors(bytes, a, { limits: { depth: 2 } })).toThrow(/limits\.depth \(2\)/);
    const npz = serializers.toNpz(a);
    expect(() => serializers.fromNpz(npz, a, { limits: { bytes: 100 } })).toThrow(/limits\.bytes \(100 B\)/);
  });
});

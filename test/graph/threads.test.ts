/**
 * Compiled models compute the same with threads as with one thread, whether threads start before or after compiling.
 */
import { afterAll, expect, it } from 'vitest';
import { LeNet5 } from '../../examples/lenet5.js';
import { Chain, compile, F, getRuntimeInfo, init, L, np, type Variable, type VariableLike } from '../../src/index.js';

/** The layers of VGG, few and narrow. */
class Narrow extends Chain {
  conv1 = new L.Convolution2D(3, 32, 3, 1, 1);
  conv2 = new L.Convolution2D(32, 67, 3, 1, 1);
  conv3 = new L.Convolution2D(67, 128, 3, 1, 1);
  fc = new L.Linear(null, 1000);

  forward(x: VariableLike): Variable {
    let h = F.maxPooling2d(F.relu(this.conv1(x)), 2);
    h = F.maxPooling2d(F.relu(this.conv2(h)), 2);
    h = F.maxPooling2d(F.relu(this.conv3(h)), 2);
    return F.softmax(this.fc(h));
  }
}

afterAll(() => init({ threads: 1 }));

for (const [name, make, shape] of [
  ['LeNet5', () => new LeNet5(), [32, 1, 28, 28]],
  ['a narrow VGG', () => new Narrow(), [2, 3, 32, 32]],
  ['a narrow VGG of one image', () => new Narrow(), [1, 3, 48, 48]],
] as const) {
  it(`computes ${name} as one thread does`, async () => {
    await init({ threads: 1 });
    np.random.seed(0);
    const [model, x] = [make(), np.random.randn(...shape)];
    const before = compile(model, [x]);
    const want = [...before(x).dataSync()];
    await init({ threads: 3 });
    expect(getRuntimeInfo().threads.count).toBe(3);
    const after = compile(model, [x]);
    expect([...before(x).dataSync()]).toEqual(want);
    expect([...after(x).dataSync()]).toEqual(want);
    await init({ threads: 1 });
    expect([...after(x).dataSync()]).toEqual(want);
  }, 60_000);
}

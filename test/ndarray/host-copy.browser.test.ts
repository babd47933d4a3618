/** Models on a WebGL2 device whose context is lost and restored. */
import { expect, test } from 'vitest';
import {
  Chain,
  DeviceLostError,
  F,
  init,
  keepHostCopy,
  L,
  np,
  optimizers,
  scope,
  type VariableLike,
} from '../../src/index.js';
import { loseContext } from '../support/webgl-context.js';

class Model extends Chain {
  fc1 = new L.Linear(4, 8);
  fc2 = new L.Linear(8, 3);

  forward(x: VariableLike) {
    return this.fc2(F.tanh(this.fc1(x)));
  }
}

test('a kept model and its optimizer train on after the loss of the context; other arrays report their loss', async () => {
  const canvas = new OffscreenCanvas(1, 1);
  await init({ device: 'webgl', canvas });
  const [model, x, t] = [new Model(), np.random.rand(5, 4), np.array([0, 1, 2, 0, 1], 'int32')];
  const optimizer = new optimizers.MomentumSGD(0.1).setup(model);
  const lossOf = () => scope(model, () => F.softmaxCrossEntropy(model(x), t).item());
  const step = () => optimizer.update(() => F.softmaxCrossEntropy(model(x), t));
  step();
  await keepHostCopy([model, optimizer, x, t]);
  const kept = lossOf();
  const other = np.ones([7]);
  step();
  expect(lossOf()).not.toBe(kept);

  const restore = await loseContext(canvas);
  expect(lossOf).toThrow(DeviceLostError);
  setTimeout(restore);
  await init({ device: 'webgl' });

  expect(lossOf()).toBeCloseTo(kept, 6);
  for (let i = 0; i < 5; i++) step();
  expect(lossOf()).toBeLessThan(kept);
  expect(() => other.dataSync()).toThrow(DeviceLostError);
  expect(() => other.dataSync()).toThrow(/7 elements of float32 were lost/);
});

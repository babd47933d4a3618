/** LeNet5 learns as Chainer's does: twenty steps from Chainer's weights, on every backend. */
import { describe, expect, it } from 'vitest';
import { LeNet5 } from '../../examples/lenet5.js';
import { F, init, L, np, optimizers, scope, serializers, slice, Variable } from '../../src/index.js';
import { usingDevice } from '../../src/ndarray/device.js';
import { loadFixture, loadGroup, toDeviceArray } from '../support/load-fixture.js';

interface TrainCase {
  name: string;
  op: string;
  optimizer: string;
  kwargs: Record<string, number>;
  batch_size: number;
  losses: number[];
  accuracies: number[];
  final: { name: string; shape: number[]; of: string; rows?: [number, number] }[];
  tol: { rtol: number; atol: number };
}

const inBrowser = typeof document !== 'undefined';
const { manifest, arrays } = await loadGroup<{ cases: TrainCase[] }>('models');
const weights = await loadFixture('models/lenet5.npz');
const cases = manifest.cases.filter((c) => c.op === 'train');
if (inBrowser) await init({ device: 'webgl' });
await init({ device: 'wasm' });

describe.each(inBrowser ? (['wasm', 'webgl'] as const) : (['wasm'] as const))('LeNet5 on %s', (device) => {
  it.each(cases)('$name follows the losses and weights of Chainer', (test) =>
    usingDevice(device, () =>
      scope(null, () => {
        const model = new L.Classifier(new LeNet5());
        serializers.fromNpz(weights, model.predictor);
        model.toDevice(device);
        const make = { SGD: optimizers.SGD, MomentumSGD: optimizers.MomentumSGD, Adam: optimizers.Adam }[
          test.optimizer
        ];
        if (!make) throw new Error(`no optimizer ${test.optimizer}`);
        const optimizer = new make(...Object.values(test.kwargs)).setup(model);
        const [x, t] = ['x', 't'].map((name) => toDeviceArray(arrays.get(`lenet5_data/${name}`)));
        test.losses.forEach((loss, step) => {
          const from = (step * test.batch_size) % x.shape[0];
          const rows = slice(from, from + test.batch_size);
          optimizer.update(() => model(x.at(rows), t.at(rows)));
          expect(model.loss?.item()).toBeCloseTo(loss, 4);
          expect(model.accuracy?.item()).toBeCloseTo(test.accuracies[step], 6);
        });
        const params = new Map(model.predictor.namedParams());
        for (const { name, of, rows } of test.final) {
          const want = toDeviceArray(arrays.get(`${test.name}/${name}`)).dataSync();
          const param = params.get(of) as Variable;
          const got = (rows ? param.array.at(slice(...rows)) : param.array).dataSync();
          const scale = Math.max(1, ...want.map(Math.abs));
          got.forEach((g, i) => {
            const accepted = test.tol.atol * scale + test.tol.rtol * Math.abs(want[i]);
            expect(Math.abs(g - want[i]), `${of}[${i}]: ${g} for ${want[i]}`).toBeLessThanOrEqual(accepted);
          });
        }
      }),
    ),
  );

  it('the loss of its gradient is the one of softmaxCrossEntropy', () =>
    usingDevice(device, () =>
      scope(null, () => {
        np.random.seed(0);
        const [y, t] = [np.random.randn(4, 10), np.random.randint(0, 10, [4])];
        const x = new Variable(y);
        const direct = F.softmaxCrossEntropy(x, t);
        const byHand = F.logSoftmax(x).at([0, 1, 2, 3], t).mean().neg();
        expect(direct.item()).toBeCloseTo(byHand.item(), 5);
      }),
    ));
});

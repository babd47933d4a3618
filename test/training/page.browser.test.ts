/** Training in a page: on the GPU, without a file system, while the page responds. */
import { describe, expect, it } from 'vitest';
import {
  DictSummary,
  datasets,
  F,
  init,
  iterators,
  L,
  np,
  optimizers,
  Sequential,
  training,
  usingDevice,
} from '../../src/index.js';

await init({ device: 'webgl' });
await init({ device: 'wasm' });

const { extensions } = training;

/** A classifier of points by the sign of their sum, learnt for some epochs. */
async function learn(device: 'wasm' | 'webgl', epochs: number) {
  np.random.seed(3);
  const points = np.random.randn(64, 2).dataSync() as Float32Array;
  const labels = Int32Array.from({ length: 64 }, (_, i) => Number(points[2 * i] + points[2 * i + 1] > 0));
  const model = new L.Classifier(new Sequential(new L.Linear(2, 2))).toDevice(device);
  const dataset = new datasets.TupleDataset(new datasets.ArrayDataset(points, [2]), labels);
  const updater = new training.StandardUpdater(
    new iterators.SerialIterator(dataset, 16),
    new optimizers.Adam(0.1).setup(model),
    { device },
  );
  const page = document.createElement('div');
  const bar = document.createElement('pre');
  const shown: string[] = [];
  const trainer = new training.Trainer(updater, [epochs, 'epoch']);
  const test = new iterators.SerialIterator(dataset, 16, { repeat: false });
  const log = new extensions.LogReport();
  trainer
    .extend(new extensions.Evaluator(test, model, { device }))
    .extend(log)
    .extend(new extensions.PrintReport(['epoch', 'main/loss'], { out: page }))
    .extend(new extensions.ProgressBar({ out: bar, updateInterval: 4 }))
    .extend(extensions.snapshot())
    .extend(() => void shown.push(bar.textContent ?? ''), { name: 'look', trigger: [1, 'epoch'], priority: 0 });
  const measured: number[] = [];
  trainer.extend(() => void measured.push(np.memory().arrays), { name: 'measure', trigger: [1, 'epoch'] });
  await trainer.run();
  return { trainer, log: log.log, page, shown, measured };
}

describe.each(['wasm', 'webgl'] as const)('a training on %s', (device) => {
  it('learns, reports into the page, writes no files, and leaves no arrays behind', async () => {
    const { trainer, log, page, shown, measured } = await usingDevice(device, () => Promise.resolve(learn(device, 6)));
    expect(trainer.output).toBeNull();
    expect(log.length).toBe(6);
    expect(log[5]['main/loss']).toBeLessThan(log[0]['main/loss'] / 2);
    expect(log[5]['validation/main/accuracy']).toBeGreaterThan(0.9);
    const [header, ...rows] = Array.from(page.querySelectorAll('table tr'), (row) =>
      Array.from(row.children, (cell) => `${cell.localName} ${cell.textContent}`),
    );
    expect([header, rows.length]).toEqual([['th epoch', 'th main/loss'], 6]);
    expect(rows[5][0]).toBe('td 6');
    expect(Number(rows[5][1].slice(3))).toBeCloseTo(log[5]['main/loss'], 4);
    expect(shown[2]).toContain('total [#########################');
    for (const [i, arrays] of measured.slice(2).entries()) expect(arrays).toBeLessThanOrEqual(measured[i + 1]);
  });
});

it('both devices give one log', async () => {
  const [wasm, webgl] = [await learn('wasm', 2), await learn('webgl', 2)];
  wasm.log.forEach((entry, i) => {
    for (const key of ['main/loss', 'main/accuracy', 'validation/main/loss']) {
      expect(webgl.log[i][key]).toBeCloseTo(entry[key], 4);
    }
  });
});

it('a summary of values on the GPU is the one of their numbers, and reads them only when asked', async () => {
  const summary = new DictSummary();
  const { arrays } = np.memory();
  const values = [0.5, 2, -1, 4];
  usingDevice('webgl', () => {
    for (const [i, value] of values.entries()) {
      using x = np.array(value);
      summary.add({ x: [x, i + 1], y: x });
    }
  });
  const { x, 'x.std': std, y } = await summary.makeStatistics();
  expect([x, y]).toEqual([expect.closeTo((0.5 + 4 - 3 + 16) / 10, 6), expect.closeTo(5.5 / 4, 6)]);
  expect(std).toBeCloseTo(Math.sqrt((0.25 + 8 + 3 + 64) / 10 - 1.75 ** 2), 5);
  summary.clear();
  // What earlier tests left may have been collected meanwhile.
  expect(np.memory().arrays).toBeLessThanOrEqual(arrays);
});

it('the page draws while a network trains', async () => {
  let frames = 0;
  let running = true;
  const count = () => {
    frames++;
    if (running) requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  const model = new L.Linear(8, 1);
  const updater = new training.StandardUpdater(
    new iterators.SerialIterator([np.ones(8)], 1),
    new optimizers.SGD(0.01).setup(model),
    { lossFunc: (x: np.NDArray) => F.sum(model(x)) },
  );
  const until = performance.now() + 500;
  await new training.Trainer(updater, () => performance.now() > until, null).run();
  running = false;
  expect(frames).toBeGreaterThan(5);
});

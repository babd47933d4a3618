/** Extensions that wait for names that nobody reports warn once and list the reported names. */
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { iterators, L, np, optimizers, Sequential, training } from '../../src/index.js';

const { extensions } = training;

let warn: MockInstance;
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => void vi.restoreAllMocks());

const examples = Array.from({ length: 4 }, (_, i) => [np.ones(2), i % 2] as const);
const sink = { textContent: null as string | null };

function makeTrainer(epochs: number, evaluatedEvery: number | null = 1) {
  const model = new L.Classifier(new Sequential(new L.Linear(2, 2)));
  const updater = new training.StandardUpdater(
    new iterators.SerialIterator(examples, 1),
    new optimizers.SGD().setup(model),
  );
  const trainer = new training.Trainer(updater, [epochs, 'epoch'], null);
  if (evaluatedEvery !== null) {
    const iterator = new iterators.SerialIterator(examples, 4, { repeat: false });
    trainer.extend(new extensions.Evaluator(iterator, model), { trigger: [evaluatedEvery, 'epoch'] });
  }
  return trainer;
}

const MAKERS: Readonly<Record<string, (names: string[]) => training.Extension>> = {
  PrintReport: (names) =>
    new extensions.PrintReport(names, {
      out: sink,
      logReport: new extensions.LogReport({ trigger: [2, 'iteration'] }),
    }),
  PlotReport: (names) => new extensions.PlotReport(names, 'iteration', { trigger: [2, 'iteration'] }),
  LogReport: (names) => new extensions.LogReport({ keys: names, trigger: [2, 'iteration'] }),
};

describe.each(Object.entries(MAKERS))('%s', (name, make) => {
  it('warns once of names that nobody reports', async () => {
    await makeTrainer(3)
      .extend(make(['main/loss', 'loss', 'val/loss']))
      .run();
    expect(warn).toHaveBeenCalledTimes(1);
    const [[text]] = warn.mock.calls;
    expect(text).toMatch(
      new RegExp(`^${name}: nothing has reported 'loss', 'val/loss' so far; the reported names are: `),
    );
    for (const there of ['main/loss', 'main/accuracy', 'validation/main/loss', 'validation/main/accuracy'])
      expect(text).toContain(there);
  });

  it('waits for values that are evaluated once an epoch', async () => {
    await makeTrainer(2)
      .extend(make(['main/loss', 'validation/main/loss']))
      .run();
    expect(warn).not.toHaveBeenCalled();
  });

  it('warns at the end of a training that was shorter than an epoch', async () => {
    const trainer = makeTrainer(0.5, null).extend(make(['main/loss', 'loss']));
    await trainer.run();
    expect(warn.mock.calls.map(([text]) => text)).toEqual([
      expect.stringMatching(`^${name}: nothing has reported 'loss' so far`),
    ]);
  });
});

it('MicroAverage warns at the end', async () => {
  await makeTrainer(1, null)
    .extend(new extensions.MicroAverage('main/right', 'main/loss', 'x'))
    .run();
  expect(warn.mock.calls[0][0]).toMatch(
    /^MicroAverage: nothing has reported 'main\/right' so far; the reported names are: main\/loss, main\/accuracy/,
  );
});

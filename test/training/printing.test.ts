/** Trainers, updaters, extensions and triggers print their settings. */
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { datasets, iterators, L, np, optimizers, training } from '../../src/index.js';

const { triggers, extensions } = training;

test.each([
  [new optimizers.SGD(0.5), 'SGD(lr=0.5, t=0)'],
  [new triggers.IntervalTrigger(2, 'epoch'), "IntervalTrigger(period=2, unit='epoch')"],
  [new triggers.ManualScheduleTrigger([1, 3], 'iteration'), "ManualScheduleTrigger(points=[1, 3], unit='iteration')"],
  [new triggers.TimeTrigger(60), 'TimeTrigger(period=60)'],
  [
    new triggers.MaxValueTrigger('val/acc'),
    "MaxValueTrigger(key='val/acc', trigger=IntervalTrigger(period=1, unit='epoch'))",
  ],
  [
    new datasets.TupleDataset(np.zeros([4, 2]), Int32Array.of(1, 2, 3, 4)),
    'TupleDataset(length=4, datasets=[RowsDataset(length=4), NumbersDataset(length=4)])',
  ],
])('%#', (object, text) => {
  expect(inspect(object)).toBe(text);
  expect(String(object)).toBe(text);
});

test('iterators, updaters, trainers and extensions name their parts', () => {
  const iterator = new iterators.SerialIterator([1, 2, 3], 2, { repeat: false });
  expect(inspect(iterator)).toMatch(/^SerialIterator\([\s\S]*batchSize=2[\s\S]*repeat=false/);
  const updater = new training.StandardUpdater(iterator, new optimizers.Adam().setup(new L.Linear(1, 1)));
  expect(inspect(updater)).toMatch(/optimizer=Adam\([\s\S]*alpha=0.001/);
  const trainer = new training.Trainer(updater, [3, 'epoch'], null, [new extensions.LogReport()]);
  expect(inspect(trainer)).toMatch(
    /^Trainer\([\s\S]*IntervalTrigger\(period=3, unit='epoch'\)[\s\S]*extensions=\['LogReport'\]/,
  );
  expect(inspect(new extensions.LogReport())).toMatch(/^LogReport\(/);
});

/** Mistakes of JavaScript users in a training, and the errors they get. */
import { describe, expect, it, test } from 'vitest';
import {
  Chain,
  datasets,
  F,
  iterators,
  L,
  np,
  optimizers,
  serializers,
  training,
  ValueError,
} from '../../src/index.js';

const { extensions, triggers } = training;

const model = () => new L.Classifier(new L.Linear(2, 2));
const data = () => Array.from({ length: 4 }, (_, i) => [np.ones(2), i % 2] as const);
const iterator = (options: object = {}) => new iterators.SerialIterator(data(), 2, options);
const updater = (options: object = {}) =>
  new training.StandardUpdater(iterator(), new optimizers.SGD().setup(model()), options);
function nothing() {}
const trainer = () => new training.Trainer(updater(), [1, 'epoch'], null);

/** What takes options, with a name that it has. */
const TAKERS: Readonly<Record<string, readonly [take: (options: never) => unknown, known: string]>> = {
  SerialIterator: [iterator, 'shuffle'],
  MultithreadIterator: [(o) => new iterators.MultithreadIterator(data(), 2, o), 'nPrefetch'],
  StandardUpdater: [updater, 'lossFunc'],
  ParallelUpdater: [(o) => new training.ParallelUpdater(iterator(), new optimizers.SGD().setup(model()), o), 'threads'],
  'Trainer.extend': [(o) => trainer().extend(() => {}, o), 'callBeforeTraining'],
  makeExtension: [(o) => training.makeExtension(o, () => {}), 'finalize'],
  replica: [(o) => training.replica(model, o), 'lossFunc'],
  EarlyStoppingTrigger: [(o) => new triggers.EarlyStoppingTrigger(o), 'patience'],
  DumpGraph: [(o) => new extensions.DumpGraph('main/loss', o), 'filename'],
  Evaluator: [(o) => new extensions.Evaluator(iterator({ repeat: false }), model(), o), 'evalFunc'],
  ExponentialShift: [(o) => new extensions.ExponentialShift('lr', 0.5, o), 'target'],
  InverseShift: [(o) => new extensions.InverseShift('lr', 1, 1, o), 'init'],
  LinearShift: [(o) => new extensions.LinearShift('lr', [0, 1], [0, 1], o), 'optimizer'],
  LogReport: [(o) => new extensions.LogReport(o), 'filename'],
  MultistepShift: [(o) => new extensions.MultistepShift('lr', 0.5, [1], null, o), 'optimizer'],
  ParameterStatistics: [(o) => new extensions.ParameterStatistics(model(), o), 'prefix'],
  PlotReport: [(o) => new extensions.PlotReport('main/loss', 'epoch', o), 'marker'],
  PolynomialShift: [(o) => new extensions.PolynomialShift('lr', 1, 3, o), 'target'],
  PrintReport: [(o) => new extensions.PrintReport(['epoch'], o), 'logReport'],
  ProgressBar: [(o) => new extensions.ProgressBar(o), 'barLength'],
  StepShift: [(o) => new extensions.StepShift('lr', 0.5, 1, o), 'init'],
  VariableStatisticsPlot: [(o) => new extensions.VariableStatisticsPlot(model(), o), 'plotMean'],
  WarmupShift: [(o) => new extensions.WarmupShift('lr', 0.1, 1, 1, o), 'optimizer'],
  snapshot: [(o) => extensions.snapshot(o), 'nRetains'],
  snapshotObject: [(o) => extensions.snapshotObject(model(), 'm', o), 'savefun'],
  lossScaling: [(o) => new optimizers.SGD().lossScaling(o), 'interval'],
  concatExamples: [(o) => datasets.concatExamples([1, 2], null, o), 'padding'],
  ArrayDataset: [(o) => new datasets.ArrayDataset(new Float32Array(2), [1], o), 'scale'],
  ImageDataset: [(o) => new datasets.ImageDataset([], o), 'root'],
  ModuleDataset: [(o) => new datasets.ModuleDataset('file:///x.js', 3, o), 'args'],
  toNpz: [(o) => serializers.toNpz(model(), o), 'compression'],
  fromNpz: [(o) => serializers.fromNpz(serializers.toNpz(model()), model(), o), 'strict'],
  toSafetensors: [(o) => serializers.toSafetensors(model(), o), 'names'],
  fromSafetensors: [(o) => serializers.fromSafetensors(serializers.toSafetensors(model()), model(), o), 'names'],
};

describe.each(Object.entries(TAKERS))('%s', (name, [take, known]) => {
  it('refuses options that do not exist, and lists those there are', () => {
    const wrong = `${known}x`;
    expect(() => take({ [wrong]: 1 } as never)).toThrow(TypeError);
    expect(() => take({ [wrong]: 1 } as never)).toThrow(
      new RegExp(`${name}: no option '${wrong}'; there are .*${known}`),
    );
  });

  it('refuses options that are not an object', () => {
    for (const options of [null, 3, [1, 'epoch'], 'epoch']) {
      expect(() => take(options as never), String(options)).toThrow(TypeError);
      expect(() => take(options as never)).toThrow(`${name}: options are `);
    }
  });
});

test('asynchronous functions reject', async () => {
  const wrong = { sorce: 'x' } as never;
  const getters = {
    getMnist: datasets.getMnist(wrong),
    getFashionMnist: datasets.getFashionMnist(wrong),
    getKuzushijiMnist: datasets.getKuzushijiMnist(wrong),
    getCifar10: datasets.getCifar10(wrong),
    getCifar100: datasets.getCifar100(wrong),
    getSvhn: datasets.getSvhn(wrong),
  };
  for (const [name, promise] of Object.entries(getters))
    await expect(promise).rejects.toThrow(new RegExp(`${name}: no option 'sorce'; there are.*source`));
  await expect(serializers.loadNpz(new Uint8Array(), model(), { stict: false } as never)).rejects.toThrow(
    /no option 'stict'/,
  );
  await expect(datasets.TextDataset.load(new Uint8Array(), { encodng: 'x' } as never)).rejects.toThrow(TypeError);
});

describe('invalid times', () => {
  const WRONG: readonly (readonly [unknown, RegExp])[] = [
    [
      ['epoch', 1],
      /\['epoch', 1\] is not an interval; expected a number and 'epoch' or 'iteration', such as \[1, 'epoch'\]/,
    ],
    [[0, 'epoch'], /period is 0, expected a positive number/],
    [[-1, 'iteration'], /period is -1/],
    [[Number.NaN, 'epoch'], /period is NaN/],
    [[1, 'epochs'], /\[1, 'epochs'\]/],
    [[1, 'week'], /\[1, 'week'\]/],
    [[1], /\[1\] is not an interval/],
    [[], /\[\] is not an interval/],
    [[1, 'epoch', 2], /not an interval/],
    [['1', 'epoch'], /\['1', 'epoch'\]/],
    ['epoch', /the text 'epoch' is not a trigger/],
    [5, /5 is not a trigger/],
    [{}, /is not a trigger/],
    [undefined, /undefined is not a trigger/],
    [triggers.TimeTrigger, /TimeTrigger is a class/],
  ];
  it.each(WRONG)('%j', (when, message) => {
    expect(() => training.getTrigger(when as never)).toThrow(ValueError);
    expect(() => training.getTrigger(when as never)).toThrow(message);
    if (when === undefined) return;
    expect(() => new training.Trainer(updater(), when as never, null)).toThrow(message);
    expect(() => trainer().extend(nothing, { trigger: when as never })).toThrow(message);
    expect(() => new extensions.LogReport({ trigger: when as never })).toThrow(message);
    expect(() => new triggers.MaxValueTrigger('x', when as never)).toThrow(message);
  });

  it('in triggers that are made by name', () => {
    expect(() => new triggers.ManualScheduleTrigger(['3'] as never, 'epoch')).toThrow(ValueError);
    expect(() => new triggers.ManualScheduleTrigger(undefined as never, 'epoch')).toThrow(ValueError);
    expect(() => new triggers.ManualScheduleTrigger(3, 'days' as never)).toThrow(ValueError);
    expect(() => new triggers.OneShotTrigger(Number.NaN, 'epoch')).toThrow(ValueError);
    expect(() => new triggers.TimeTrigger('5' as never)).toThrow(ValueError);
    expect(() => new triggers.EarlyStoppingTrigger({ patience: 0 })).toThrow(/patience is 0/);
    expect(() => new triggers.EarlyStoppingTrigger({ mode: 'least' as never })).toThrow(/'min', 'max' or 'auto'/);
  });
});

describe('extensions', () => {
  it('are not classes, nor functions that make extensions', async () => {
    expect(() => trainer().extend(extensions.LogReport as never)).toThrow(
      /LogReport is a class; pass an instance, new LogReport/,
    );
    await expect(
      trainer()
        .extend(extensions.observeLr as never)
        .run(),
    ).rejects.toThrow(/observeLr is a function that makes an extension/);
    for (const wrong of [undefined, null, {}, 'LogReport', 3])
      expect(() => trainer().extend(wrong as never)).toThrow(ValueError);
  });

  it('are in a trainer once, under names that differ', () => {
    const log = new extensions.LogReport();
    const one = trainer().extend(log);
    expect(() => one.extend(log)).toThrow(/this LogReport is in the trainer already, as 'LogReport'/);
    expect(() => one.extend(log, { name: 'another' })).toThrow(ValueError);
    one.extend(new extensions.LogReport(), { name: 'LogReport' });
    expect(one.getExtension('LogReport_1')).not.toBe(log);
    expect(() => one.extend(nothing, { name: 'training' })).toThrow(ValueError);
    expect(() => one.extend(() => {})).toThrow(/no name/);
  });

  it('have axes and columns', () => {
    expect(() => new extensions.PlotReport(['a'], 'epochs' as never)).toThrow(/'iteration' or 'epoch'/);
    expect(() => new extensions.PlotReport(['a'], { trigger: [1, 'epoch'] } as never)).toThrow(ValueError);
    expect(() => new extensions.PrintReport('epoch' as never)).toThrow(
      /entries are the text 'epoch', expected a list of names/,
    );
  });
});

describe('trainers', () => {
  it('have an updater', () => {
    for (const wrong of [undefined, model(), new optimizers.SGD(), {}])
      expect(() => new training.Trainer(wrong as never)).toThrow(/Trainer: the updater is /);
  });

  it('run once, and not two at a time with one updater', async () => {
    const shared = updater();
    const [first, second] = [1, 1].map((epochs) => new training.Trainer(shared, [epochs, 'epoch'], null));
    const running = first.run();
    await expect(second.run()).rejects.toThrow(/in another training that runs now/);
    await running;
    await expect(first.run()).rejects.toThrow(/it has run already/);
    await new training.Trainer(shared, [2, 'epoch'], null).run();
    expect(shared.epoch).toBe(2);
  });

  it('may run two at a time, each with its updater', async () => {
    const both = [trainer(), trainer()];
    await Promise.all(both.map((one) => one.run()));
    expect(both.map((one) => one.updater.epoch)).toEqual([1, 1]);
  });
});

describe('updaters and evaluators', () => {
  const sgd = () => new optimizers.SGD().setup(model());
  it.each([
    [
      'swapped',
      () => new training.StandardUpdater(sgd() as never, iterator() as never),
      /an iterator is expected.*SGD/,
    ],
    ['a dataset', () => new training.StandardUpdater(data() as never, sgd()), /an iterator is expected.*an array of 4/],
    [
      'a model',
      () => new training.StandardUpdater(iterator(), model() as never),
      /an optimizer is expected.*Classifier/,
    ],
    [
      'nothing',
      () => new training.StandardUpdater(undefined as never, sgd()),
      /StandardUpdater: an iterator is expected.*undefined/,
    ],
    ['names of others', () => new training.StandardUpdater({ main: 3 } as never, sgd()), /got 3 as 'main'/],
    [
      'an evaluator’s model',
      () => new extensions.Evaluator(iterator({ repeat: false }), F.relu as never),
      /Evaluator: a link is expected/,
    ],
    [
      'an evaluator’s iterator',
      () => new extensions.Evaluator(data() as never, model()),
      /Evaluator: an iterator is expected/,
    ],
  ])('refuse %s', (_, make, message) => {
    expect(make).toThrow(ValueError);
    expect(make).toThrow(message);
  });

  it('refuse an asynchronous model, in words', async () => {
    class Late extends Chain {
      fc = new L.Linear(2, 1);
      async forward(x: np.NDArray) {
        return F.sum(this.fc(x));
      }
    }
    const late = new training.StandardUpdater(iterator(), new optimizers.SGD().setup(new Late()), {
      converter: () => [np.ones([1, 2])],
    });
    await expect(late.update()).rejects.toThrow(/StandardUpdater: the loss function is asynchronous/);
  });
});

test('an object without state is neither saved nor loaded', () => {
  for (const wrong of [undefined, 'model.npz', {}, L.Linear]) {
    expect(() => serializers.toNpz(wrong as never)).toThrow(/toNpz: .* has no state/);
    expect(() => serializers.fromNpz(serializers.toNpz(model()), wrong as never)).toThrow(ValueError);
    expect(() => serializers.toSafetensors(wrong as never)).toThrow(ValueError);
  }
});

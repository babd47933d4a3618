/** A training that stops and resumes equals an uninterrupted one, to the bit: weights, logs, pictures, later draws. */
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import {
  Chain,
  datasets,
  F,
  iterators,
  L,
  np,
  optimizerHooks,
  optimizers,
  serializers,
  training,
  type VariableLike,
} from '../../src/index.js';
import { MemoryDirectory } from '../support/memory-directory.js';

const { extensions, triggers } = training;

class Net extends Chain {
  l1 = new L.Linear(6, 8);
  norm = new L.BatchNormalization(8);
  l2 = new L.Linear(8, 3);

  forward(x: VariableLike) {
    return this.l2(F.dropout(F.relu(this.norm(this.l1(x))), 0.3));
  }
}

/** 22 examples in batches of 5: epochs end within batches. */
const SIZE = 22;
const BATCH = 5;

/** Examples that are noised, by np.random, each time they are got. */
function examples(seed: number) {
  const random = new np.random.RandomState(seed);
  const x = np.array(Float32Array.from(random.normal(0, 1, SIZE * 6))).reshape(SIZE, 6);
  const t = np.array(random.randint(0, 3, SIZE));
  return new datasets.TupleDataset(x, t);
}

const noised = (dataset: ReturnType<typeof examples>) =>
  new datasets.TransformDataset(dataset, ([x, t]) => [x.add(np.random.normal(0, 0.1, [6])), t] as const);

interface Case {
  optimizer?: () => optimizers.Optimizer;
  iterator?: 'serial' | 'multithread' | 'own generator';
  stop?: (end: number) => training.TriggerLike;
  snapshot?: training.ExtendOptions;
  /** Before which of the other extensions the snapshot stands. */
  place?: number;
  more?: (trainer: training.Trainer) => void;
}

/** Files without compression, which would take most of the time. */
const plain = (target: serializers.Serializable) => serializers.toNpz(target, { compression: false });

/** The program: it is the same in every process, but for its seed, as if nobody had set one. */
function makeTrainer(seed: number, end: number, out: MemoryDirectory, testCase: Case) {
  np.random.seed(seed);
  const { iterator = 'serial', stop = (n: number) => [n, 'iteration'] as const, place = 0, snapshot = {} } = testCase;
  const model = new L.Classifier(new Net());
  const optimizer = (testCase.optimizer?.() ?? new optimizers.Adam(0.01)).setup(model);
  optimizer.addHook(new optimizerHooks.WeightDecay(1e-3));
  optimizer.addHook(new optimizerHooks.GradientNoise(1e-3));
  const data = noised(examples(1));
  const batches =
    iterator === 'multithread'
      ? new iterators.MultithreadIterator(data, BATCH, { nThreads: 0, nPrefetch: 6 })
      : new iterators.SerialIterator(
          data,
          BATCH,
          iterator === 'serial'
            ? {}
            : { orderSampler: new iterators.ShuffleOrderSampler(new np.random.RandomState(seed + 1)) },
        );
  const trainer = new training.Trainer(new training.StandardUpdater(batches, optimizer), stop(end), out);
  const plot = new extensions.PlotReport(['main/loss', 'validation/main/loss'], 'iteration', { filename: 'p.svg' });
  const statistics = new extensions.VariableStatisticsPlot(model, { maxSampleSize: 4, filename: 's.svg' });
  const log = new extensions.LogReport({ trigger: [3, 'iteration'] });
  const best = new triggers.MaxValueTrigger('validation/main/accuracy');
  const others: (() => unknown)[] = [
    () =>
      trainer.extend(new extensions.Evaluator(new iterators.SerialIterator(examples(2), 7, { repeat: false }), model)),
    () => trainer.extend(extensions.snapshotObject(model, 'best.npz', { savefun: plain }), { trigger: best }),
    () => trainer.extend(new extensions.ExponentialShift('lr', 0.9), { trigger: [1, 'epoch'] }),
    () => trainer.extend(new extensions.MicroAverage('main/accuracy', 'main/loss', 'ratio', [1, 'epoch'])),
    () => trainer.extend(new extensions.ParameterStatistics(model, { trigger: [4, 'iteration'] })),
    () => trainer.extend(statistics, { trigger: [1, 'iteration'] }),
    () => trainer.extend(plot),
    () => trainer.extend(extensions.observeLr()),
    () => trainer.extend(log),
  ];
  others.splice(place, 0, () =>
    trainer.extend(extensions.snapshot({ autoload: true, savefun: plain }), { name: 'snapshot', ...snapshot }),
  );
  for (const extend of others) extend();
  testCase.more?.(trainer);
  return { trainer, model, optimizer, plot, statistics, log, best };
}

type Run = ReturnType<typeof makeTrainer>;

/** All that a run leaves behind. */
async function outcome({ trainer, plot, statistics, log, best }: Run) {
  await trainer.run();
  const state = new Map<string, unknown>();
  trainer.serialize(new serializers.DictionarySerializer(state as never));
  for (const key of [...state.keys()]) if (/elapsed|_log$/.test(key)) state.delete(key);
  return {
    iteration: trainer.updater.iteration,
    state,
    log: log.log.map(({ elapsed_time, ...entry }) => entry),
    best: best.bestValue,
    pictures: [plot.svg, statistics.svg],
    host: np.random.rand(3).tolist(),
    normal: np.random.randn(3).tolist(),
    kernel: F.dropout(np.ones([20]), 0.5).tolist(),
  };
}

/** Runs to the end, and once more with a break, and compares. */
async function compare(end: number, breakAt: number, testCase: Case): Promise<void> {
  const whole = await outcome(makeTrainer(3, end, new MemoryDirectory(), testCase));
  const out = new MemoryDirectory();
  await makeTrainer(3, breakAt, out, testCase).trainer.run();
  const second = makeTrainer(1234, end, out, testCase);
  np.random.rand(17);
  F.dropout(np.ones(3));
  expect(await outcome(second)).toEqual(whole);
}

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));
afterEach(() => void vi.restoreAllMocks());

const at = (period: number): training.ExtendOptions => ({ trigger: [period, 'iteration'] });

describe('a resumed training equals the uninterrupted one', () => {
  it.each([0, 1, 9])('wherever the snapshot stands among the extensions (%i)', async (place) => {
    await compare(12, 9, { place });
    await compare(12, 7, { place, snapshot: at(7) });
  });

  it.each([1, 4, 5, 9])('wherever it stops (after %i iterations)', async (breakAt) => {
    await compare(14, breakAt, { snapshot: at(1) });
  });

  it.each([1000, -1000])('whatever the snapshot’s priority (%i)', async (priority) => {
    await compare(12, 9, { place: 4, snapshot: { priority } });
  });

  const OPTIMIZERS: Readonly<Record<string, () => optimizers.Optimizer<object>>> = {
    MomentumSGD: () => new optimizers.MomentumSGD(0.05),
    AMSBound: () => new optimizers.AMSBound(0.01),
    RMSprop: () => new optimizers.RMSprop(0.01),
    SMORMS3: () => new optimizers.SMORMS3(0.01),
  };
  it.each(Object.keys(OPTIMIZERS))('with %s', async (name) => {
    await compare(10, 6, { optimizer: OPTIMIZERS[name], snapshot: at(3) });
  });

  it('with a loss scale that changes', async () => {
    const optimizer = () => {
      const made = new optimizers.SGD(0.05);
      made.lossScaling({ interval: 3 });
      return made;
    };
    await compare(10, 6, { optimizer, snapshot: at(3) });
  });

  it.each([3, 5, 8])('with batches that are fetched ahead, over several epochs (after %i)', async (breakAt) => {
    await compare(13, breakAt, { iterator: 'multithread', snapshot: at(1) });
  });

  it.each([4, 5])('with an order from a generator of its own (after %i)', async (breakAt) => {
    await compare(12, breakAt, { iterator: 'own generator', snapshot: at(1) });
  });

  it('with a stop that watches a value', async () => {
    const stop = (end: number) =>
      new triggers.EarlyStoppingTrigger({
        monitor: 'validation/main/loss',
        patience: 2,
        maxTrigger: [end, 'iteration'],
      });
    for (const breakAt of [5, 9]) await compare(24, breakAt, { stop, place: 3, snapshot: at(1) });
  });

  it('with a rate that a function changes', async () => {
    const more = (trainer: training.Trainer) => {
      const optimizer = trainer.updater.getOptimizer('main') as optimizers.MomentumSGD;
      const cool = () => {
        optimizer.momentum *= 0.9;
      };
      trainer.extend(cool, { trigger: [2, 'iteration'] });
      trainer.extend(new extensions.WarmupShift('lr', 0.001, 4, 0.07));
    };
    await compare(12, 7, { optimizer: () => new optimizers.MomentumSGD(0.03), more, snapshot: at(1) });
  });

  it('saved and loaded by hand', async () => {
    const whole = await outcome(makeTrainer(3, 12, new MemoryDirectory(), {}));
    const first = makeTrainer(3, 8, new MemoryDirectory(), {});
    await first.trainer.run();
    const file = serializers.toNpz(first.trainer);
    const second = makeTrainer(99, 12, new MemoryDirectory(), {});
    serializers.fromNpz(file, second.trainer);
    expect(await outcome(second)).toEqual(whole);
  });
});

test('a training whose end was saved is at its end; a longer one goes on', async () => {
  const out = new MemoryDirectory();
  const make = (end: number) => makeTrainer(3, end, out, { stop: (n) => [n, 'epoch'] });
  await make(2).trainer.run();
  const again = make(2);
  await again.trainer.run();
  expect(again.trainer.updater.iteration).toBe(9);
  const longer = make(3);
  await longer.trainer.run();
  expect(longer.trainer.updater.epoch).toBe(3);
});

test('a rate that the program changes meanwhile holds', async () => {
  const out = new MemoryDirectory();
  const make = (lr: number, end: number) => {
    const optimizer = new optimizers.SGD(lr).setup(new L.Classifier(new L.Linear(6, 3)));
    const updater = new training.StandardUpdater(new iterators.SerialIterator(examples(1), BATCH), optimizer);
    const trainer = new training.Trainer(updater, [end, 'iteration'], out);
    trainer.extend(function halve() {
      optimizer.lr *= 0.5;
    });
    return {
      optimizer,
      trainer: trainer.extend(extensions.snapshot({ autoload: true }), { trigger: [1, 'iteration'] }),
    };
  };
  await make(0.8, 2).trainer.run();
  const same = make(0.8, 3);
  await same.trainer.run();
  expect(same.optimizer.lr).toBeCloseTo(0.1, 12);
  const changed = make(0.02, 4);
  await changed.trainer.run();
  expect(changed.optimizer.lr).toBeCloseTo(0.01, 12);
});

test('np.random goes on from a state', () => {
  np.random.seed(5);
  np.random.randn(3);
  F.dropout(np.ones(3));
  const state = np.random.getState();
  const draw = () => [np.random.randn(5).tolist(), F.dropout(np.ones(50), 0.5).tolist()];
  const want = draw();
  expect(draw()).not.toEqual(want);
  np.random.setState(state);
  expect(draw()).toEqual(want);
});

test('one point an epoch: no more after a resume', async () => {
  const out = new MemoryDirectory();
  const points = async (end: number) => {
    const { trainer, plot } = makeTrainer(3, end, out, { stop: (n) => [n, 'epoch'] });
    await trainer.run();
    // each point is marked by a cross
    return plot.svg.match(/stroke="#1f77b4" stroke-width="1.5"><path d="([^"]*)"/)?.[1].split('l6 6').length;
  };
  expect(await points(3)).toBe(3 + 1);
  expect(await points(5)).toBe(5 + 1);
});

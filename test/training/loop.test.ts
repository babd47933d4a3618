/** The work of a Trainer between updates: order, names, errors, memory, the event loop. */
import { describe, expect, it, test } from 'vitest';
import {
  datasets,
  F,
  iterators,
  KeyError,
  L,
  MemoryError,
  np,
  optimizers,
  report,
  training,
  ValueError,
  Variable,
  type VariableLike,
} from '../../src/index.js';
import { trainingCases } from '../support/training-fixtures.js';

const { extensions } = training;

/** Regression of 22 random vectors by one linear layer. */
class Regression extends L.Linear {
  loss: Variable | null = null;

  constructor() {
    super(3, 1);
  }

  computeLoss(x: VariableLike, t: VariableLike): Variable {
    this.loss = F.meanSquaredError(this.forward(x), t);
    report({ loss: this.loss }, this);
    return this.loss;
  }
}

function makeUpdater(batchSize = 10, n = 22) {
  const model = new Regression();
  const optimizer = new optimizers.Adam().setup(model);
  const dataset = new datasets.TupleDataset(np.random.randn(n, 3), np.random.randn(n, 1));
  const iterator = new iterators.SerialIterator(dataset, batchSize);
  const lossFunc = (x: np.NDArray, t: np.NDArray) => model.computeLoss(x, t);
  return { model, updater: new training.StandardUpdater(iterator, optimizer, { lossFunc }) };
}

function makeTrainer(iterations: number) {
  const { model, updater } = makeUpdater();
  return { model, trainer: new training.Trainer(updater, [iterations, 'iteration'], null) };
}

test.each(
  trainingCases<{
    n: number;
    batch_size: number;
    stop: [number, training.Unit];
    extensions: {
      name: string;
      priority: number;
      trigger: [number, training.Unit];
      call_before_training: boolean;
      registered_as: string;
    }[];
    calls: [number, string][];
  }>('extension_order'),
)('$name follows Chainer', async ({ n, batch_size, stop, extensions: list, calls }) => {
  const trainer = new training.Trainer(makeUpdater(batch_size, n).updater, stop, null);
  const called: [number, string][] = [];
  for (const { name, priority, trigger, call_before_training, registered_as } of list) {
    trainer.extend(({ updater }) => called.push([updater.iteration, registered_as]), {
      name,
      priority,
      trigger,
      callBeforeTraining: call_before_training,
    });
    expect(trainer.getExtension(registered_as).name).toBe(registered_as);
  }
  await trainer.run();
  expect(called).toEqual(calls);
});

describe('extensions', () => {
  it('have names', () => {
    const { trainer } = makeTrainer(1);
    expect(() => trainer.extend(() => {})).toThrow(/no name/);
    expect(() => trainer.extend(() => {}, { name: 'training' })).toThrow(ValueError);
    expect(() => trainer.getExtension('nothing')).toThrow(KeyError);
    trainer.extend(function look() {});
    expect(trainer.getExtension('look')).toBeInstanceOf(training.Extension);
  });

  it('are awaited, and what they report is observed', async () => {
    const { trainer } = makeTrainer(1);
    const seen: unknown[] = [];
    trainer.extend(
      async ({ observation }) => {
        report({ early: 1 });
        await new Promise((resolve) => setTimeout(resolve, 1));
        observation.late = 2;
      },
      { name: 'writer', priority: training.PRIORITY_WRITER },
    );
    trainer.extend(({ observation }) => seen.push(observation.early, observation.late), { name: 'reader' });
    await trainer.run();
    expect(seen).toEqual([1, 2]);
  });

  it('are made of functions with their own trigger, priority and life', async () => {
    const { trainer } = makeTrainer(3);
    const events: string[] = [];
    trainer.extend(
      training.makeExtension(
        {
          trigger: [2, 'iteration'],
          defaultName: 'counter',
          initialize: () => void events.push('initialize'),
          finalize: () => void events.push('finalize'),
        },
        ({ updater }) => events.push(String(updater.iteration)),
      ),
    );
    await trainer.run();
    expect(events).toEqual(['initialize', '2', 'finalize']);
  });
});

describe('run', () => {
  it('runs once', async () => {
    const { trainer } = makeTrainer(1);
    expect(trainer.elapsedTime).toBe(0);
    await trainer.run();
    expect(trainer.elapsedTime).toBeGreaterThan(0);
    const { elapsedTime } = trainer;
    await expect(trainer.run()).rejects.toThrow(/already/);
    expect(trainer.elapsedTime).toBe(elapsedTime);
  });

  it('tells extensions of an error, finalizes them, and rejects', async () => {
    const { trainer } = makeTrainer(5);
    const failure = new Error('diverged');
    const events: unknown[] = [];
    const extension = training.makeExtension(
      { defaultName: 'watch', onError: (_, error) => void events.push(error), finalize: () => void events.push('end') },
      ({ updater }) => {
        if (updater.iteration === 2) throw failure;
      },
    );
    trainer.extend(extension);
    await expect(trainer.run()).rejects.toBe(failure);
    expect(events).toEqual([failure, 'end']);
    expect(trainer.updater.iteration).toBe(2);
  });

  it('stops when a function says so', async () => {
    const { updater } = makeUpdater();
    await new training.Trainer(updater, ({ updater }) => updater.iteration === 7, null).run();
    expect(updater.iteration).toBe(7);
  });

  it('ends with an error when the iterator ends', async () => {
    const optimizer = new optimizers.SGD().setup(new Regression());
    const iterator = new iterators.SerialIterator([np.zeros(3)], 1, { repeat: false });
    const updater = new training.StandardUpdater(iterator, optimizer, {
      lossFunc: (x: np.NDArray) => F.sum(new Variable(x)),
    });
    await expect(new training.Trainer(updater, [2, 'iteration'], null).run()).rejects.toThrow(/must repeat/);
  });

  it('leaves the event loop alive', async () => {
    const { updater } = makeUpdater();
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    const until = performance.now() + 300;
    await new training.Trainer(updater, () => performance.now() > until, null).run();
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
  });
});

describe('memory', () => {
  it('does not grow in ten thousand iterations', async () => {
    const { model, trainer } = makeTrainer(10_000);
    const iterator = new iterators.SerialIterator(
      Array.from({ length: 5 }, () => [np.ones(3), np.ones(1)] as const),
      2,
      {
        repeat: false,
      },
    );
    trainer.extend(
      new extensions.Evaluator(iterator, model, {
        evalFunc: (x: np.NDArray, t: np.NDArray) => model.computeLoss(x, t),
      }),
      { trigger: [100, 'iteration'] },
    );
    trainer.extend(new extensions.LogReport({ trigger: [50, 'iteration'] }));
    trainer.extend(extensions.observeLr(), { trigger: [1, 'iteration'] });
    const measured: { arrays: number; bytes: number }[] = [];
    trainer.extend(
      () => {
        const { arrays, devices } = np.memory();
        measured.push({ arrays, bytes: devices.wasm?.bytes ?? 0 });
      },
      { name: 'measure', trigger: [1000, 'iteration'] },
    );
    await trainer.run();
    expect(measured.length).toBe(10);
    // It may shrink: what earlier tests left is garbage.
    for (const [i, now] of measured.slice(1).entries()) {
      expect(now.arrays).toBeLessThanOrEqual(measured[i].arrays);
      expect(now.bytes).toBeLessThanOrEqual(measured[i].bytes);
    }
  }, 60_000);

  it('keeps reported values until the next iteration, and arrays of the model as long as the model does', async () => {
    const { model, trainer } = makeTrainer(3);
    const seen: np.NDArray[] = [];
    trainer.extend(
      ({ observation }) => {
        const loss = np.asarray(observation['main/loss']);
        expect(loss.item()).toBe(model.loss?.item());
        seen.push(loss);
      },
      { name: 'look' },
    );
    await trainer.run();
    expect(() => seen[0].item()).toThrow(MemoryError);
    expect(seen[2].item()).toBe(model.loss?.item());
  });
});

describe('StandardUpdater', () => {
  it('trains several models in one update when a subclass says how', async () => {
    const [a, b] = [new Regression(), new Regression()];
    class Pair<T> extends training.StandardUpdater<T> {
      protected override updateCore(batch: datasets.Examples<T>): void {
        const [x, t] = this.convert(batch) as [np.NDArray, np.NDArray];
        this.getOptimizer('a').update(() => a.computeLoss(x, t));
        this.getOptimizer('b').update(() => b.computeLoss(a(x), t.mul(2)));
      }
    }
    const iterator = new iterators.SerialIterator([[np.ones(3), np.ones(1)] as const], 1);
    const named = { a: new optimizers.SGD(0.1).setup(a), b: new optimizers.SGD(0.1).setup(new L.Linear(1, 1)) };
    expect(() => new Pair(iterator, named).getOptimizer('main')).toThrow(/no optimizer 'main'.*a, b/);
    const updater = new Pair(iterator, { a: named.a, b: new optimizers.SGD(0.1).setup(b) });
    const trainer = new training.Trainer(updater, [1, 'iteration'], null);
    await expect(trainer.run()).rejects.toThrow(); // b takes three numbers, a gives one
    expect(named.a.t).toBe(1);
  });

  it('counts epochs for its optimizers', async () => {
    const { updater } = makeUpdater(11);
    await new training.Trainer(updater, [2, 'epoch'], null).run();
    expect([updater.getOptimizer('main').epoch, updater.iteration]).toEqual([2, 4]);
  });

  it('passes a record of arrays as one argument', async () => {
    const model = new Regression();
    const iterator = new iterators.SerialIterator([{ x: np.ones(3), t: np.ones(1) }], 1);
    const updater = new training.StandardUpdater(iterator, new optimizers.SGD().setup(model), {
      lossFunc: ({ x, t }: { x: np.NDArray; t: np.NDArray }) => model.computeLoss(x, t),
    });
    await updater.update();
    expect(updater.iteration).toBe(1);
  });

  it('needs a loss', async () => {
    const iterator = new iterators.SerialIterator([np.ones(3)], 1);
    const optimizer = new optimizers.SGD().setup(new Regression());
    const lossFunc = (() => 1) as unknown as () => Variable;
    await expect(new training.StandardUpdater(iterator, optimizer, { lossFunc }).update()).rejects.toThrow(ValueError);
  });
});

test('an Evaluator refuses an iterator that never ends', () => {
  const iterator = new iterators.SerialIterator([np.ones(3)], 1);
  expect(() => new extensions.Evaluator(iterator, new Regression())).toThrow(/repeat: false/);
});

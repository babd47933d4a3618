/** What extensions print, write and observe. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test, vi } from 'vitest';
import {
  Chain,
  datasets,
  iterators,
  KeyError,
  L,
  np,
  optimizers,
  report,
  Sequential,
  serializers,
  training,
  ValueError,
  type Variable,
  type VariableLike,
} from '../../src/index.js';
import { MemoryDirectory } from '../support/memory-directory.js';
import { load, saved } from '../support/training-fixtures.js';
import { unclosedTags } from '../support/xml.js';

const { extensions } = training;

/** A model that reports the values of a list, one an update, as its loss. */
class Listed extends Chain {
  readonly fc = new L.Linear(1, 1);
  #step = 0;

  constructor(readonly values: readonly number[]) {
    super();
  }

  forward(x: VariableLike): Variable {
    const loss = this.fc(x).sum();
    report({ loss: this.values[this.#step++ % this.values.length], real: loss }, this);
    return loss;
  }
}

function makeTrainer(
  values: readonly number[],
  iterations: number,
  out: training.OutputDirectory | string | null = null,
) {
  const model = new Listed(values);
  const optimizer = new optimizers.SGD(0.1).setup(model);
  const iterator = new iterators.SerialIterator([np.ones(1), np.ones(1)], 1, { shuffle: false });
  const updater = new training.StandardUpdater(iterator, optimizer);
  return { model, optimizer, trainer: new training.Trainer(updater, [iterations, 'iteration'], out) };
}

class Page implements training.TextElement {
  textContent: string | null = null;
}

class Terminal implements training.TextOutput {
  text = '';
  constructor(readonly isTTY: boolean) {}
  write(text: string): void {
    this.text += text;
  }
}

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

describe('LogReport', () => {
  it('keeps chosen values, changes lines, and writes a file of another name', async () => {
    const out = new MemoryDirectory();
    const { trainer } = makeTrainer([1, 2, 3, 6], 4, out);
    const log = new extensions.LogReport({
      keys: ['main/loss'],
      trigger: [2, 'iteration'],
      filename: 'my_{epoch}.json',
      postprocess: (entry) => {
        entry.doubled = 2 * entry['main/loss'];
        delete entry.elapsed_time;
      },
    });
    trainer.extend(log);
    await trainer.run();
    const want = [
      { 'main/loss': 1.5, epoch: 1, iteration: 2, doubled: 3 },
      { 'main/loss': 4.5, epoch: 2, iteration: 4, doubled: 9 },
    ];
    expect(log.log).toEqual(want);
    expect(JSON.parse(text(out.files.get('my_2.json')))).toEqual(want);
  });

  it('writes no file when it is told so, nor where there is none to write to', async () => {
    const out = new MemoryDirectory();
    for (const [filename, directory] of [[null, out] as const, ['log', null] as const]) {
      const { trainer } = makeTrainer([1], 2, directory);
      await trainer.extend(new extensions.LogReport({ filename, trigger: [1, 'iteration'] })).run();
    }
    expect(out.files.size).toBe(0);
  });

  it('reads logs with NaN, its own and Python’s', async () => {
    const { trainer } = makeTrainer([Number.NaN], 1);
    const log = new extensions.LogReport({ trigger: [1, 'iteration'] });
    await trainer.extend(log).run();
    const restored = new extensions.LogReport({ trigger: [1, 'iteration'] });
    load(restored, saved(log));
    expect(restored.log[0]['main/loss']).toBeNaN();
    const python = saved(log);
    const json = '[{"NaN": 1, "main/loss": NaN, "x": -Infinity}]';
    python.set('_log', { shape: [], dtype: 'str', data: [json] });
    load(restored, python);
    expect(restored.log).toEqual([{ NaN: 1, 'main/loss': Number.NaN, x: Number.NEGATIVE_INFINITY }]);
  });

  it('is invoked before training when asked', async () => {
    const { trainer } = makeTrainer([1], 1);
    const log = new extensions.LogReport({ trigger: [1, 'iteration'] });
    await trainer.extend(log, { callBeforeTraining: true }).run();
    expect(log.log.map(({ iteration }) => iteration)).toEqual([0, 1]);
  });
});

describe('PrintReport', () => {
  it('prints to an element of a page, and leaves gaps for missing values', async () => {
    const page = new Page();
    const { trainer } = makeTrainer([0.000012345678, 1234567], 2);
    trainer.extend(new extensions.LogReport({ trigger: [1, 'iteration'], filename: null }));
    trainer.extend(new extensions.PrintReport(['iteration', 'nothing', 'main/loss'], { out: page }));
    await trainer.run();
    expect(page.textContent?.split('\n').map((line) => line.trimEnd())).toEqual([
      'iteration   nothing     main/loss',
      '1                       1.23457e-05',
      '2                       1.23457e+06',
      '',
    ]);
  });

  it('drives a log of its own, and saves it', async () => {
    const terminal = new Terminal(false);
    const { trainer } = makeTrainer([1], 2);
    const logReport = new extensions.LogReport({ trigger: [1, 'iteration'], filename: null });
    const print = new extensions.PrintReport(['iteration'], { logReport, out: terminal });
    await trainer.extend(print).run();
    expect(terminal.text).toBe('iteration \n1           \n2           \n');
    expect([...saved(print).keys()]).toContain('_log_report/_log');
  });

  it('needs a LogReport', async () => {
    const { trainer } = makeTrainer([1], 1);
    await expect(trainer.extend(new extensions.PrintReport(['x'], { out: new Page() })).run()).rejects.toThrow(
      KeyError,
    );
    const other = makeTrainer([1], 1).trainer.extend(() => {}, { name: 'LogReport' });
    await expect(other.extend(new extensions.PrintReport(['x'], { out: new Page() })).run()).rejects.toThrow(
      ValueError,
    );
  });
});

describe('ProgressBar', () => {
  it('shows how far the training and the epoch are, and how long it takes', async () => {
    let seconds = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => 1000 * seconds);
    const page = new Page();
    const { trainer } = makeTrainer([1], 40);
    const shown: (string | null)[] = [];
    trainer.extend(() => void seconds++, { name: 'clock', priority: 1000 });
    trainer.extend(new extensions.ProgressBar({ out: page, updateInterval: 5, barLength: 8 }));
    trainer.extend(() => void shown.push(page.textContent), { name: 'look', trigger: [15, 'iteration'], priority: 0 });
    await trainer.run();
    vi.restoreAllMocks();
    expect(shown[0]?.split('\n')).toEqual([
      '     total [###.....] 37.50%',
      'this epoch [####....] 50.00%',
      '        15 iter, 7 epoch / 40 iterations',
      '         1 iters/sec. Estimated time to finish: 0:00:25.',
      '',
    ]);
    expect(page.textContent).toBe('');
  });

  it('moves the cursor of a terminal, and keeps files clean', async () => {
    const [terminal, file] = [new Terminal(true), new Terminal(false)];
    const { trainer } = makeTrainer([1], 2);
    trainer.extend(new extensions.ProgressBar({ out: terminal, updateInterval: 1 }));
    trainer.extend(new extensions.ProgressBar({ out: file, updateInterval: 1 }));
    await trainer.run();
    expect(file.text).toBe('');
    expect(terminal.text.split('\x1b[4A').length).toBe(3);
    expect(terminal.text.startsWith('\x1b[J')).toBe(true);
    expect(terminal.text.endsWith('\x1b[J')).toBe(true);
  });

  it('needs to know the length', async () => {
    const { updater } = makeTrainer([1], 1).trainer;
    const endless = () => new training.Trainer(updater, ({ updater }) => updater.iteration > 3, null);
    const bar = () => new extensions.ProgressBar({ out: new Page(), updateInterval: 1 });
    await expect(endless().extend(bar()).run()).rejects.toThrow(/trainingLength/);
  });
});

describe('Evaluator', () => {
  it('draws how far it is, and erases it', async () => {
    vi.spyOn(performance, 'now').mockImplementation(() => 1000);
    const page = new Page();
    const shown: (string | null)[] = [];
    const model = new L.Classifier(new Sequential(new L.Linear(1, 2)));
    const test = new datasets.TupleDataset(np.zeros([6, 1]), np.zeros([6], 'int32'));
    const evaluator = new extensions.Evaluator(
      new iterators.SerialIterator(test, 2, { repeat: false, shuffle: false }),
      model,
      {
        progressBar: page,
        evalFunc: (x: np.NDArray, t: np.NDArray) => {
          shown.push(page.textContent);
          return model(x, t);
        },
      },
    );
    await evaluator.invoke();
    vi.restoreAllMocks();
    expect(shown).toHaveLength(3);
    const [bar, iterations, estimate] = shown[2]?.split('\n') ?? [];
    expect(bar).toBe(`validation [${'#'.repeat(33)}${'.'.repeat(17)}] 66.67%`);
    expect(iterations).toBe('         2 iter');
    expect(estimate).toMatch(/iters\/sec\. Estimated time to finish: /);
    expect(page.textContent).toBe('');
  });
});

describe('snapshot', () => {
  it('keeps the latest, and none of another pattern', async () => {
    const out = new MemoryDirectory();
    await out.write('snapshot_iter_last', new Uint8Array(1));
    const { trainer } = makeTrainer([1], 6, out);
    await trainer.extend(extensions.snapshot({ nRetains: 2 }), { trigger: [1, 'iteration'] }).run();
    expect([...out.files.keys()]).toEqual(['snapshot_iter_last', 'snapshot_iter_5', 'snapshot_iter_6']);
  });

  it('goes on from the latest', async () => {
    const out = new MemoryDirectory();
    const first = makeTrainer([1, 2, 3], 3, out);
    await first.trainer.extend(extensions.snapshot(), { trigger: [1, 'iteration'] }).run();
    const second = makeTrainer([1], 5, out);
    const begins: number[] = [];
    second.trainer.extend(extensions.snapshot({ autoload: true }), { trigger: [1, 'iteration'] });
    second.trainer.extend(
      training.makeExtension(
        { defaultName: 'x', initialize: ({ updater }) => begins.push(updater.iteration) },
        () => {},
      ),
    );
    await second.trainer.run();
    expect(begins).toEqual([3]);
    expect(second.trainer.updater.iteration).toBe(5);
    // Gradients are one: five steps of 0.1 from the first model's start.
    const start = (first.model.fc.W.array.item() ?? 0) + 0.3;
    expect(second.model.fc.W.array.item()).toBeCloseTo(start - 0.5, 5);
  });

  it('saves an object under a name with the epoch, only where a condition holds', async () => {
    const out = new MemoryDirectory();
    const { trainer, model } = makeTrainer([1], 6, out);
    trainer.extend(
      extensions.snapshotObject(model, 'model_{epoch}.npz', { condition: () => trainer.updater.epoch > 1 }),
    );
    trainer.extend(
      extensions.snapshotObject(model, ({ updater }) => `at${updater.iteration}`),
      { trigger: [6, 'iteration'] },
    );
    await trainer.run();
    expect([...out.files.keys()]).toEqual(['model_2.npz', 'model_3.npz', 'at6']);
    const copy = new Listed([]);
    serializers.fromNpz(out.files.get('model_3.npz') ?? new Uint8Array(), copy);
    expect(copy.fc.W.array.item()).toBe(model.fc.W.array.item());
  });

  it('saves when the training fails', async () => {
    const out = new MemoryDirectory();
    const { trainer } = makeTrainer([1], 6, out);
    trainer.extend(extensions.snapshot({ snapshotOnError: true }), { trigger: [100, 'epoch'] });
    trainer.extend(
      () => {
        throw new RangeError('stop');
      },
      { name: 'fails', trigger: [3, 'iteration'] },
    );
    await expect(trainer.run()).rejects.toThrow('stop');
    expect([...out.files.keys()]).toEqual(['snapshot_iter_3']);
  });

  it('on a disk', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'rensa-'));
    const out = join(directory, 'a', 'b');
    const { trainer } = makeTrainer([1], 4, out);
    trainer.extend(extensions.snapshot({ filename: 'at_{.updater.iteration}', nRetains: 1 }), {
      trigger: [1, 'iteration'],
    });
    await trainer.extend(new extensions.LogReport()).run();
    expect((await readdir(out)).sort()).toEqual(['at_4', 'log']);
    const second = makeTrainer([1], 5, out);
    second.trainer.extend(extensions.snapshot({ filename: 'at_{iteration}', autoload: true }));
    await second.trainer.run();
    expect(second.trainer.updater.iteration).toBe(5);
    await expect(trainer.output?.write('../x', new Uint8Array())).rejects.toThrow(ValueError);
    await rm(directory, { recursive: true });
  });
});

describe('observing', () => {
  it('values and learning rates, every epoch', async () => {
    const { trainer } = makeTrainer([1], 2);
    const seen: unknown[] = [];
    trainer.extend(extensions.observeLr());
    trainer.extend(extensions.observeValue('n', ({ updater }) => updater.iteration));
    trainer.extend(({ observation }) => void seen.push([observation.lr, observation.n]), { name: 'look' });
    await trainer.run();
    expect(seen).toEqual([
      [undefined, undefined],
      [0.1, 2],
    ]);
  });

  it('a missing learning rate', async () => {
    const { trainer } = makeTrainer([1], 2);
    trainer.extend(extensions.observeLr('nobody'));
    await expect(trainer.run()).rejects.toThrow(KeyError);
  });

  it('the ratio of two sums', async () => {
    const { trainer } = makeTrainer([1, 2, 3, 4], 4);
    trainer.extend(({ observation, updater }) => Object.assign(observation, { n: updater.iteration === 4 ? 6 : 2 }), {
      name: 'n',
      priority: training.PRIORITY_WRITER,
    });
    trainer.extend(new extensions.MicroAverage('main/loss', 'n', 'ratio', [2, 'iteration']));
    const seen: unknown[] = [];
    trainer.extend(({ observation }) => void seen.push(observation.ratio), { name: 'look' });
    await trainer.run();
    expect(seen).toEqual([undefined, 3 / 4, undefined, 7 / 8]);
  });
});

test('FailOnNonNumber names the parameter', async () => {
  const { trainer, model } = makeTrainer([1], 3);
  trainer.extend(() => model.fc.W.array.set([Number.NaN]), { name: 'break', trigger: [2, 'iteration'], priority: 500 });
  trainer.extend(new extensions.FailOnNonNumber());
  await expect(trainer.run()).rejects.toThrow(/after update 2.*main\/fc\/W is NaN/);
});

describe('ParameterStatistics', () => {
  it('observes the statistics of parameters and gradients', async () => {
    const { trainer } = makeTrainer([1], 2);
    const link = new L.Linear(4, 1, { nobias: true });
    link.W.array = np.array([[1, 2, 3, 6]]);
    link.W.grad = np.array([[0, 0, 0, 4]]);
    const statistics = new extensions.ParameterStatistics({ fc: link }, { prefix: 'p' });
    statistics.registerStatistics('sum', (values) => Array.from(values).reduce((a, b) => a + b));
    trainer.extend(statistics);
    const seen: Record<string, unknown> = {};
    trainer.extend(({ observation }) => Object.assign(seen, observation), { name: 'look' });
    await trainer.run();
    expect(seen).toMatchObject({
      'p/fc/W/data/mean': 3,
      'p/fc/W/data/std': Math.sqrt(3.5),
      'p/fc/W/data/min': 1,
      'p/fc/W/data/max': 6,
      'p/fc/W/data/zeros': 0,
      'p/fc/W/data/percentile/3': 2.5,
      'p/fc/W/data/sum': 12,
      'p/fc/W/grad/zeros': 3,
      'p/fc/W/grad/max': 4,
    });
    // numpy.percentile([1, 2, 3, 6], 99.87)
    expect(seen['p/fc/W/data/percentile/6']).toBeCloseTo(5.9883, 10);
  });

  it('skips parameters without a gradient, and NaN if asked', async () => {
    const { trainer } = makeTrainer([1], 2);
    const link = new L.Linear(2, 1, { nobias: true });
    link.W.array = np.array([[1, Number.NaN]]);
    trainer.extend(
      new extensions.ParameterStatistics(link, { skipNanParams: true, statistics: { n: (v) => v.length } }),
    );
    const seen: Record<string, unknown> = {};
    trainer.extend(({ observation }) => Object.assign(seen, observation), { name: 'look' });
    await trainer.run();
    expect(Object.entries(seen).filter(([key]) => key.startsWith('W'))).toEqual([['W/data/n', Number.NaN]]);
  });
});

describe('pictures', () => {
  it('PlotReport draws the means that it averages', async () => {
    const out = new MemoryDirectory();
    const { trainer } = makeTrainer([1, 3, 10, 20], 4, out);
    const plot = new extensions.PlotReport(['main/loss', 'nothing'], 'iteration', { trigger: [2, 'iteration'] });
    await trainer.extend(plot).run();
    const svg = text(out.files.get('plot.svg'));
    expect(unclosedTags(svg)).toEqual([]);
    expect(svg).toContain('main/loss');
    const stored = saved(plot).get('_plot_plot.svg')?.data;
    expect(JSON.parse(String(stored))).toEqual({
      'main/loss': [
        [2, 2],
        [4, 15],
      ],
      nothing: [],
    });
    const restored = new extensions.PlotReport(['main/loss', 'nothing']);
    load(restored, saved(plot));
    expect(restored.svg).toBe(svg);
  });

  it('VariableStatisticsPlot draws data and gradients', async () => {
    const out = new MemoryDirectory();
    const { trainer, model } = makeTrainer([1], 12, out);
    const plot = new extensions.VariableStatisticsPlot([model], { maxSampleSize: 5 });
    await trainer.extend(plot).run();
    const svg = text(out.files.get('statistics.svg'));
    expect(unclosedTags(svg)).toEqual([]);
    expect(svg.match(/<svg /g)?.length).toBe(3);
    expect(() => new extensions.VariableStatisticsPlot([])).toThrow(ValueError);
  });

  it('DumpGraph writes the graph of the first iteration', async () => {
    const out = new MemoryDirectory();
    const { trainer } = makeTrainer([1], 3, out);
    const dump = new extensions.DumpGraph('main/real');
    await trainer.extend(dump).run();
    expect([...out.files.keys()]).toEqual(['cg.dot', 'cg.svg']);
    expect(text(out.files.get('cg.dot'))).toContain('(1, 1), float32');
    expect(unclosedTags(text(out.files.get('cg.svg')))).toEqual([]);
    const missing = makeTrainer([1], 1, out).trainer.extend(new extensions.DumpGraph('main/loss'));
    await expect(missing.run()).rejects.toThrow(/no variable 'main\/loss'/);
  });
});

test('unchainVariables is accepted', async () => {
  const { trainer } = makeTrainer([1], 1);
  await trainer.extend(extensions.unchainVariables()).run();
  expect(trainer.getExtension('unchain_variables').priority).toBe(0);
});

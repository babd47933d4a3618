/**
 * Names are data: values, parts of examples and hyperparameters may have the names of members of every object. Oracle:
 * means by hand.
 */
import { describe, expect, it, vi } from 'vitest';
import {
  Chain,
  datasets,
  iterators,
  L,
  optimizers,
  report,
  serializers,
  training,
  type VariableLike,
} from '../../src/index.js';

const NAMES = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', 'then'];

/** A record with a property of its own, whatever its name. */
const record = <T>(name: string, value: T): Record<string, T> => Object.fromEntries([[name, value]]);

describe.each(NAMES)('a value called %s', (name) => {
  const make = (writing: { write(text: string): unknown }) => {
    class Net extends Chain {
      fc = new L.Linear(1, 1);
      calls = 0;
      forward(x: VariableLike) {
        this.calls++;
        report(record(name, this.calls));
        return this.fc(x).sum();
      }
    }
    const iterator = new iterators.SerialIterator([[[1]], [[2]]], 1, { shuffle: false });
    const updater = new training.StandardUpdater(iterator, new optimizers.SGD(0.01).setup(new Net()));
    const trainer = new training.Trainer(updater, [4, 'iteration'], null);
    const { LogReport, MicroAverage, observeValue, PlotReport, PrintReport } = training.extensions;
    const log = new LogReport({ trigger: [2, 'iteration'], filename: null });
    const plot = new PlotReport([name], 'iteration', { trigger: [2, 'iteration'], filename: null });
    trainer
      .extend(
        observeValue('observed', () => 7),
        { trigger: [1, 'iteration'] },
      )
      .extend(
        observeValue(name === 'then' ? 'constructor' : 'then', () => 8),
        { trigger: [1, 'iteration'] },
      )
      .extend(new MicroAverage(name, 'observed', 'ratio', [2, 'iteration']), { name: 'ratio' })
      .extend(log)
      .extend(new PrintReport(['iteration', name], { out: writing }), { trigger: [2, 'iteration'] })
      .extend(plot);
    return { trainer, log, plot };
  };

  it('is averaged, printed, drawn, and saved with the training', async () => {
    const texts: string[] = [];
    const { trainer, log, plot } = make({ write: (text) => texts.push(text) });
    await trainer.run();
    expect(log.log.map((entry) => Object.getOwnPropertyDescriptor(entry, name)?.value)).toEqual([1.5, 3.5]);
    expect(log.log.map(({ ratio }) => ratio)).toEqual([3 / 14, 7 / 14]);
    expect(texts.join('').trim().split('\n').slice(1).map((line) => line.trim().split(/\s+/))).toEqual([
      ['2', '1.5'],
      ['4', '3.5'],
    ]); // biome-ignore format: rows of a table
    const other = make({ write: () => {} });
    serializers.fromNpz(await serializers.toNpz(trainer), other.trainer);
    expect(other.log.log).toEqual(log.log);
    expect(other.plot.svg).toBe(plot.svg);
    expect(Object.entries(other.trainer.observation)).toEqual(Object.entries(trainer.observation));
  });

  it('is missing if it was not reported', async () => {
    const always = { fires: () => true } as never;
    const progress = { observation: {}, updater: {} } as never;
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    expect(await new training.triggers.MaxValueTrigger(name, always).fires(progress)).toBe(false);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining(`nothing has reported '${name}'`));
    warn.mockRestore();
  });

  it('decides a trigger', async () => {
    const max = new training.triggers.MaxValueTrigger(name, { fires: () => true } as never);
    const fired = [];
    for (const value of [1, 3, 2]) fired.push(await max.fires({ observation: record(name, value) } as never));
    expect(fired).toEqual([true, true, false]);
  });

  it('is a part of examples', () => {
    const examples = [1, 2].map((value) => record(name, value));
    const columns = datasets.concatExamples(examples) as unknown as Record<string, { tolist(): unknown }>;
    expect(Object.keys(columns)).toEqual([name]);
    expect(Object.getOwnPropertyDescriptor(columns, name)?.value.tolist()).toEqual([1, 2]);
    expect(() => datasets.concatExamples([record(name, 1), { other: 1 }])).toThrow(`lacks part ${name}`);
    const dataset = new datasets.DictDataset(record(name, [5, 6]));
    expect(Object.entries(dataset.get(1))).toEqual([[name, 6]]);
    const padded = datasets.concatExamples(examples, null, { padding: { other: 0 } as never });
    expect(Object.keys(padded as object)).toEqual([name]);
  });
});

/** A snapshot in which the text of one entry was replaced. */
async function tampered(key: string, text: string) {
  const make = () => {
    const iterator = new iterators.SerialIterator([1], 1);
    const optimizer = new optimizers.Adam().setup(new L.Linear(1, 1));
    const plot = new training.extensions.PlotReport('loss');
    const trainer = new training.Trainer(new training.StandardUpdater(iterator, optimizer), [1, 'epoch'], null);
    trainer.extend(new training.extensions.LogReport()).extend(plot);
    return { trainer, optimizer };
  };
  const target = new serializers.DictionarySerializer();
  make().trainer.serialize(target);
  expect([...target.target.keys()]).toContain(key);
  target.target.set(key, { shape: [], dtype: 'str', data: [text] });
  const made = make();
  made.trainer.serialize(new serializers.DictionaryDeserializer(target.target));
  return made;
}

describe('a snapshot that somebody changed', () => {
  it.each([
    ['rensa/observation', '[1]'],
    ['rensa/observation', '5'],
    ['rensa/observation', '{"loss": "low"}'],
    ['rensa/hyperparameters', '"text"'],
    ['rensa/hyperparameters', '{"main": 1}'],
    ['rensa/hyperparameters', '{"main": {"now": []}}'],
    ['extensions/PlotReport/_plot_plot.svg', '{"loss": 5}'],
    ['extensions/PlotReport/_plot_plot.svg', '{"loss": [["a", 1]]}'],
    ['extensions/LogReport/_log', '[1]'],
    ['extensions/LogReport/_log', '{}'],
  ])('%s = %s is refused', async (key, text) => {
    await expect(tampered(key, text)).rejects.toThrow(/snapshot|PlotReport|LogReport/);
  });

  it.each(NAMES)('sets no hyperparameter called %s', async (name) => {
    const values = `{"${name}": 1, "alpha": 0.5}`;
    const { optimizer, trainer } = await tampered(
      'rensa/hyperparameters',
      `{"main": {"program": {"alpha": 0.001}, "now": ${values}}, "${name}": {"program": {}, "now": {}}}`,
    );
    trainer.updater.update = () => Promise.reject(new Error('enough'));
    await expect(trainer.run()).rejects.toThrow('enough');
    expect(optimizer.hyperparam.values.alpha).toBe(0.5);
    expect(Object.hasOwn(optimizer.hyperparam.values, name)).toBe(false);
    expect(Object.getPrototypeOf(optimizer.hyperparam.values)).not.toBe(1);
  });
});

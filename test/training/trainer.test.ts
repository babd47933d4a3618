/** Whole trainings, compared iteration by iteration with Chainer's: values, logs, tables, snapshots, resumption. */
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import type { HostArray } from '../../src/formats/host-array.js';
import { NpzFile } from '../../src/formats/npz.js';
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
import { loadFixture, toDeviceArray } from '../support/load-fixture.js';
import { MemoryDirectory } from '../support/memory-directory.js';
import { type Entry, expectEntries, saved, trainingArrays, trainingCases } from '../support/training-fixtures.js';

const { extensions } = training;

class MLP extends Chain {
  l1 = new L.Linear(6, 8);
  l2 = new L.Linear(8, 3);

  forward(x: VariableLike) {
    return this.l2(F.relu(this.l1(x)));
  }
}

const weights = await loadFixture('training/mlp_init.npz');

const hostOf = (key: string) => trainingArrays.get(key) as HostArray;
const data = (name: string) => toDeviceArray(hostOf(`mlp_data/${name}`));

/** The data of Chainer's runs. */
function mlpData(suffix = '') {
  return new datasets.TupleDataset(data(`x${suffix}`), data(`t${suffix}`));
}

function mlp() {
  const model = new L.Classifier(new MLP());
  serializers.fromNpz(weights, model.predictor);
  return model;
}

/** Text that would go to a terminal. */
class Terminal implements training.TextOutput {
  readonly isTTY = true;
  text = '';
  write(text: string): void {
    this.text += text;
  }
}

interface TrainerCase {
  optimizer: 'Adam' | 'MomentumSGD';
  kwargs: Record<string, number>;
  hooks: { kwargs: { rate: number } }[];
  batch_size: number;
  valid_batch_size: number;
  epochs: number;
  iterations: {
    iteration: number;
    epoch: number;
    epoch_detail: number;
    is_new_epoch: boolean;
    loss: number;
    accuracy: number;
    observation_keys: string[];
  }[];
  log: Record<string, number>[];
  log_file: string;
  print_report: string;
  snapshot: string;
  snapshot_entries: Entry[];
  resumed_epochs: number;
  resumed_log: Record<string, number>[];
  final: { name: string; of: string }[];
  resumed_final: { name: string; of: string }[];
  tol: { rtol: number; atol: number };
}

/** The trainer of a case, as its `extensions` say. */
function makeTrainer(testCase: TrainerCase, epochs: number, out: training.OutputDirectory) {
  const model = mlp();
  const optimizer = new optimizers[testCase.optimizer](...Object.values(testCase.kwargs)).setup(model);
  for (const { kwargs } of testCase.hooks) optimizer.addHook(new optimizerHooks.WeightDecay(kwargs.rate));
  const iterator = new iterators.SerialIterator(mlpData(), testCase.batch_size, { shuffle: false });
  const validation = new iterators.SerialIterator(mlpData('_valid'), testCase.valid_batch_size, {
    repeat: false,
    shuffle: false,
  });
  const terminal = new Terminal();
  const columns = testCase.print_report.split('\n')[0].trim().split(/\s+/);
  const trainer = new training.Trainer(new training.StandardUpdater(iterator, optimizer), [epochs, 'epoch'], out)
    .extend(new extensions.Evaluator(validation, model))
    .extend(extensions.observeLr())
    .extend(new extensions.LogReport())
    .extend(new extensions.PrintReport(columns, { out: terminal }))
    .extend(new extensions.ExponentialShift(Object.keys(testCase.kwargs)[0], 0.5), { trigger: [2, 'epoch'] });
  return { trainer, model, terminal };
}

function expectLog(got: readonly Readonly<Record<string, number>>[], want: readonly Record<string, number>[]): void {
  expect(got.map((entry) => Object.keys(entry))).toEqual(want.map((entry) => Object.keys(entry)));
  want.forEach((entry, i) => {
    for (const [key, value] of Object.entries(entry)) expect(got[i][key], `${i} ${key}`).toBeCloseTo(value, 4);
  });
}

function expectParams(
  model: { predictor: Chain },
  testCase: TrainerCase & { name: string },
  want: TrainerCase['final'],
): void {
  const params = new Map(model.predictor.namedParams());
  for (const { name, of } of want) {
    const expected = toDeviceArray(hostOf(`${testCase.name}/${name}`)).dataSync();
    const got = params.get(of)?.dataSync() ?? [];
    const scale = Math.max(1, ...expected.map(Math.abs));
    expected.forEach((e, i) => {
      const accepted = testCase.tol.atol * scale + testCase.tol.rtol * Math.abs(e);
      expect(Math.abs(got[i] - e), `${of}[${i}]: ${got[i]} for ${e}`).toBeLessThanOrEqual(accepted);
    });
  }
}

/** As in the recorded runs: a quarter of a second an iteration. */
let milliseconds = 0;
const tick = () => {
  milliseconds += 250;
};

beforeEach(() => {
  milliseconds = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => milliseconds);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(trainingCases<TrainerCase>('trainer'))('$name follows Chainer', (testCase) => {
  it('in every iteration, in its log and its table', async () => {
    const out = new MemoryDirectory();
    const { trainer, model, terminal } = makeTrainer(testCase, testCase.epochs, out);
    const seen: TrainerCase['iterations'] = [];
    trainer.extend(tick, { name: 'tick', priority: 1000 });
    const look = ({ updater, observation }: training.Trainer) => {
      const value = (key: string) => Number(np.asarray(observation[key]).item());
      seen.push({
        iteration: updater.iteration,
        epoch: updater.epoch,
        epoch_detail: updater.epochDetail,
        is_new_epoch: updater.isNewEpoch,
        loss: value('main/loss'),
        accuracy: value('main/accuracy'),
        observation_keys: Object.keys(observation).sort(),
      });
    };
    trainer.extend(look, { priority: -1000 });
    await trainer.run();
    expect(seen.length).toBe(testCase.iterations.length);
    testCase.iterations.forEach((want, i) => {
      const { loss, accuracy, epoch_detail, ...exact } = want;
      expect(seen[i]).toMatchObject(exact);
      expect(seen[i].epoch_detail).toBeCloseTo(epoch_detail, 12);
      expect(seen[i].loss).toBeCloseTo(loss, 4);
      expect(seen[i].accuracy).toBeCloseTo(accuracy, 6);
    });
    const log = trainer.getExtension('LogReport');
    if (!(log instanceof extensions.LogReport)) throw new Error('no LogReport');
    expectLog(log.log, testCase.log);
    expectParams(model, testCase, testCase.final);
    // The file: Chainer's keys in Chainer's order, indented as Chainer's.
    const shape = (text: string) => text.replace(/: -?[\d.e-]+/g, ': #');
    const wanted = new TextDecoder().decode(await loadFixture(`training/${testCase.log_file}`));
    const written = new TextDecoder().decode(out.files.get('log'));
    expect(shape(written)).toBe(shape(wanted));
    expectLog(JSON.parse(written), testCase.log);
    // The table: the same texts in the same columns, but for the last digits of what float32 computed.
    const words = (text: string) => text.split(/(\s+)/).map((word) => (Number(word) ? Number(word).toFixed(4) : word));
    const rows = (text: string) => text.split('\n').map((line) => [line.length, words(line)]);
    expect(rows(terminal.text)).toEqual(rows(testCase.print_report));
  });

  it('in the keys and numbers of its snapshot', async () => {
    const { trainer } = makeTrainer(testCase, testCase.epochs, new MemoryDirectory());
    trainer.extend(tick, { name: 'tick', priority: 1000 });
    await trainer.run();
    const got = saved(trainer);
    for (const key of [...got.keys()]) if (key.includes('/tick/') || key.startsWith('rensa/')) got.delete(key);
    const exact = testCase.snapshot_entries.map(({ key, shape, dtype, value }) => {
      const inexact = key.endsWith('_log') || key.includes('updater/model') || key.endsWith('/v');
      return { key, shape, dtype, ...(inexact ? {} : { value }) };
    });
    expectEntries(got, exact);
    const stored = new NpzFile(await loadFixture(`training/${testCase.snapshot}`));
    for (const key of stored.keys()) {
      const [a, b] = [got.get(key), stored.get(key)];
      if (a?.dtype !== 'float32' || b?.dtype !== 'float32') continue;
      a.data.forEach((value, i) => {
        expect(value, `${key}[${i}]`).toBeCloseTo(b.data[i], 4);
      });
    }
  });

  it('when it is resumed from a snapshot that Chainer wrote', async () => {
    const { trainer, model } = makeTrainer(testCase, testCase.resumed_epochs, new MemoryDirectory());
    serializers.fromNpz(await loadFixture(`training/${testCase.snapshot}`), trainer);
    trainer.extend(tick, { name: 'tick', priority: 1000 });
    await trainer.run();
    const log = trainer.getExtension('LogReport');
    if (!(log instanceof extensions.LogReport)) throw new Error('no LogReport');
    expectLog(log.log, testCase.resumed_log);
    expectParams(model, testCase, testCase.resumed_final);
  });

  it('when it is resumed from a snapshot of its own', async () => {
    const out = new MemoryDirectory();
    const first = makeTrainer(testCase, testCase.epochs, out);
    first.trainer.extend(tick, { name: 'tick', priority: 1000 });
    first.trainer.extend(extensions.snapshot(), { name: 'snapshot' });
    await first.trainer.run();
    const second = makeTrainer(testCase, testCase.resumed_epochs, out);
    second.trainer.extend(tick, { name: 'tick', priority: 1000 });
    second.trainer.extend(extensions.snapshot({ autoload: true }), { name: 'snapshot' });
    milliseconds = 0;
    await second.trainer.run();
    const log = second.trainer.getExtension('LogReport');
    if (!(log instanceof extensions.LogReport)) throw new Error('no LogReport');
    expectLog(log.log, testCase.resumed_log);
    expectParams(second.model, testCase, testCase.resumed_final);
  });
});

test.each(trainingCases<{ batch_size: number; extension_name: string; result: Record<string, number> }>('Evaluator'))(
  '$name: an Evaluator gives Chainer’s means',
  async ({ batch_size, extension_name, result }) => {
    const iterator = new iterators.SerialIterator(mlpData('_valid'), batch_size, { repeat: false, shuffle: false });
    const evaluator = new extensions.Evaluator(iterator, mlp());
    evaluator.name = extension_name;
    const got = await evaluator.invoke();
    expect(Object.keys(got)).toEqual(Object.keys(result));
    for (const [key, want] of Object.entries(result)) expect(got[key]).toBeCloseTo(want, 5);
    // A second evaluation starts again.
    expect(await evaluator.invoke()).toEqual(got);
  },
);

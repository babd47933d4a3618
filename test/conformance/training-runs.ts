/**
 * Cases of whole trainings: every iteration, logs, tables, snapshots, resuming from a snapshot, and the order of
 * extensions.
 */
import { Chain, datasets, F, iterators, L, np, optimizers, serializers, training, type VariableLike } from 'rensa';
import { NpzFile } from '../../src/formats/npz.js';
import { compare, compareJson, Mismatch } from './compare.js';
import { valuesOf } from './function-cases.js';
import type { ArrayEntry, Case, Group, Tolerance } from './group.js';
import { construct } from './library.js';
import { compareEntries, type Entry, saved } from './saved-entries.js';
import { bindConstructor } from './signatures.js';
import { Files, runByRecordedClock, Terminal } from './training-surroundings.js';

const { extensions } = training;

interface Iteration {
  readonly iteration: number;
  readonly epoch: number;
  readonly epoch_detail: number;
  readonly is_new_epoch: boolean;
  readonly loss: number;
  readonly accuracy: number;
  readonly observation_keys: readonly string[];
}

type Log = readonly Readonly<Record<string, number>>[];
type Parameters = readonly (ArrayEntry & { readonly of: string })[];

interface TrainerCase extends Case {
  readonly data: string;
  readonly weights: string;
  readonly optimizer: string;
  readonly kwargs: Readonly<Record<string, number>>;
  readonly hooks: readonly { readonly hook: string; readonly kwargs: Readonly<Record<string, number>> }[];
  readonly batch_size: number;
  readonly valid_batch_size: number;
  readonly epochs: number;
  /** The setting in words. The runner reads the differences between cases from them. */
  readonly extensions: readonly string[];
  readonly iterations: readonly Iteration[];
  readonly log: Log;
  readonly log_file: string;
  readonly print_report: string;
  readonly snapshot: string;
  readonly snapshot_entries: readonly Entry[];
  readonly final: Parameters;
  readonly resumed_epochs: number;
  readonly resumed_log: Log;
  readonly resumed_final: Parameters;
}

interface EvaluatorCase extends Case {
  readonly data: string;
  readonly weights: string;
  readonly batch_size: number;
  readonly extension_name: string;
  readonly result: Readonly<Record<string, number>>;
}

interface OrderCase extends Case {
  readonly n: number;
  readonly batch_size: number;
  readonly stop: readonly [number, training.Unit];
  readonly extensions: readonly {
    readonly name: string;
    readonly priority: number;
    readonly trigger: readonly [number, training.Unit];
    readonly call_before_training: boolean;
    readonly registered_as: string;
  }[];
  readonly calls: readonly (readonly [iteration: number, name: string])[];
}

/** The tolerance of epochs and fractions of them. */
const EXACT_RTOL = 1e-12;

class MLP extends Chain {
  readonly l1: L.Linear;
  readonly l2: L.Linear;

  constructor([hidden, inputs]: readonly number[], [outputs]: readonly number[]) {
    super();
    this.l1 = new L.Linear(inputs, hidden);
    this.l2 = new L.Linear(hidden, outputs);
  }

  forward(x: VariableLike) {
    return this.l2(F.relu(this.l1(x)));
  }
}

/** The classifier of all cases, with recorded weights. */
async function makeModel(group: Group, weights: string) {
  const bytes = await group.file(weights);
  const file = new NpzFile(bytes);
  const model = new L.Classifier(new MLP(file.get('l1/W').shape, file.get('l2/W').shape));
  serializers.fromNpz(bytes, model.predictor);
  return model;
}

/** Examples and their labels; those to validate with have a suffix. */
function labeled(group: Group, data: string, suffix = '') {
  return new datasets.TupleDataset(
    group.array(data, { name: `x${suffix}` }),
    group.array(data, { name: `t${suffix}` }),
  );
}

function makeOptimizer({ optimizer: name, kwargs }: TrainerCase): optimizers.Optimizer {
  const optimizer = construct(`optimizers.${name}`, ...bindConstructor(name, new Map(Object.entries(kwargs))));
  if (!(optimizer instanceof optimizers.Optimizer)) throw new Mismatch(`optimizers.${name} makes no optimizer`);
  return optimizer;
}

/** The trainer of a case, as its `extensions` say. */
async function makeTrainer(group: Group, testCase: TrainerCase, epochs: number) {
  const { data, weights, hooks, batch_size, valid_batch_size, print_report } = testCase;
  const model = await makeModel(group, weights);
  const optimizer = makeOptimizer(testCase);
  optimizer.setup(model);
  for (const { hook, kwargs } of hooks) {
    const made = construct(`optimizerHooks.${hook}`, ...bindConstructor(hook, new Map(Object.entries(kwargs))));
    optimizer.addHook(made as optimizers.OptimizerHook);
  }
  const shift = /ExponentialShift\((\w+), ([\d.]+)\) every (\d+) epochs/.exec(testCase.extensions.join('; '));
  if (!shift) throw new Mismatch(`the extensions ${testCase.extensions.join(', ')} are not understood`);
  const iterator = new iterators.SerialIterator(labeled(group, data), batch_size, { shuffle: false });
  const validation = new iterators.SerialIterator(labeled(group, data, '_valid'), valid_batch_size, {
    repeat: false,
    shuffle: false,
  });
  const [files, terminal, log] = [new Files(), new Terminal(), new extensions.LogReport()];
  const columns = print_report.split('\n')[0].trim().split(/\s+/);
  const updater = new training.StandardUpdater(iterator, optimizer);
  const trainer = new training.Trainer(updater, [epochs, 'epoch'], files)
    .extend(new extensions.Evaluator(validation, model))
    .extend(extensions.observeLr())
    .extend(log)
    .extend(new extensions.PrintReport(columns, { out: terminal }))
    .extend(new extensions.ExponentialShift(shift[1], Number(shift[2])), { trigger: [Number(shift[3]), 'epoch'] });
  return { trainer, model, files, terminal, log };
}

function compareNumber(what: string, got: number, want: number, tolerance: Tolerance): void {
  const scalar = (value: number) => ({ shape: [], dtype: 'float64', data: Float64Array.of(value) }) as const;
  compare(what, scalar(got), scalar(want), tolerance);
}

/** The same names in the same order, and the same numbers. */
function compareLog(what: string, got: Log, want: Log, tolerance: Tolerance): void {
  compareJson(`${what}: names`, got.map(Object.keys), want.map(Object.keys));
  for (const [i, entry] of want.entries()) {
    for (const [key, value] of Object.entries(entry))
      compareNumber(`${what}[${i}].${key}`, got[i][key], value, tolerance);
  }
}

/** The same texts in the same columns, but for the last digits of what float32 computed. */
function compareTable(got: string, want: string, tolerance: Tolerance): void {
  const widths = (text: string) => text.split('\n').map((line) => line.length);
  compareJson('widths of the table', widths(got), widths(want));
  const words = (text: string) => text.split(/\s+/).flatMap((word) => word.split('\u001b[J'));
  const [gotWords, wantWords] = [words(got), words(want)];
  compareJson('words of the table', gotWords.length, wantWords.length);
  for (const [i, word] of wantWords.entries()) {
    if (Number.isNaN(Number(word)) || word === '') compareJson(`word ${i} of the table`, gotWords[i], word);
    else compareNumber(`word ${i} of the table`, Number(gotWords[i]), Number(word), tolerance);
  }
}

function compareParameters(group: Group, testCase: TrainerCase, predictor: Chain, want: Parameters): void {
  const parameters = new Map(predictor.namedParams());
  for (const entry of want) {
    const parameter = parameters.get(entry.of);
    if (!parameter) throw new Mismatch(`there is no parameter ${entry.of}`);
    compare(`${entry.name}`, valuesOf(parameter), group.host(testCase.name, entry), group.tolerance(testCase));
  }
}

/** Records the observation after each iteration, when all other extensions are done. */
function watch(trainer: training.Trainer): Iteration[] {
  const seen: Iteration[] = [];
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
  trainer.extend(look, { name: 'look', priority: -1000 });
  return seen;
}

function compareIterations(got: readonly Iteration[], want: readonly Iteration[], tolerance: Tolerance): void {
  compareJson('iterations', got.length, want.length);
  for (const [i, { loss, accuracy, ...exact }] of want.entries()) {
    const { loss: gotLoss, accuracy: gotAccuracy, ...gotExact } = got[i];
    compareJson(`iteration ${i + 1}`, gotExact, exact, EXACT_RTOL);
    compareNumber(`loss of iteration ${i + 1}`, gotLoss, loss, tolerance);
    compareNumber(`accuracy of iteration ${i + 1}`, gotAccuracy, accuracy, tolerance);
  }
}

/** The snapshot has the recorded one's entries, and below `rensa/` what Chainer does not save; those that float32 computed are compared with its arrays. */
async function compareSnapshot(group: Group, testCase: TrainerCase, trainer: training.Trainer): Promise<void> {
  const got = saved(trainer);
  for (const key of [...got.keys()]) if (/\/(tick|look)\/|^rensa\//.test(key)) got.delete(key);
  const stored = new NpzFile(await group.file(testCase.snapshot));
  const isComputed = (key: string) => stored.get(key).dtype === 'float32';
  const entries = testCase.snapshot_entries.map((entry) => {
    const { key, shape, dtype } = entry;
    return isComputed(key) || key.endsWith('_log') ? { key, shape, dtype } : entry;
  });
  compareEntries(got, entries);
  for (const key of stored.keys()) {
    const [array, want] = [got.get(key), stored.get(key)];
    if (want.dtype !== 'float32') continue;
    if (array?.dtype !== 'float32') throw new Mismatch(`${key} is saved as ${array?.dtype} instead of float32`);
    compare(key, array, want, group.tolerance(testCase));
  }
}

/** A training from its start: iterations, log and its file, table, weights, snapshot. */
async function checkRun(group: Group, testCase: TrainerCase): Promise<void> {
  const tolerance = group.tolerance(testCase);
  const { trainer, model, files, terminal, log } = await makeTrainer(group, testCase, testCase.epochs);
  const seen = watch(trainer);
  await runByRecordedClock(trainer);
  compareIterations(seen, testCase.iterations, tolerance);
  compareLog('log', log.log, testCase.log, tolerance);
  const [written, recorded] = [await files.read('log'), await group.file(testCase.log_file)].map((bytes) =>
    new TextDecoder().decode(bytes),
  );
  const layout = (text: string) => text.replace(/: -?[\d.e-]+/g, ': #');
  compareJson('layout of the log file', layout(written), layout(recorded));
  compareLog('log file', JSON.parse(written), testCase.log, tolerance);
  compareTable(terminal.text, testCase.print_report, tolerance);
  compareParameters(group, testCase, model.predictor, testCase.final);
  await compareSnapshot(group, testCase, trainer);
}

/** A training that goes on from the recorded snapshot. */
async function checkResumed(group: Group, testCase: TrainerCase): Promise<void> {
  const { trainer, model, log } = await makeTrainer(group, testCase, testCase.resumed_epochs);
  serializers.fromNpz(await group.file(testCase.snapshot), trainer);
  await runByRecordedClock(trainer);
  compareLog('log after a resume', log.log, testCase.resumed_log, group.tolerance(testCase));
  compareParameters(group, testCase, model.predictor, testCase.resumed_final);
}

export async function runTrainer(group: Group, testCase: Case): Promise<void> {
  await checkRun(group, testCase as TrainerCase);
  await checkResumed(group, testCase as TrainerCase);
}

/** Evaluated twice: the second evaluation starts again. */
export async function runEvaluator(group: Group, testCase: Case): Promise<void> {
  const { data, weights, batch_size, extension_name, result } = testCase as EvaluatorCase;
  const iterator = new iterators.SerialIterator(labeled(group, data, '_valid'), batch_size, {
    repeat: false,
    shuffle: false,
  });
  const evaluator = new extensions.Evaluator(iterator, await makeModel(group, weights));
  evaluator.name = extension_name;
  for (const what of ['first', 'second']) {
    compareLog(`${what} evaluation`, [await evaluator.invoke()], [result], group.tolerance(testCase));
  }
}

export async function runExtensionOrder(_: Group, testCase: Case): Promise<void> {
  const { n, batch_size, stop, extensions: list, calls } = testCase as OrderCase;
  const model = new L.Linear(1, 1);
  const iterator = new iterators.SerialIterator(datasets.asDataset(np.ones([n, 1])), batch_size, { shuffle: false });
  const updater = new training.StandardUpdater(iterator, new optimizers.SGD().setup(model), {
    lossFunc: (x: np.NDArray) => F.sum(model(x)),
  });
  const trainer = new training.Trainer(updater, stop, null);
  const called: [number, string][] = [];
  for (const { name, priority, trigger, call_before_training, registered_as } of list) {
    const note = () => void called.push([trainer.updater.iteration, registered_as]);
    trainer.extend(note, { name, priority, trigger, callBeforeTraining: call_before_training });
    compareJson('registered name', trainer.getExtension(registered_as).name, registered_as);
  }
  await trainer.run();
  compareJson('calls', called, calls);
}

/**
 * The `models` group: networks loaded from files that Chainer wrote. They run forward and backward and train for some
 * steps; links save the same keys and shapes.
 */
import { F, np, optimizers, Reporter, serializers, type UnaryLink, usingConfig, Variable } from 'rensa';
import { type DeviceReadyArray, narrow } from '../../src/formats/host-array.js';
import { NpzFile } from '../../src/formats/npz.js';
import { makeArchitecture } from './architectures.js';
import { compare, compareJson, Mismatch, type Values } from './compare.js';
import { compareGradients, valuesOf } from './function-cases.js';
import type { ArrayEntry, Case, Group } from './group.js';
import { asVariable, construct } from './library.js';
import { type LinkFileCase, runLinkFile, runLinkKeys } from './link-files.js';
import { bindConstructor } from './signatures.js';

interface Weights {
  readonly stored: string;
  readonly compressed: string;
}

interface NamedEntry extends ArrayEntry {
  readonly name: string;
}

interface ModelCase extends Case {
  readonly architecture: string;
  readonly train: boolean;
  readonly weights: Weights;
  readonly inputs: readonly NamedEntry[];
  readonly outputs: readonly (NamedEntry & { readonly upstream?: string })[];
  readonly gradients: readonly (ArrayEntry & { readonly wrt: string })[];
  readonly persistent_after: readonly (NamedEntry & { readonly of: string })[];
}

interface TrainCase extends Case {
  readonly architecture: string;
  readonly weights: Weights;
  readonly data: string;
  readonly optimizer: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly batch_size: number;
  readonly steps: number;
  readonly losses: readonly number[];
  readonly accuracies: readonly number[];
  readonly final: readonly (NamedEntry & { readonly of: string; readonly rows?: readonly [number, number] })[];
}

interface ClassifierCase extends Case {
  readonly weights: Weights;
  readonly inputs_of: string;
  readonly observation: Readonly<Record<string, number>>;
  readonly keys: readonly string[];
}

/** Loads weights into a link, from the deflated file and then from the stored one. */
async function load(group: Group, { stored, compressed }: Weights, link: UnaryLink): Promise<void> {
  for (const file of [compressed, stored]) serializers.fromNpz(await group.file(file), link);
}

/** The array that a link saves under a path such as `/bn1/avg_mean`. */
function saved(link: UnaryLink, path: string): DeviceReadyArray {
  const file = new NpzFile(serializers.toNpz(link, { compression: false }));
  return narrow(file.get(path.slice(1)));
}

async function runModel(group: Group, testCase: ModelCase): Promise<void> {
  const { name, architecture, train, weights, inputs, outputs, gradients } = testCase;
  const tolerance = group.tolerance(testCase);
  const link = makeArchitecture(architecture);
  await load(group, weights, link);
  const given = new Map(inputs.map((entry) => [entry.name, group.array(name, entry)]));
  const x = new Variable(group.array(name, inputs[0]));
  const before = Object.fromEntries(testCase.persistent_after.map(({ of }) => [of, saved(link, of)]));
  const y = usingConfig('train', train, () => asVariable(architecture, link(x)));
  const t = given.get('t');
  const results: Record<string, Variable> = t
    ? { y, loss: F.softmaxCrossEntropy(y, t), accuracy: F.accuracy(y, t) }
    : { y };
  for (const entry of outputs) {
    const result = results[entry.name];
    if (!result) throw new Mismatch(`there is no '${entry.name}'`);
    compare(entry.name, valuesOf(result), group.host(name, entry), tolerance);
    if (entry.upstream) result.grad = group.array(name, { name: entry.upstream });
  }
  if (gradients.length > 0) {
    (results.loss ?? y).backward();
    const params = new Map(link.namedParams());
    const found = gradients.map(({ wrt }) => (wrt === 'x' ? x.grad : (params.get(wrt)?.grad ?? null)));
    compareGradients(group, testCase, gradients, found);
  }
  // A pass in test mode changes nothing; what the cases record for it are the values after one in training.
  if (!train && testCase.persistent_after.length > 0) {
    for (const { of } of testCase.persistent_after)
      compare(`${of} in test mode`, saved(link, of), before[of], tolerance);
    usingConfig('train', true, () => link(x));
  }
  for (const entry of testCase.persistent_after) {
    compare(`${entry.of} afterwards`, saved(link, entry.of), group.host(name, entry), tolerance);
  }
}

/** Rows `from` to `to` of an array that several cases share, on the device. */
function rows(group: Group, owner: string, name: string, from: number, to: number): np.NDArray {
  const { shape, dtype, data } = group.host(owner, { name });
  const size = shape.slice(1).reduce((n, m) => n * m, 1);
  return np.reshape(np.array(data.slice(from * size, to * size), dtype), [to - from, ...shape.slice(1)]);
}

async function runTraining(group: Group, testCase: TrainCase): Promise<void> {
  const { architecture, weights, data, batch_size: batchSize, steps, losses, accuracies } = testCase;
  const link = makeArchitecture(architecture);
  await load(group, weights, link);
  const args = bindConstructor(testCase.optimizer, new Map(Object.entries(testCase.kwargs)));
  const optimizer = construct(`optimizers.${testCase.optimizer}`, ...args);
  if (!(optimizer instanceof optimizers.Optimizer)) throw new Mismatch(`optimizers.${testCase.optimizer} makes none`);
  optimizer.setup(link);
  const [n] = group.host(data, { name: 't' }).shape;
  const tolerance = group.tolerance(testCase);
  const scalar = (what: string, got: Variable, want: number) =>
    compare(what, valuesOf(got), { shape: [], dtype: 'float32', data: Float32Array.of(want) }, tolerance);
  for (let i = 0; i < steps; i++) {
    const from = (i * batchSize) % n;
    const t = rows(group, data, 't', from, from + batchSize);
    const y = link(rows(group, data, 'x', from, from + batchSize));
    const loss = F.softmaxCrossEntropy(y, t);
    scalar(`loss of step ${i}`, loss, losses[i]);
    scalar(`accuracy of step ${i}`, F.accuracy(y, t), accuracies[i]);
    link.cleargrads();
    loss.backward();
    optimizer.update();
  }
  const params = new Map(link.namedParams());
  for (const entry of testCase.final) {
    const param = params.get(entry.of);
    if (!param) throw new Mismatch(`there is no parameter ${entry.of}`);
    const [from, to] = entry.rows ?? [0, param.shape[0]];
    const size = param.size / param.shape[0];
    const data = param.dataSync().slice(from * size, to * size);
    const values = { shape: [to - from, ...param.shape.slice(1)], dtype: param.dtype, data };
    compare(`${entry.of} at the end`, values, group.host(testCase.name, entry), tolerance);
  }
}

async function runClassifier(group: Group, testCase: ClassifierCase): Promise<void> {
  const { weights, inputs_of: owner, observation, keys } = testCase;
  const predictor = makeArchitecture('LeNet5');
  await load(group, weights, predictor);
  const classifier = construct('L.Classifier', predictor) as ((...args: unknown[]) => Variable) & UnaryLink;
  const reporter = new Reporter();
  reporter.addObserver('main', classifier);
  const observed = {};
  reporter.scope(observed, () => classifier(group.array(owner, { name: 'x' }), group.array(owner, { name: 't' })));
  const numbers = Object.entries(observed).map(([key, value]) => [
    key,
    value instanceof np.NDArray ? value.item() : Number(value),
  ]);
  compareJson('observation', Object.fromEntries(numbers), observation, group.tolerance(testCase).rtol);
  compareJson('saved keys', new NpzFile(serializers.toNpz(classifier)).keys().sort(), [...keys].sort());
}

interface FinetuneCase extends Case {
  readonly inputs: readonly NamedEntry[];
  readonly outputs: readonly NamedEntry[];
  readonly N: number;
}

function runFinetune(group: Group, testCase: FinetuneCase): void {
  const { name, inputs, outputs, N } = testCase;
  const size = group.host(name, inputs[0]).shape[1];
  const link = construct('L.BatchNormalization', size) as ((...args: unknown[]) => Variable) & UnaryLink;
  const results: Record<string, Values> = {};
  inputs.forEach((entry, i) => {
    results[`y${i}`] = valuesOf(link(group.array(name, entry), { finetune: true }));
    results[`avg_mean${i}`] = saved(link, '/avg_mean');
    results[`avg_var${i}`] = saved(link, '/avg_var');
  });
  for (const entry of outputs)
    compare(entry.name, results[entry.name], group.host(name, entry), group.tolerance(testCase));
  compareJson('N', Number(saved(link, '/N').data[0]), N);
}

/** Runs one case. */
export async function runModels(group: Group, testCase: Case): Promise<void> {
  switch (testCase.op) {
    case 'model':
      return runModel(group, testCase as ModelCase);
    case 'train':
      return runTraining(group, testCase as TrainCase);
    case 'Classifier':
      return runClassifier(group, testCase as ClassifierCase);
    case 'bn_finetune':
      return runFinetune(group, testCase as FinetuneCase);
    case 'npz_keys':
      return runLinkKeys(testCase as LinkFileCase);
    case 'file':
      return runLinkFile(group, testCase as LinkFileCase);
    default:
      throw new Mismatch(`cases of the kind '${testCase.op}' are unknown here`);
  }
}

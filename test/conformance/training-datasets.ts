/** Cases of datasets made of datasets, and of examples put together. */
import { datasets, IndexError, np } from 'rensa';
import { compare, compareJson, Mismatch } from './compare.js';
import { valuesOf } from './function-cases.js';
import type { ArrayEntry, Case, Group } from './group.js';

type Part = number | { readonly $array: string };

interface ConcatCase extends Case {
  readonly padding: datasets.Padding;
  readonly batch: readonly Readonly<Record<string, Part>>[];
  readonly kind: 'array' | 'tuple' | 'dict';
  /** `of`: the key or the number of the part; empty where examples have no parts. */
  readonly outputs: readonly (ArrayEntry & { readonly of: string })[];
}

interface SplitCase extends Case {
  readonly n: number;
  readonly split_at: number;
  readonly order?: readonly number[];
  readonly parts: readonly (readonly number[])[];
}

interface EqualPartsCase extends Case {
  readonly n: number;
  readonly k: number;
  readonly parts: readonly (readonly number[])[];
}

interface FoldsCase extends Case {
  readonly n: number;
  readonly k: number;
  readonly folds: readonly (readonly (readonly number[])[])[];
}

interface SubCase extends Case {
  readonly n: number;
  readonly start: number;
  readonly finish: number;
  readonly order?: readonly number[];
  readonly len: number;
  readonly all: readonly number[];
  readonly at_minus_1: number;
  /** `dataset[3:1:-1]` of Python. */
  readonly slice_3_1_m1: readonly number[];
}

interface ConcatenatedCase extends Case {
  readonly datasets: readonly (readonly number[])[];
  readonly len: number;
  readonly all: readonly number[];
  readonly every_other: readonly number[];
}

interface TupleCase extends Case {
  readonly datasets: readonly (readonly number[])[];
  readonly len: number;
  readonly item_1: readonly number[];
  readonly slice_0_2: readonly (readonly number[])[];
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const pick = <T>(dataset: datasets.Dataset<T>, places: readonly number[]): T[] => places.map((i) => dataset.get(i));
const all = <T>(dataset: datasets.Dataset<T>): T[] => pick(dataset, range(dataset.length));

function expectNoExample(what: string, dataset: datasets.Dataset<unknown>, i: number): void {
  try {
    dataset.get(i);
  } catch (error) {
    if (error instanceof IndexError) return;
    throw error;
  }
  throw new Mismatch(`${what}: there is an example ${i}`);
}

export function runConcatExamples(group: Group, testCase: Case): void {
  const concatCase = testCase as ConcatCase;
  const { name, padding, batch, kind, outputs } = concatCase;
  const part = (value: Part) => (typeof value === 'number' ? value : group.array(name, { name: value.$array }));
  const examples = batch.map((example) => {
    const parts = Object.entries(example).map(([key, value]) => [key, part(value)] as const);
    if (kind === 'dict') return Object.fromEntries(parts);
    return kind === 'tuple' ? parts.map(([, value]) => value) : parts[0][1];
  });
  const result: unknown = datasets.concatExamples(examples, null, { padding });
  for (const entry of outputs) {
    const got: unknown = entry.of === '' ? result : Reflect.get(Object(result), entry.of);
    if (!(got instanceof np.NDArray)) throw new Mismatch(`there is no array '${entry.of}'`);
    const want = group.host(name, entry);
    // Real numbers become float64 in Python; here they become what models compute with.
    const narrowed =
      want.dtype === 'float64' ? ({ ...want, dtype: 'float32', data: Float32Array.from(want.data) } as const) : want;
    compare(entry.of, valuesOf(got), narrowed, { rtol: 0, atol: 0 });
  }
}

export function runSplit(_: Group, testCase: Case): void {
  const { n, split_at, order, parts } = testCase as SplitCase;
  compareJson('parts', datasets.splitDataset(range(n), split_at, order).map(all), parts);
}

export function runSplitN(_: Group, testCase: Case): void {
  const { n, k, parts } = testCase as EqualPartsCase;
  compareJson('parts', datasets.splitDatasetN(range(n), k).map(all), parts);
}

export function runCrossValidation(_: Group, testCase: Case): void {
  const { n, k, folds } = testCase as FoldsCase;
  const got = datasets.getCrossValidationDatasets(range(n), k).map((fold) => fold.map(all));
  compareJson('folds', got, folds);
}

export function runSubDataset(_: Group, testCase: Case): void {
  const subCase = testCase as SubCase;
  const dataset = new datasets.SubDataset(range(subCase.n), subCase.start, subCase.finish, subCase.order);
  compareJson('length', dataset.length, subCase.len);
  compareJson('all', all(dataset), subCase.all);
  compareJson('last', dataset.get(-1), subCase.at_minus_1);
  compareJson('slice', pick(dataset, [3, 2]), subCase.slice_3_1_m1);
  expectNoExample('past the end', dataset, subCase.len);
}

export function runConcatenatedDataset(_: Group, testCase: Case): void {
  const concatenatedCase = testCase as ConcatenatedCase;
  const dataset = new datasets.ConcatenatedDataset(...concatenatedCase.datasets);
  compareJson('length', dataset.length, concatenatedCase.len);
  compareJson('all', all(dataset), concatenatedCase.all);
  const even = range(dataset.length).filter((i) => i % 2 === 0);
  compareJson('every other', pick(dataset, even), concatenatedCase.every_other);
  expectNoExample('before the start', dataset, -1);
  expectNoExample('past the end', dataset, concatenatedCase.len);
}

export function runTupleDataset(_: Group, testCase: Case): void {
  const tupleCase = testCase as TupleCase;
  const dataset = new datasets.TupleDataset(...tupleCase.datasets);
  compareJson('length', dataset.length, tupleCase.len);
  compareJson('item 1', dataset.get(1), tupleCase.item_1);
  compareJson('slice', pick(dataset, [0, 1]), tupleCase.slice_0_2);
}

/**
 * Trainings of the built package with batches divided among worker threads, and the trainings they are compared with.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from '../../scripts/build.mjs';
import { root } from '../../scripts/stages.mjs';
import type * as Rensa from '../../src/index.js';

type Make = () => Rensa.L.Classifier;

export type Example = readonly [Rensa.NDArray, number];

interface Built {
  readonly model: Rensa.Link;
  readonly updater: Rensa.training.StandardUpdater<Example>;
}

/** The package in a folder of its own, beside modules of replicas that import it. */
export interface Workshop {
  readonly directory: string;
  readonly rensa: typeof Rensa;
  /** Writes a module beside the library, and gives its URL and what it exports. */
  moduleOf(name: string, text: string): Promise<{ url: URL; make: Make }>;
  /** Examples of random numbers, the same at each call. */
  examplesOf(n: number, shape: readonly number[], classes: number): Example[];
  /**
   * An updater of a model with the same initial numbers at each call. With a `model` of replicas it is a parallel one
   * of two threads.
   */
  build(
    make: Make,
    examples: Example[],
    batchSize: number,
    options?: Partial<Rensa.training.ParallelUpdaterOptions<Example>>,
  ): Built;
  close(): Promise<void>;
}

/** Builds the package for a file of tests. */
export async function openWorkshop(): Promise<Workshop> {
  await mkdir(`${root}/build`, { recursive: true });
  const directory = await mkdtemp(`${root}/build/parallel-`);
  await bundle(directory);
  const rensa: typeof Rensa = await import(pathToFileURL(`${directory}/index.js`).href);
  await rensa.init();
  const { iterators, np, optimizers, scope, training } = rensa;
  return {
    directory,
    rensa,
    async moduleOf(name, text) {
      const file = join(directory, `${name}.mjs`);
      await writeFile(file, text);
      const url = pathToFileURL(file);
      const { default: make } = await import(url.href);
      return { url, make };
    },
    examplesOf(n, shape, classes) {
      np.random.seed(5);
      return Array.from({ length: n }, (_, k) => [np.random.randn(...shape).astype('float32'), k % classes] as const);
    },
    build(make, examples, batchSize, options = {}) {
      np.random.seed(1);
      const model = make();
      scope(model, () => model(np.stack([examples[0][0]]), np.array([0], 'int32')));
      const optimizer = new optimizers.MomentumSGD(0.02).setup(model);
      const iterator = new iterators.SerialIterator(examples, batchSize, { shuffle: false });
      const { model: source, ...rest } = options;
      const updater = source
        ? new training.ParallelUpdater(iterator, optimizer, { model: source, threads: 2, ...rest })
        : new training.StandardUpdater(iterator, optimizer);
      return { model, updater };
    },
    close: () => rm(directory, { recursive: true }),
  };
}

export function parametersOf(model: Rensa.Link): Map<string, number[]> {
  return new Map(Array.from(model.namedParams(), ([path, { array }]) => [path, Array.from(array.dataSync())]));
}

/** The largest difference of parameters, as a part of the largest number of the same parameter. */
export function difference(a: Rensa.Link, b: Rensa.Link): number {
  const theirs = parametersOf(b);
  return Math.max(
    ...Array.from(parametersOf(a), ([path, own]) => {
      const other = theirs.get(path) ?? [];
      const scale = Math.max(...own.map(Math.abs));
      return Math.max(...own.map((v, k) => Math.abs(v - other[k]))) / (scale || 1);
    }),
  );
}

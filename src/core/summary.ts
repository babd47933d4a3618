/**
 * Means of reported values. Values in host memory are summed in double precision. Values on a GPU are summed on the GPU, so that a
 * training loop never waits, and the sum is read when a mean is asked for.
 */
import { KeyError, ValueError } from '../errors.js';
import { parseJson } from '../formats/json.js';
import { mayInspect } from '../ndarray/inspection.js';
import { keep, release, scope } from '../ndarray/lifetime.js';
import { addInPlace, multiply, NDArray, zeros } from '../ndarray/np.js';
import type { Observation, Observed } from './reporter.js';
import type { Serializer } from './serializer.js';

/** Sums on a GPU: Σ weight·value and Σ weight·value². */
class DeviceSums {
  readonly #x: NDArray;
  readonly #x2: NDArray;

  constructor(like: NDArray) {
    const options = { dtype: 'float32', device: like.device.name } as const;
    [this.#x, this.#x2] = keep([zeros([], options), zeros([], options)]);
  }

  add(value: NDArray, weight: number): void {
    scope(null, () => {
      const x = value.reshape([]);
      const weighted = weight === 1 ? x : multiply(x, weight);
      addInPlace(this.#x, weighted);
      addInPlace(this.#x2, multiply(weighted, x));
    });
  }

  async read(): Promise<[x: number, x2: number]> {
    const [x, x2] = await Promise.all([this.#x.data(), this.#x2.data()]);
    return [x[0], x2[0]];
  }

  readSync(): [x: number, x2: number] {
    return [this.#x.item(), this.#x2.item()];
  }

  free(): void {
    release([this.#x, this.#x2]);
  }
}

/** Mean and standard deviation of a stream of numbers; follows chainer.reporter.Summary. */
export class Summary {
  #x = 0;
  #x2 = 0;
  #n = 0;
  #onDevice: DeviceSums | null = null;

  /** Adds a value `weight` times. @throws ShapeError if an array is not of size 1. */
  add(value: Observed, weight = 1): void {
    this.#n += weight;
    if (value instanceof NDArray && !mayInspect(value)) {
      this.#onDevice ??= new DeviceSums(value);
      this.#onDevice.add(value, weight);
      return;
    }
    const number = typeof value === 'number' ? value : value.item();
    this.#x += weight * number;
    this.#x2 += weight * number * number;
  }

  /** The weighted mean. */
  async computeMean(): Promise<number> {
    const [x] = await this.#sums();
    return x / this.#n;
  }

  /** The weighted mean and the standard deviation of the population. */
  async makeStatistics(): Promise<[mean: number, std: number]> {
    const [x, x2] = await this.#sums();
    const mean = x / this.#n;
    return [mean, Math.sqrt(x2 / this.#n - mean * mean)];
  }

  async #sums(): Promise<[x: number, x2: number]> {
    const [x, x2] = (await this.#onDevice?.read()) ?? [0, 0];
    return [this.#x + x, this.#x2 + x2];
  }

  /** Reads or writes the sums, under Chainer's names; files without them leave the summary as it is. */
  serialize(serializer: Serializer): void {
    this.#settle();
    try {
      this.#x = serializer.value('_x', this.#x);
      this.#x2 = serializer.value('_x2', this.#x2);
      this.#n = serializer.value('_n', this.#n);
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
    }
  }

  /** Moves the sums on a device to the host. */
  #settle(): void {
    if (!this.#onDevice) return;
    const [x, x2] = this.#onDevice.readSync();
    this.#x += x;
    this.#x2 += x2;
    this.clearDevice();
  }

  /** Drops the sums on a device and frees their memory. */
  clearDevice(): void {
    this.#onDevice?.free();
    this.#onDevice = null;
  }
}

/** A value, or a value with its weight. */
export type Weighted = Observed | readonly [value: Observed, weight: Observed];

/** Summaries of values by name; follows chainer.reporter.DictSummary. */
export class DictSummary {
  readonly #summaries = new Map<string, Summary>();

  /**
   * Adds values, each as often as its weight says, once by default. Arrays of several elements are skipped, as in Chainer.
   * @throws ValueError if a weight is not one number.
   */
  add(values: Readonly<Record<string, Weighted>>): void {
    for (const [name, entry] of Object.entries(values)) {
      const [value, weight] = isPair(entry) ? entry : [entry, 1];
      if (!isScalar(weight)) throw new ValueError(`DictSummary: the weight of '${name}' is not one number`);
      if (isScalar(value)) this.#summaryOf(name).add(value, typeof weight === 'number' ? weight : weight.item());
    }
  }

  /** The means by name, in the order of the first values. */
  async computeMean(): Promise<Record<string, number>> {
    const means = [...this.#summaries].map(async ([name, summary]) => [name, await summary.computeMean()] as const);
    return Object.fromEntries(await Promise.all(means));
  }

  /** The means by name, and the standard deviations by name + `.std`. */
  async makeStatistics(): Promise<Record<string, number>> {
    const entries = [...this.#summaries].map(async ([name, summary]) => {
      const [mean, std] = await summary.makeStatistics();
      return [
        [name, mean],
        [`${name}.std`, std],
      ] as const;
    });
    return Object.fromEntries((await Promise.all(entries)).flat());
  }

  /** Forgets everything. */
  clear(): void {
    for (const summary of this.#summaries.values()) summary.clearDevice();
    this.#summaries.clear();
  }

  /** Reads or writes all summaries, under Chainer's names; files without them leave nothing here. */
  serialize(serializer: Serializer): void {
    const names = namesIn(serializer, [...this.#summaries.keys()]);
    if (!serializer.writing) this.clear();
    const summaries = serializer.child('_summaries');
    for (const [i, name] of names.entries()) this.#summaryOf(name).serialize(summaries.child(String(i)));
  }

  #summaryOf(name: string): Summary {
    let summary = this.#summaries.get(name);
    if (!summary) {
      summary = new Summary();
      this.#summaries.set(name, summary);
    }
    return summary;
  }
}

/** The names in a file, after writing them if the serializer writes. */
function namesIn(serializer: Serializer, names: readonly string[]): readonly string[] {
  try {
    const list = parseJson('_names', serializer.value('_names', JSON.stringify(names)));
    return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : [];
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    return serializer.writing ? names : [];
  }
}

function isPair(entry: Weighted): entry is readonly [Observed, Observed] {
  return Array.isArray(entry);
}

function isScalar(value: Observed): boolean {
  return typeof value === 'number' || (value instanceof NDArray && value.ndim === 0);
}

/** The values of an observation as numbers. Values on a device are read all at once. Arrays of several elements are left out. */
export async function readObservation(observation: Observation): Promise<Record<string, number>> {
  const scalars = Object.entries(observation).filter(([, value]) => isScalar(value));
  const entries = scalars.map(
    async ([name, value]) => [name, typeof value === 'number' ? value : (await value.data())[0]] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

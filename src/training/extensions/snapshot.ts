import { reading } from '../../formats/reading.js';
import { checkOptions } from '../../options.js';
import { fromNpz, type Serializable, toNpz } from '../../serializers/npz.js';
import { Extension } from '../extension.js';
import type { OutputDirectory, OutputFile } from '../output.js';
import type { Trainer } from '../trainer.js';
import type { TriggerLike } from '../trigger.js';

/** Options of {@link snapshot} and {@link snapshotObject}. */
export interface SnapshotOptions {
  /** Makes the bytes of a file of an object. Default `serializers.toNpz`. */
  savefun?: (target: Serializable) => Uint8Array;
  /** Called each time; if it returns false, there is no snapshot. */
  condition?: () => boolean;
  /** Whether to make a snapshot when the training fails. Default false. */
  snapshotOnError?: boolean;
  /** The number of snapshots to keep: the latest. Default -1: all. */
  nRetains?: number;
  /** Whether to load the latest snapshot in the output directory, if there is one, when the training starts. Default false. */
  autoload?: boolean;
  /** Whether a snapshot survives a loss of power from the moment it is made. See `serializers.WriteOptions`. Default false. */
  durable?: boolean;
}

/** The names of {@link SnapshotOptions}. */
const OPTIONS: Readonly<Record<keyof SnapshotOptions, unknown>> = {
  savefun: null,
  condition: null,
  snapshotOnError: null,
  nRetains: null,
  autoload: null,
  durable: null,
};

/** Options of {@link snapshot}. */
export interface TrainerSnapshotOptions extends SnapshotOptions {
  /** The object to save. Default null: the trainer. */
  target?: Serializable | null;
  /** The file's name, in which `{iteration}` and `{epoch}` stand for those numbers. Default `snapshot_iter_{iteration}`. */
  filename?: string | ((trainer: Trainer) => string);
}

/** `{iteration}` or `{epoch}` in a name; Chainer's form is `{.updater.iteration}`. */
const PLACE = /\{(?:\.updater\.)?(iteration|epoch)\}/g;

/**
 * Saves an object every epoch. {@link snapshot} and {@link snapshotObject} make it.
 */
class Snapshot extends Extension {
  override readonly trigger: TriggerLike = [1, 'epoch'];
  override readonly priority = -100;
  override readonly defaultName = '_Snapshot';
  readonly #target: Serializable | null;
  readonly #filename: string | ((trainer: Trainer) => string);
  readonly #options: SnapshotOptions;

  constructor(
    target: Serializable | null,
    filename: string | ((trainer: Trainer) => string),
    options: SnapshotOptions,
  ) {
    super();
    this.#target = target;
    this.#filename = filename;
    this.#options = options;
  }

  /** Loads before any extension is initialized. In Chainer, extensions of higher priority are initialized earlier and miss it. */
  override async restore(trainer: Trainer): Promise<void> {
    const { output } = trainer;
    if (!this.#options.autoload || !output) return;
    const latest = (await this.#existing(output)).at(-1);
    if (!latest) return;
    const bytes = await output.read(latest.name);
    await reading('npz', bytes, latest.name, () => fromNpz(bytes, this.#target ?? trainer, {}, latest.name));
  }

  override savesTraining(trainer: Trainer): boolean {
    return this.#target === null || this.#target === trainer;
  }

  override async invoke(trainer: Trainer): Promise<void> {
    const { condition = () => true } = this.#options;
    if (condition()) await this.#save(trainer);
  }

  override async onError(trainer: Trainer): Promise<void> {
    if (this.#options.snapshotOnError) await this.#save(trainer);
  }

  async #save(trainer: Trainer): Promise<void> {
    const { output, updater } = trainer;
    if (!output) return;
    const { savefun = toNpz, nRetains = -1, durable = false } = this.#options;
    const name =
      typeof this.#filename === 'string'
        ? this.#filename.replace(PLACE, (_, unit: 'iteration' | 'epoch') => String(updater[unit]))
        : this.#filename(trainer);
    await output.write(name, savefun(this.#target ?? trainer), { durable });
    if (nRetains < 1) return;
    const others = (await this.#existing(output)).filter((file) => file.name !== name);
    for (const stale of others.slice(0, Math.max(0, others.length - nRetains + 1))) await output.remove(stale.name);
  }

  /** The existing snapshots, oldest first: files whose names have numbers where the pattern has `{iteration}` or `{epoch}`. */
  async #existing(output: OutputDirectory): Promise<OutputFile[]> {
    if (typeof this.#filename !== 'string') return [];
    const parts = this.#filename.split(PLACE).filter((_, i) => i % 2 === 0);
    const pattern = new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(\\d+)')}$`);
    const files = (await output.list()).filter(({ name }) => pattern.test(name));
    const numberIn = ({ name }: OutputFile) => Number(pattern.exec(name)?.[1] ?? 0);
    return files.sort((a, b) => a.modified - b.modified || numberIn(a) - numberIn(b));
  }
}

/**
 * Saves the whole trainer to the output directory every epoch, so that a training can be resumed; follows
 * chainer.training.extensions.snapshot. Without a file system it does nothing.
 */
export function snapshot(options: TrainerSnapshotOptions = {}): Extension {
  checkOptions('snapshot', options, { target: null, filename: null, ...OPTIONS });
  const { target = null, filename = 'snapshot_iter_{iteration}', ...rest } = options;
  return new Snapshot(target, filename, rest);
}

/**
 * Saves one object every epoch, such as the model: `snapshotObject(model, 'model_epoch_{epoch}.npz')`. Follows
 * chainer.training.extensions.snapshot_object.
 */
export function snapshotObject(
  target: Serializable,
  filename: string | ((trainer: Trainer) => string),
  options: SnapshotOptions = {},
): Extension {
  checkOptions('snapshotObject', options, OPTIONS);
  return new Snapshot(target, filename, options);
}

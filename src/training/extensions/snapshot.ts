import { reading } from '../../formats/reading.js';
import { checkOptions } from '../../options.js';
import { fromNpz, type Serializable, toNpz } from '../../serializers/npz.js';
import { Extension } from '../extension.js';
import type { OutputDirectory, OutputFile } from '../output.js';
import type { Trainer } from '../trainer.js';
import type { TriggerLike } from '../trigger.js';

/** Options of {@link snapshot} and {@link snapshotObject}. */
export interface SnapshotOptions {
  /** The bytes of a file that holds an object. Default `serializers.toNpz`. */
  savefun?: (target: Serializable) => Uint8Array;
  /** Asked each time; false: no snapshot now. */
  condition?: () => boolean;
  /** Whether a snapshot is made when the training fails. Default false. */
  snapshotOnError?: boolean;
  /** How many snapshots are kept, the latest. Default -1: all. */
  nRetains?: number;
  /** Load the latest snapshot in the output directory, if there is one, when the training starts. Default false. */
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
  /** What is saved. Default null: the trainer. */
  target?: Serializable | null;
  /** See `Snapshot`. Default `snapshot_iter_{iteration}`. */
  filename?: string | ((trainer: Trainer) => string);
}

/** `{iteration}` in a name, or as Chainer has it, `{.updater.iteration}`; and the same of `epoch`. */
const PLACE = /\{(?:\.updater\.)?(iteration|epoch)\}/g;

/**
 * Saves an object, every epoch. `{iteration}` and `{epoch}` in the file's name stand for those numbers. Made by
 * {@link snapshot} and {@link snapshotObject}.
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

  /** In Chainer extensions of higher priority are initialized before the snapshot is loaded, and miss it. */
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

  /** The snapshots that are there, oldest first: files whose names have numbers where the pattern has places. */
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
 * Saves the whole trainer to the output directory, every epoch, so that training can go on from there; follows
 * chainer.training.extensions.snapshot. Without a file system it does nothing.
 */
export function snapshot(options: TrainerSnapshotOptions = {}): Extension {
  checkOptions('snapshot', options, { target: null, filename: null, ...OPTIONS });
  const { target = null, filename = 'snapshot_iter_{iteration}', ...rest } = options;
  return new Snapshot(target, filename, rest);
}

/**
 * Saves one object, such as the model, every epoch: `snapshotObject(model, 'model_epoch_{epoch}.npz')`. Follows
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

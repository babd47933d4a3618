/** The training loop: updates, extensions between them, and a condition to stop. */

import { type Observation, Reporter } from '../core/reporter.js';
import type { Serializer } from '../core/serializer.js';
import { KeyError, ValueError } from '../errors.js';
import { type Reaching, reach, release } from '../ndarray/lifetime.js';
import { checkOptions, inWords } from '../options.js';
import { Described, made } from '../printing.js';
import { asExtension, type Extension, type ExtensionLike } from './extension.js';
import { getTrigger } from './get-trigger.js';
import { type OutputDirectory, openOutput } from './output.js';
import { Pacer } from './pacer.js';
import { Resumption } from './resumption.js';
import type { Progress, Trigger, TriggerLike } from './trigger.js';
import type { Updater } from './updater.js';

/** Options of {@link Trainer.extend}. */
export interface ExtendOptions {
  /** The extension's name in the trainer. Default: its default name. If the name is taken, it gets `_1`, `_2`, … */
  name?: string;
  /** When the trainer invokes it. Default: the extension's own trigger. */
  trigger?: TriggerLike;
  /** Extensions of higher priority run earlier. Default: the extension's own priority. */
  priority?: number;
  /** Whether the trainer also invokes it before the first update. Default false. */
  callBeforeTraining?: boolean;
}

/** The names of {@link ExtendOptions}. */
const OPTIONS: Readonly<Record<keyof ExtendOptions, unknown>> = {
  name: null,
  trigger: null,
  priority: null,
  callBeforeTraining: null,
};

/** The updaters of trainings that run: two trainings cannot share one. */
const running = new WeakSet<Updater>();

interface Entry {
  readonly name: string;
  readonly extension: Extension;
  readonly trigger: Trigger;
  readonly priority: number;
  readonly callBeforeTraining: boolean;
}

/**
 * Updates models until a trigger stops it, and invokes extensions after each update, in the order of their priorities; follows
 * chainer.training.Trainer.
 *
 * To resume a training, save the trainer with `serializers.saveNpz` and load it into a trainer that was built alike; `run` goes on.
 */
export class Trainer extends Described implements Progress, Reaching {
  /** The updater. */
  readonly updater: Updater;
  /** Stops the training when it fires. */
  readonly stopTrigger: Trigger;
  /** The output directory, as it was passed. */
  readonly out: string | OutputDirectory | null;
  /** The reporter, to which the links of all models report by name. */
  readonly reporter = new Reporter();
  /** The reports of this iteration. Its arrays live until the next iteration. */
  observation: Observation = {};
  readonly #extensions = new Map<string, Entry>();
  readonly #resumption: Resumption;
  #output: OutputDirectory | null = null;
  #startedAt: number | null = null;
  #earlierTime = 0;
  #finalTime: number | null = null;

  /**
   * @param stopTrigger stops the training, such as `[20, 'epoch']`. Default null: only an error stops it.
   * @param out the directory for files, which it makes. Without a file system nothing is written.
   */
  constructor(
    updater: Updater,
    stopTrigger: TriggerLike = null,
    out: string | OutputDirectory | null = 'result',
    extensions: readonly ExtensionLike[] = [],
  ) {
    super();
    if (typeof updater?.getAllOptimizers !== 'function')
      throw new ValueError(`Trainer: the updater is ${inWords(updater)}, expected an Updater such as StandardUpdater`);
    this.updater = updater;
    this.stopTrigger = getTrigger(stopTrigger);
    this.out = out;
    this.#resumption = new Resumption(updater.getAllOptimizers());
    for (const [name, { target }] of updater.getAllOptimizers()) this.reporter.addObservers(name, target.namedLinks());
    for (const extension of extensions) this.extend(extension);
  }

  /** The opened `out`; null where there is no file system, and before `run`. */
  get output(): OutputDirectory | null {
    return this.#output;
  }

  /** Whether there was no update yet. */
  get isBeforeTraining(): boolean {
    return this.updater.iteration === 0;
  }

  /** Seconds of training so far, including those before the snapshot that it resumes. 0 before it starts. */
  get elapsedTime(): number {
    if (this.#finalTime !== null) return this.#finalTime;
    const sinceStart = this.#startedAt === null ? 0 : (performance.now() - this.#startedAt) / 1000;
    return sinceStart + this.#earlierTime;
  }

  /**
   * Adds an extension. Returns the trainer.
   *
   * @throws ValueError if the extension has no name, is called `training`, or is in the trainer already. TypeError for an option
   *   that does not exist.
   */
  extend(extension: ExtensionLike, options: ExtendOptions = {}): this {
    checkOptions('Trainer.extend', options, OPTIONS);
    const wanted = asExtension(extension);
    for (const { name, extension: other } of this.#extensions.values())
      if (other === wanted)
        throw new ValueError(`extend: this ${wanted.constructor.name} is in the trainer already, as '${name}'`);
    const {
      name = wanted.name ?? wanted.defaultName,
      priority = wanted.priority,
      callBeforeTraining = false,
    } = options;
    if (!name) throw new ValueError('extend: the extension has no name; pass { name }');
    if (name === 'training') throw new ValueError("extend: an extension cannot be called 'training'");
    let unique = name;
    for (let ordinal = 1; this.#extensions.has(unique); ordinal++) unique = `${name}_${ordinal}`;
    wanted.name = unique;
    const trigger = getTrigger(options.trigger === undefined ? wanted.trigger : options.trigger);
    this.#extensions.set(unique, { name: unique, extension: wanted, trigger, priority, callBeforeTraining });
    return this;
  }

  /** The extension of a name. @throws KeyError if there is none. */
  getExtension(name: string): Extension {
    const entry = this.#extensions.get(name);
    if (!entry) throw new KeyError(`getExtension: there is no '${name}' (${[...this.#extensions.keys()].join(', ')})`);
    return entry.extension;
  }

  /** Runs `fn` and observes its reports. */
  readonly observe = <T>(fn: () => T): T => this.reporter.scope(this.observation, fn);

  /**
   * Trains until the stop trigger fires. The event loop runs between updates, so a page stays responsive. If an update or an
   * extension throws, all extensions get `onError`, all are finalized, and the promise is rejected.
   *
   * @throws ValueError if it has run already, or another trainer runs with its updater.
   */
  async run(): Promise<void> {
    if (this.#startedAt !== null) throw new ValueError('Trainer: it has run already; make a new one to go on');
    if (running.has(this.updater)) throw new ValueError('Trainer: its updater is in another training that runs now');
    running.add(this.updater);
    this.#startedAt = performance.now();
    const entries = [...this.#extensions.values()].sort((a, b) => b.priority - a.priority);
    try {
      this.#output = await openOutput(this.out);
      this.#resumption.begin();
      for (const { extension } of entries) await extension.restore(this);
      for (const { extension, trigger } of entries) if (!trigger.finished) await extension.initialize(this);
      this.#resumption.applyHyperparameters();
      await this.#loop(entries);
    } catch (error) {
      for (const { extension } of entries) await this.#tell(extension, error);
      throw error;
    } finally {
      this.#finalTime = this.elapsedTime;
      running.delete(this.updater);
      for (const { extension } of entries) await extension.finalize();
      this.updater.finalize();
    }
  }

  /** Tells an extension of an error. Errors of the extension itself are only printed, so that `run` throws the first one. */
  async #tell(extension: Extension, error: unknown): Promise<void> {
    try {
      await extension.onError(this, error);
    } catch (another) {
      console.error(`${extension.name}: onError failed:`, another);
    }
  }

  async #loop(entries: readonly Entry[]): Promise<void> {
    if (this.isBeforeTraining) {
      await this.#invoke(entries, ({ callBeforeTraining }) => callBeforeTraining);
    }
    const pacer = new Pacer();
    while (!(await this.stopTrigger.fires(this))) {
      const previous = this.observation;
      this.observation = {};
      await this.updater.update(this.observe);
      // Not earlier: until this update, fields of the model held the values of its last reports.
      release(previous, [this.updater, this.observation]);
      await this.#invoke(entries, ({ trigger }) => trigger.fires(this));
      await pacer.pause();
    }
  }

  /** Invokes the extensions whose time it is. Extensions that save the training come last, after all others and their triggers. */
  async #invoke(entries: readonly Entry[], isTime: (entry: Entry) => boolean | Promise<boolean>): Promise<void> {
    const last: Extension[] = [];
    for (const entry of entries) {
      if (!(await isTime(entry))) continue;
      const { extension } = entry;
      if (extension.savesTraining(this)) last.push(extension);
      else await this.observe(() => extension.invoke(this));
    }
    for (const extension of last) await this.observe(() => extension.invoke(this));
  }

  /**
   * Reads or writes all state: under Chainer's names, and under `rensa/` what Chainer does not save, which is random streams, the last
   * observation and hyperparameters. Options and datasets are not state: build the trainer with them.
   */
  serialize(serializer: Serializer): void {
    this.updater.serialize(serializer.child('updater'));
    this.stopTrigger.serialize?.(serializer.child('stop_trigger'));
    const extensions = serializer.child('extensions');
    const triggers = serializer.child('extension_triggers');
    for (const { name, extension, trigger } of this.#extensions.values()) {
      extension.serialize(extensions.child(name));
      trigger.serialize?.(triggers.child(name));
    }
    const elapsed = serializer.value('_snapshot_elapsed_time', this.elapsedTime);
    const observation = this.#resumption.serialize(serializer.child('rensa'), this.observation);
    if (serializer.writing) return;
    this.#earlierTime = elapsed;
    this.observation = observation;
  }

  /** Keeps the updater's models alive with the trainer. */
  [reach](visit: (value: unknown) => void): void {
    visit(this.updater);
    visit(this.observation);
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return {
      updater: this.updater,
      stopTrigger: this.stopTrigger,
      out: this.out,
      extensions: [...this.#extensions.keys()],
    };
  }
}

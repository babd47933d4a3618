/** What an extension of a training loop is. The extensions themselves are in extensions/. */

import type { Serializer } from '../core/serializer.js';
import { ValueError } from '../errors.js';
import { checkOptions, inWords } from '../options.js';
import { Described } from '../printing.js';
import type { Trainer } from './trainer.js';
import type { TriggerLike } from './trigger.js';

/** Of extensions that write observations: they run first. */
export const PRIORITY_WRITER = 300;
/** Of extensions that change observations. */
export const PRIORITY_EDITOR = 200;
/** Of extensions that only read observations, or none. */
export const PRIORITY_READER = 100;

/** Something a trainer does between updates, when its trigger fires; follows chainer.training.Extension. */
export abstract class Extension extends Described {
  /** When it is invoked, unless `extend` says otherwise. Default: every iteration. */
  readonly trigger: TriggerLike = [1, 'iteration'];
  /** Extensions of higher priority are invoked earlier. */
  readonly priority: number = PRIORITY_READER;
  /** The name it gets from `extend`, unless that gives another. */
  readonly defaultName: string = this.constructor.name;
  /** The name under which a trainer has it; null before. */
  name: string | null = null;

  /**
   * What it does. What it reports before its first `await` is observed; later, write to `trainer.observation`. Observed
   * arrays are freed in the next iteration: keep their numbers, or copies.
   */
  abstract invoke(trainer: Trainer): unknown;

  /** Brings back an earlier state of the training. Called before any extension is initialized, as they may look at it. */
  restore(_trainer: Trainer): void | Promise<void> {}

  /** Whether it saves the whole training. Then it is invoked after all others of an iteration, whatever its priority. */
  savesTraining(_trainer: Trainer): boolean {
    return false;
  }

  /** Called once before the training starts or is resumed. */
  initialize(_trainer: Trainer): void | Promise<void> {}

  /** Called when the training has ended, also by an error. */
  finalize(): void | Promise<void> {}

  /** Called when the training has failed, before {@link finalize}. */
  onError(_trainer: Trainer, _error: unknown): void | Promise<void> {}

  /** Reads or writes its state. */
  serialize(_serializer: Serializer): void {}
}

/** What {@link makeExtension} adds to a function. */
export interface MakeExtensionOptions {
  /** When it is invoked. Default every iteration. */
  trigger?: TriggerLike;
  /** Default: the function's name. */
  defaultName?: string;
  /** Extensions of higher priority are invoked earlier. Default {@link PRIORITY_READER}. */
  priority?: number;
  /** Called once before the training starts or is resumed. Default: nothing. */
  initialize?: (trainer: Trainer) => unknown;
  /** Called when the training has ended. Default: nothing. */
  finalize?: () => unknown;
  /** Called when the training has failed. Default: nothing. */
  onError?: (trainer: Trainer, error: unknown) => unknown;
}

/** The names of {@link MakeExtensionOptions}. */
const OPTIONS: Readonly<Record<keyof MakeExtensionOptions, unknown>> = {
  trigger: null,
  defaultName: null,
  priority: null,
  initialize: null,
  finalize: null,
  onError: null,
};

/** What `extend` takes. A function is invoked every iteration, with the priority of a reader. */
export type ExtensionLike = Extension | ((trainer: Trainer) => unknown);

class FunctionExtension extends Extension {
  override readonly trigger: TriggerLike;
  override readonly priority: number;
  override readonly defaultName: string;
  readonly #invoke: (trainer: Trainer) => unknown;
  readonly #options: MakeExtensionOptions;

  constructor(invoke: (trainer: Trainer) => unknown, options: MakeExtensionOptions) {
    super();
    const { trigger = [1, 'iteration'], priority = PRIORITY_READER, defaultName = invoke.name } = options;
    this.trigger = trigger;
    this.priority = priority;
    this.defaultName = defaultName;
    this.#invoke = invoke;
    this.#options = options;
  }

  override invoke(trainer: Trainer): unknown {
    const result = this.#invoke(trainer);
    // Of a function that makes extensions, such as snapshot, and that was given without being called.
    if (result instanceof Extension)
      throw new ValueError(
        `extend: ${this.name} is a function that makes an extension; give what it returns, ${this.name}()`,
      );
    return result;
  }

  override async initialize(trainer: Trainer): Promise<void> {
    await this.#options.initialize?.(trainer);
  }

  override async finalize(): Promise<void> {
    await this.#options.finalize?.();
  }

  override async onError(trainer: Trainer, error: unknown): Promise<void> {
    await this.#options.onError?.(trainer, error);
  }
}

/** An extension that is a function; follows chainer.training.make_extension. */
export function makeExtension(options: MakeExtensionOptions, invoke: (trainer: Trainer) => unknown): Extension {
  checkOptions('makeExtension', options, OPTIONS);
  return new FunctionExtension(invoke, options);
}

/** The extension of whatever `extend` takes. @throws ValueError for what is neither an Extension nor a function. */
export function asExtension(extension: ExtensionLike): Extension {
  if (extension instanceof Extension) return extension;
  if (typeof extension !== 'function')
    throw new ValueError(`extend: expected an Extension or a function, got ${inWords(extension)}`);
  if (extension.prototype instanceof Extension)
    throw new ValueError(`extend: ${extension.name} is a class; give an instance, new ${extension.name}(…)`);
  return makeExtension({}, extension);
}

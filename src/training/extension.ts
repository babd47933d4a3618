/** The base class of extensions of a training loop. The extensions themselves are in `extensions/`. */

import type { Serializer } from '../core/serializer.js';
import { ValueError } from '../errors.js';
import { checkOptions, inWords } from '../options.js';
import { Described } from '../printing.js';
import type { Trainer } from './trainer.js';
import type { TriggerLike } from './trigger.js';

/** The priority of extensions that write observations: they run first. */
export const PRIORITY_WRITER = 300;
/** The priority of extensions that change observations. */
export const PRIORITY_EDITOR = 200;
/** The priority of extensions that only read observations, or do not use them. */
export const PRIORITY_READER = 100;

/** An action between updates, which a trainer invokes when its trigger fires; follows chainer.training.Extension. */
export abstract class Extension extends Described {
  /** When the trainer invokes it, unless `extend` gives a trigger. Default: every iteration. */
  readonly trigger: TriggerLike = [1, 'iteration'];
  /** Extensions of higher priority run earlier. */
  readonly priority: number = PRIORITY_READER;
  /** Its name in a trainer, unless `extend` gives another. */
  readonly defaultName: string = this.constructor.name;
  /** Its name in the trainer; null before `extend`. */
  name: string | null = null;

  /**
   * Acts. The trainer observes reports up to the first `await`; after it, write to `trainer.observation`. Observed arrays are freed
   * in the next iteration, so keep their numbers or copies.
   */
  abstract invoke(trainer: Trainer): unknown;

  /** Loads an earlier state of the training. Called before any extension is initialized, since `initialize` may look at the state. */
  restore(_trainer: Trainer): void | Promise<void> {}

  /** Whether it saves the whole training. If so, it runs after all others of an iteration, whatever its priority. */
  savesTraining(_trainer: Trainer): boolean {
    return false;
  }

  /** Called once before the training starts or is resumed. */
  initialize(_trainer: Trainer): void | Promise<void> {}

  /** Called when the training has ended, with or without an error. */
  finalize(): void | Promise<void> {}

  /** Called when the training has failed, before {@link finalize}. */
  onError(_trainer: Trainer, _error: unknown): void | Promise<void> {}

  /** Reads or writes its state. */
  serialize(_serializer: Serializer): void {}
}

/** Options of {@link makeExtension}. */
export interface MakeExtensionOptions {
  /** When the trainer invokes it. Default: every iteration. */
  trigger?: TriggerLike;
  /** Its name in a trainer. Default: the function's name. */
  defaultName?: string;
  /** Extensions of higher priority run earlier. Default {@link PRIORITY_READER}. */
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

/** An extension, or a function that runs every iteration with the priority of a reader. */
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
    // The user passed a function such as `snapshot` and did not call it.
    if (result instanceof Extension)
      throw new ValueError(
        `extend: ${this.name} is a function that makes an extension; pass its result, ${this.name}()`,
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

/** Makes an extension of a function; follows chainer.training.make_extension. */
export function makeExtension(options: MakeExtensionOptions, invoke: (trainer: Trainer) => unknown): Extension {
  checkOptions('makeExtension', options, OPTIONS);
  return new FunctionExtension(invoke, options);
}

/** Makes an extension of an {@link ExtensionLike}. @throws ValueError for a value that is neither an Extension nor a function. */
export function asExtension(extension: ExtensionLike): Extension {
  if (extension instanceof Extension) return extension;
  if (typeof extension !== 'function')
    throw new ValueError(`extend: expected an Extension or a function, got ${inWords(extension)}`);
  if (extension.prototype instanceof Extension)
    throw new ValueError(`extend: ${extension.name} is a class; pass an instance, new ${extension.name}(…)`);
  return makeExtension({}, extension);
}

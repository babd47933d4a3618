/** Training: the loop, its updaters, its extensions, and the triggers that start them. */
export {
  Extension,
  type ExtensionLike,
  type MakeExtensionOptions,
  makeExtension,
  PRIORITY_EDITOR,
  PRIORITY_READER,
  PRIORITY_WRITER,
} from './extension.js';
/** Actions between updates: evaluation, reports, snapshots; follows chainer.training.extensions. */
export * as extensions from './extensions/index.js';
export { getTrigger } from './get-trigger.js';
export type { OutputDirectory, OutputFile } from './output.js';
export { type ReplicaOptions, replica } from './parallel/replica.js';
export type { ReplicaSource } from './parallel/replica-worker.js';
export type { TextElement, TextOutput } from './text-output.js';
export { type ExtendOptions, Trainer } from './trainer.js';
export type { Progress, Trigger, TriggerLike, Unit, UpdaterProgress } from './trigger.js';
/** Times at which extensions run or a training stops; follows chainer.training.triggers. */
export * as triggers from './triggers/index.js';
export type { Observe, Updater } from './updater.js';
export { ParallelUpdater, type ParallelUpdaterOptions } from './updaters/parallel-updater.js';
export { type ModelArguments, StandardUpdater, type StandardUpdaterOptions } from './updaters/standard-updater.js';

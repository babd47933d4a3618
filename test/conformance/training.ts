/** The `training` group: finds the runner for each case by its operation. */
import { Mismatch } from './compare.js';
import type { Case, Group } from './group.js';
import {
  runConcatExamples,
  runConcatenatedDataset,
  runCrossValidation,
  runSplit,
  runSplitN,
  runSubDataset,
  runTupleDataset,
} from './training-datasets.js';
import { runIteratorEntries, runIteratorResume, runSerialIterator } from './training-iterators.js';
import { runEvaluator, runExtensionOrder, runTrainer } from './training-runs.js';
import { runShift } from './training-shifts.js';
import { runDictSummary, runSummary } from './training-summaries.js';
import { runTimeTrigger, runTrigger } from './training-triggers.js';

const RUNNERS: Readonly<Record<string, (group: Group, testCase: Case) => void | Promise<void>>> = {
  SerialIterator: runSerialIterator,
  SerialIterator_resume: runIteratorResume,
  SerialIterator_entries: runIteratorEntries,
  IntervalTrigger: runTrigger,
  ManualScheduleTrigger: runTrigger,
  OnceTrigger: runTrigger,
  MinValueTrigger: runTrigger,
  MaxValueTrigger: runTrigger,
  EarlyStoppingTrigger: runTrigger,
  TimeTrigger: runTimeTrigger,
  LinearShift: runShift,
  ExponentialShift: runShift,
  MultistepShift: runShift,
  StepShift: runShift,
  InverseShift: runShift,
  PolynomialShift: runShift,
  WarmupShift: runShift,
  Summary: runSummary,
  DictSummary: runDictSummary,
  concat_examples: runConcatExamples,
  split_dataset: runSplit,
  split_dataset_n: runSplitN,
  get_cross_validation_datasets: runCrossValidation,
  SubDataset: runSubDataset,
  ConcatenatedDataset: runConcatenatedDataset,
  TupleDataset: runTupleDataset,
  trainer: runTrainer,
  extension_order: runExtensionOrder,
  Evaluator: runEvaluator,
};

/** Runs one case. */
export async function runTraining(group: Group, testCase: Case): Promise<void> {
  const runner = RUNNERS[testCase.op];
  if (!runner) throw new Mismatch(`cases of ${testCase.op} are unknown`);
  await runner(group, testCase);
}

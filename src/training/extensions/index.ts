/** Extensions: actions between updates. */
export type { BoundedShiftOptions } from './bounded-shift.js';
export { DumpGraph, type DumpGraphOptions } from './dump-graph.js';
export { Evaluator, type EvaluatorOptions } from './evaluator.js';
export { ExponentialShift } from './exponential-shift.js';
export { FailOnNonNumber } from './fail-on-non-number.js';
export type { ShiftOptions } from './hyperparameter-shift.js';
export { InverseShift } from './inverse-shift.js';
export { LinearShift } from './linear-shift.js';
export { type LogEntry, LogReport, type LogReportOptions } from './log-report.js';
export { MicroAverage } from './micro-average.js';
export { MultistepShift } from './multistep-shift.js';
export {
  DEFAULT_STATISTICS,
  ParameterStatistics,
  type ParameterStatisticsOptions,
  type Statistic,
} from './parameter-statistics.js';
export { PlotReport, type PlotReportOptions } from './plot-report.js';
export { PolynomialShift } from './polynomial-shift.js';
export { PrintReport, type PrintReportOptions } from './print-report.js';
export { ProgressBar, type ProgressBarOptions } from './progress-bar.js';
export { type SnapshotOptions, snapshot, snapshotObject, type TrainerSnapshotOptions } from './snapshot.js';
export { StepShift } from './step-shift.js';
export { unchainVariables } from './unchain-variables.js';
export { observeLr, observeValue } from './value-observation.js';
export {
  type StatisticsTarget,
  VariableStatisticsPlot,
  type VariableStatisticsPlotOptions,
} from './variable-statistics-plot.js';
export { WarmupShift } from './warmup-shift.js';

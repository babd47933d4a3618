/** Triggers: the times at which extensions run or a training stops. */
export { BestValueTrigger, MaxValueTrigger, MinValueTrigger } from './best-value-trigger.js';
export { type EarlyStoppingOptions, EarlyStoppingTrigger } from './early-stopping-trigger.js';
export { IntervalTrigger } from './interval-trigger.js';
export { ManualScheduleTrigger } from './manual-schedule-trigger.js';
export { OnceTrigger } from './once-trigger.js';
export { OneShotTrigger } from './one-shot-trigger.js';
export { TimeTrigger } from './time-trigger.js';

/** Hooks of functions: `usingHook(new functionHooks.TimerHook(), () => …)`. */
export { MemoryHook } from './memory-hook.js';
export { PrintHook } from './print-hook.js';
export { type TimedCalls, TimerHook } from './timer-hook.js';

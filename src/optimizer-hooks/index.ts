/** Optimizer hooks, which change gradients between backward and update. */
export { GradientClipping } from './gradient-clipping.js';
export { GradientHardClipping } from './gradient-hard-clipping.js';
export { GradientLARS, type GradientLARSOptions } from './gradient-lars.js';
export { exponentialDecayNoise, GradientNoise, type NoiseFunction } from './gradient-noise.js';
export type { HookOptions } from './hook-options.js';
export { Lasso } from './lasso.js';
export { WeightDecay } from './weight-decay.js';

/** Hooks that watch links compute, or change their weights: `link.addHook(new linkHooks.SpectralNormalization())`. */
export { SpectralNormalization, type SpectralNormalizationOptions } from './spectral-normalization.js';
export { TimerHook } from './timer-hook.js';
export { WeightStandardization, type WeightStandardizationOptions } from './weight-standardization.js';

/** Initializers: they fill new parameters. */
export { Constant, Identity, NotANumber as NaN, One, Zero } from './constant.js';
export type { DrawOptions } from './fan-scaled.js';
export { fans } from './fans.js';
export type { Initializer, InitializerLike } from './initializer.js';
export { GlorotNormal, HeNormal, type HeNormalOptions, LeCunNormal, Normal } from './normal.js';
export { Orthogonal, type OrthogonalOptions } from './orthogonal.js';
export { DownsamplingConvFilter, UpsamplingDeconvFilter } from './resampling.js';
export { toInitializer } from './to-initializer.js';
export { GlorotUniform, HeUniform, LeCunUniform, Uniform } from './uniform.js';

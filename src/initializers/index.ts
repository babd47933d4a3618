/** What parameters start as. */
export { Identity, NotANumber as NaN, One, Zero } from './constant.js';
export { Constant, fans, type Initializer, type InitializerLike, toInitializer } from './initializer.js';
export { type DrawOptions, GlorotNormal, HeNormal, type HeNormalOptions, LeCunNormal, Normal } from './normal.js';
export { Orthogonal, type OrthogonalOptions } from './orthogonal.js';
export { DownsamplingConvFilter, UpsamplingDeconvFilter } from './resampling.js';
export { GlorotUniform, HeUniform, LeCunUniform, Uniform } from './uniform.js';

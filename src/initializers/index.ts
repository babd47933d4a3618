/** What parameters start as. */
export { Constant, fans, type Initializer, type InitializerLike, toInitializer } from './initializer.js';
export { type DrawOptions, GlorotNormal, HeNormal, type HeNormalOptions, LeCunNormal, Normal } from './normal.js';
export { GlorotUniform, HeUniform, LeCunUniform, Uniform } from './uniform.js';

/** The namespace `np`: NumPy's names and semantics on any device. The list of exports is written by hand. */
export { type Array2stringOptions, array2string, arrayRepr, arrayStr } from './array-text.js';
export { getPrintoptions, type PrintOptions, setPrintoptions } from './print-options.js';
/** Random numbers as NumPy draws them; follows numpy.random. */
export * as random from './random.js';
export * from './routines.js';

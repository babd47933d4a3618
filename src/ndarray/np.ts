/** The namespace `np`: NumPy's names and semantics over any device. Exported by hand; it computes nothing itself. */
export * as random from './random.js';
export * from './routines.js';

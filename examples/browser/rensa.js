/** Rensa, from this checkout. In a project of your own, import 'rensa' instead. */
export * from '../../dist/index.js';

// @ts-check
/** The module of the replicas of `npm run soak -- train`. */
import { makeModel } from './training.mjs';

const url = new URL('../../../dist/index.js', import.meta.url).href;
/** @type {import('./training.mjs').Rensa} */
const rensa = await import(url);

export default rensa.training.replica(() => makeModel(rensa));

// @ts-check
/** The process of one training of `npm run soak -- train`. */
import { train } from './training.mjs';

const url = new URL('../../../dist/index.js', import.meta.url).href;
/** @type {import('./training.mjs').Rensa} */
const rensa = await import(url);

const replica = new URL('./replica.mjs', import.meta.url).href;
await train(rensa, JSON.parse(process.argv[2]), replica, (sample) =>
  process.send?.({ ...sample, resident: process.memoryUsage.rss() }),
);
process.disconnect?.();

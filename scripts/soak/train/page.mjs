// @ts-check
/** The page's half of `npm run soak -- train --device webgl`: the functions that scripts/soak/train.mjs calls. */
import { train } from './training.mjs';

const url = '/rensa/index.js'; // only the server knows this path
const rensa = import(url);

Object.assign(window, {
  /** @param {import('./training.mjs').Task} task */
  train: async (task) => {
    const { sampled } = /** @type {{ sampled(sample: import('./training.mjs').Sample): Promise<void> }} */ (
      Object(window)
    );
    await train(await rensa, task, '', sampled);
  },
});

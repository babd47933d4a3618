/** The message of a MemoryError: what holds the memory of the device, and what the program can do. */
import type { Backend } from '../backends/backend.js';
import { MemoryError } from '../errors.js';
import { heldBytes } from '../ndarray/storage.js';

const REMEDIES = {
  parameters: 'use a smaller model, or compile(model, [x], { takeWeights: true }) where it is only run',
  gradients: 'model.cleargrads() gives gradients up',
  optimizerStates: 'an optimizer with fewer states (SGD has none) takes less',
  graphs:
    'optimizer.update() frees graphs after loss.backward(), scope(model, fn) frees them at its end, and noBackpropMode(fn) records none; ' +
    'a smaller batch needs less',
  arrays: 'scope(root, fn) frees what is allocated inside, and x.dispose() an array; keep(x) fewer of them',
  compiled: 'free() of a compiled model gives its weights and working memory back',
};

const NAMES: Record<keyof typeof REMEDIES, string> = {
  parameters: 'parameters',
  gradients: 'gradients',
  optimizerStates: 'states of optimizers',
  graphs: 'graphs',
  arrays: 'other arrays',
  compiled: 'compiled models and workspaces',
};

/** The error, extended by the bytes of each holder, largest first, and a remedy for the largest. */
export function explainShortage(error: MemoryError, backend: Backend): MemoryError {
  const held = heldBytes();
  const arrays = Object.values(held).reduce((sum, bytes) => sum + bytes, 0);
  const all = { ...held, compiled: Math.max(0, backend.stats().bytes - arrays) };
  const holders = (Object.keys(NAMES) as (keyof typeof NAMES)[])
    .filter((name) => all[name] > 0)
    .sort((a, b) => all[b] - all[a]);
  if (holders.length === 0) return error;
  const shares = holders.map((name) => `${NAMES[name]} ${(all[name] / 2 ** 20).toFixed(1)} MiB`);
  return new MemoryError(`${error.message}; held by: ${shares.join(', ')}. ${REMEDIES[holders[0]]}`, { cause: error });
}

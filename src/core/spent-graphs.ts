/**
 * Frees graphs that are recorded outside scopes, as in a training loop without scopes:
 *
 *     const y = model(x);                  the functions' arrays belong to the graph
 *     const loss = F.softmaxCrossEntropy(y, t);
 *     model.cleargrads();
 *     loss.backward();                     the functions it goes through are spent
 *     optimizer.update();                  frees what spent functions made
 *
 * Some arrays outlive one update of the optimizer: losses and other single numbers, the results of outermost calls of models, and graphs
 * that still wait for their backward, such as the discriminator's while the generator is updated. On wasm, single numbers stay readable
 * for good (see `retire`). Arrays that the optimizer reaches (parameters, states, fields of links) stay.
 */
import { callAlone, markReachable, outsideScopes } from '../ndarray/lifetime.js';
import { graphArrays, retire, SCALAR } from '../ndarray/loose-arrays.js';
import { type Maker, onShortage } from '../ndarray/storage.js';
import { arraysOf } from './composed.js';
import { config } from './config.js';
import { explainShortage } from './shortage.js';

/** The message for an array that an update freed with its graph. */
const BY_UPDATE =
  'use after free: this array was part of a graph, which optimizer.update() freed after backward; keep(x) it before the update. ' +
  'Losses and results of models live until the next update';

let insideModel = false;

onShortage({ explain: explainShortage });

/** Whether a call of a link that begins now is inside neither another call nor a scope. */
export function isOutermostCall(): boolean {
  return !insideModel && outsideScopes();
}

/**
 * Runs the outermost call of a link. Its results outlive the next update. Without a graph, all arrays but the results are freed.
 */
export function callModel<T>(model: object, call: () => T): T {
  if (!config.enableBackprop) return callAlone(model, call);
  insideModel = true;
  try {
    const result = call();
    for (const { storage } of arraysOf(result)) storage.markResult();
    return result;
  } finally {
    insideModel = false;
  }
}

/** Frees the arrays of spent graphs, after an update outside scopes. Arrays that `optimizer` reaches stay. */
export function freeSpentGraphs(optimizer: object): void {
  if (graphArrays.size === 0) return;
  const waiting: Maker[] = [];
  for (const { graph } of graphArrays)
    if (graph && !graph.maker.spent && graph.outlived !== optimizer) waiting.push(graph.maker);
  const [owned, needed] = markReachable(optimizer, waiting);
  for (const storage of graphArrays) {
    const { graph, mark, bytes } = storage;
    if (!graph || mark === owned) continue;
    const lives = mark === needed || !graph.maker.spent || graph.isResult || bytes <= SCALAR;
    if (lives && graph.outlived !== optimizer) graph.outlived ??= optimizer;
    else retire(storage, BY_UPDATE);
  }
}

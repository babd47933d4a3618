/**
 * Products prepared for a weight that does not change. The first run arranges the weight in the order in which the kernel reads it, and the
 * call keeps the result. The caller keeps the weight and the bias: after a loss of the context, the next run arranges the weight again.
 */

import { MemoryError } from '../../errors.js';
import type { PreparedCall } from '../backend.js';
import type { Arranging, Painter } from './painter.js';
import type { Residency } from './residency.js';
import type { TextureMemory } from './storage.js';

/** The prepared call of `product`, a function that runs the primitive. */
export function preparedCall(painter: Painter, residency: Residency, product: () => void): PreparedCall {
  let kept: TextureMemory | null = null;
  let algorithm = 'plain';
  let isArranged = false;
  let isFreed = false;
  const arranging: Arranging = (name, size, draw) => {
    algorithm = name;
    kept ??= residency.alloc(size, 'float32');
    if (isArranged && residency.has(kept)) return residency.use(kept, name);
    const memory = residency.useToOverwrite(kept, name);
    draw(memory);
    isArranged = !painter.isCollecting;
    return memory;
  };
  // This only allocates. Nothing is drawn, so a caller can still compile all shaders at once.
  painter.collect(() => painter.prepared(arranging, product));
  return {
    get algorithm() {
      return algorithm;
    },
    get bytes() {
      return kept?.bytes ?? 0;
    },
    readsWeight: true,
    readsBias: true,
    run: () => {
      if (isFreed) throw new MemoryError('webgl: a prepared product cannot run: it was freed');
      painter.prepared(arranging, product);
    },
    free: () => {
      if (kept && !isFreed) residency.free(kept);
      isFreed = true;
    },
  };
}

/**
 * Products prepared for a weight that does not change: in the first run it is arranged as the kernel reads it, and kept so. The weight
 * itself stays too, and the bias where it is: after the loss of the context what is kept is arranged anew. It knows nothing of how
 * kernels arrange.
 */

import { MemoryError } from '../../errors.js';
import type { PreparedCall } from '../backend.js';
import type { Arranging, Painter } from './painter.js';
import type { Residency } from './residency.js';
import type { TextureMemory } from './storage.js';

/** A prepared call of `product`, which runs the primitive. */
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
  // Nothing is drawn yet, so that shaders can still be compiled all at once; only room is made.
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

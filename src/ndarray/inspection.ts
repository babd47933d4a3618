/** Whether Rensa may look at elements of arrays on its own account, as it does to check labels and indices. */
import type { Backend } from '../backends/backend.js';
import { isRecording } from './recording.js';

/** Whether a device computes after its calls have returned, so that reading waits for all earlier calls. */
export function isGpu(device: Backend): boolean {
  return device.name !== 'wasm';
}

/**
 * Whether the elements of `x` may be looked at now. On a GPU they may not, because reading waits for it. During a recording they
 * may not, because later runs of the graph have other elements.
 */
export function mayInspect(x: { readonly device: Backend }): boolean {
  return !isGpu(x.device) && !isRecording();
}

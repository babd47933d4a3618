/** Checked mode of each device (see `backends/checked/`). Loaded only when a program asks for it. */
import type { Backend } from '../backends/backend.js';
import { checkCalls } from '../backends/checked/index.js';
import type { Guards } from '../backends/guards.js';
import { HeapGuards } from '../backends/wasm/guarded-heap.js';
import { isWasmBackend } from '../backends/wasm/index.js';

/** The key in `globalThis` under which programs that test Rensa, such as fuzzers, find {@link verifyMemory} in checked mode. */
const CHECKED = Symbol.for('rensa.checked');

const checked = new Set<Backend>();
const guarded = new Set<Guards>();

/** Verifies the bytes around every live block of every device. @throws MemoryError if one was overwritten. */
function verifyMemory(): void {
  for (const guards of guarded) guards.verifyAll();
}

/** Checks each later call of a device. A second call does nothing. */
export function checkDevice(device: Backend): void {
  if (checked.has(device)) return;
  checked.add(device);
  const guards = isWasmBackend(device) ? new HeapGuards(device) : null;
  if (guards) guarded.add(guards);
  checkCalls(device, guards);
  Object.assign(globalThis, { [CHECKED]: { verify: verifyMemory } });
}

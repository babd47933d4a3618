/**
 * Collects garbage on Node when a test asks, so that earlier garbage is not collected in the middle of a measurement.
 */
import { setTimeout } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';

v8.setFlagsFromString('--expose-gc');

/** Collects garbage. */
export const collect: () => void = vm.runInNewContext('gc');

/** Collects garbage, and waits until finalizers have run and their memory is free too. */
export async function collectAndFinalize(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    collect();
    await setTimeout(10);
  }
}

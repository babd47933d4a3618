/** A short run of `npm run soak -- losses`. Oracle: integers, and the same training on wasm. */
import { expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/ensure-built.mjs';
import type { Outcome } from '../../scripts/soak/losses/page.mjs';
import { forceLosses } from '../../scripts/soak/losses.mjs';

test('a page whose context or GPU process is taken away reads right values or throws a DeviceLostError', async () => {
  await ensureBuilt();
  const outcomes: Outcome[] = [];
  await forceLosses(6, 11, (outcome) => outcomes.push(outcome));
  expect(outcomes.map(({ fault }) => fault)).toEqual(Array(6).fill(null));
  expect(outcomes.filter(({ end }) => end === 'error').length).toBeGreaterThan(0);
}, 300_000);

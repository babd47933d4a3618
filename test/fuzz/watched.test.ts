/** The watch over fuzzers, with planted faults: each kind is found in a child process, repeated, and shrunk. */
import { beforeAll, expect, test } from 'vitest';
import { makeModules } from '../../scripts/fuzz/modules.mjs';
import { type Finding, search } from '../../scripts/fuzz/search.mjs';
import type { WasmBackend } from '../../src/backends/wasm/index.js';
import { getDevice } from '../../src/ndarray/device.js';
import { Canaries } from './canaries.js';
import { PLANTED } from './planted.js';
import { caseSeed, type Target } from './target.js';

beforeAll(async () => {
  await makeModules();
}, 60_000);

/** The findings among the first cases of seed 1. */
async function findings(name: string, { to = FEW, shrinkMs = 0 } = {}): Promise<Finding[]> {
  const target = PLANTED.get(name) as Target;
  const found: Finding[] = [];
  const range = { from: 0, to, until: Number.POSITIVE_INFINITY, shrinkMs };
  await search({ name, target, seed: 1, seedOf: caseSeed }, range, (finding) => found.push(finding));
  return found;
}

/** Some of so many cases have a fault. */
const FEW = 4;

test.each(['leak', 'damaged heap', 'memory'])('%s: it is found once', { timeout: 120_000 }, async (fault) => {
  const [finding, ...others] = await findings(`planted: ${fault}`);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ fault, first: finding.n });
  expect(Number(finding.text)).toBeGreaterThanOrEqual(100);
});

test.each(['untyped error', 'crash'])('%s: it is shrunk to the smallest case', { timeout: 120_000 }, async (fault) => {
  const [finding, ...others] = await findings(`planted: ${fault}`, { shrinkMs: Number.POSITIVE_INFINITY });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ fault, text: '100' });
  expect(PLANTED.get(`planted: ${fault}`)?.make(1, finding.n, finding.path)).toBe(100);
});

test('hang: a case that does not end is ended', { timeout: 120_000 }, async () => {
  const found = await findings('planted: hang', { to: 1 });
  expect(found.map(({ fault, n }) => [fault, n])).toEqual([['hang', 0]]);
});

test('without a fault nothing is found', { timeout: 60_000 }, async () => {
  expect(await findings('planted: none', { to: 200 })).toEqual([]);
});

test('a canary whose bytes change is named', () => {
  const canaries = new Canaries();
  canaries.add();
  canaries.check();
  const { u8, i32 } = (getDevice() as WasmBackend).machine.heap;
  const second = i32.indexOf(Math.imul(2, 0x9e3779b1) ^ 1);
  u8[4 * second] ^= 1;
  expect(() => canaries.check()).toThrow(/damaged array: element 1 of 3 of canary 1/);
  u8[4 * second] ^= 1;
  canaries.check();
});

/** The watch over fuzzers, by faults on purpose: each kind is found in a child process, repeated, and made small. */
import { beforeAll, describe, expect, test } from 'vitest';
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

async function findings(name: string, to: number): Promise<Finding[]> {
  const target = PLANTED.get(name) as Target;
  const found: Finding[] = [];
  const range = { from: 0, to, until: Number.POSITIVE_INFINITY, shrinkMs: Number.POSITIVE_INFINITY };
  await search({ name, target, seed: 1, seedOf: caseSeed }, range, (finding) => found.push(finding));
  return found;
}

/** The first case of seed 1 with a fault is among these. */
const FEW = 4;

describe('a fault is found once, and shrunk to the smallest number that has it', { timeout: 120_000 }, () => {
  test.each(['untyped error', 'crash', 'leak', 'damaged heap', 'memory'])('%s', async (fault) => {
    const [finding, ...others] = await findings(`planted: ${fault}`, FEW);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ fault, text: '100' });
    expect(finding.path).not.toBe('');
    const target = PLANTED.get(`planted: ${fault}`);
    expect(target?.make(1, finding.n, finding.path)).toBe(100);
  });
});

test('a case that does not end is ended', { timeout: 60_000 }, async () => {
  const target = { ...(PLANTED.get('planted: hang') as Target), cases: null };
  const found: Finding[] = [];
  const range = { from: 0, to: 1, until: Number.POSITIVE_INFINITY };
  const total = await search({ name: 'planted: hang', target, seed: 1, seedOf: caseSeed }, range, (finding) =>
    found.push(finding),
  );
  expect(found.map(({ fault }) => fault)).toEqual(['hang']);
  expect(total.cases).toBe(1);
});

test('where there is no fault, nothing is found', async () => {
  expect(await findings('planted: none', 200)).toEqual([]);
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

/** The runner on damaged directories: it counts failures and does not crash. */
import { describe, expect, test } from 'vitest';
import { encodeNpz, type NpzEntries } from '../../src/formats/npz.js';
import { fixtureBytes } from '../support/chainer-fixtures.js';
import { runGroup } from './run.js';

/** Runs a group that consists of this manifest and these arrays. */
function runManifest(manifest: unknown, arrays: NpzEntries = {}, name = 'functions_math') {
  const files: Record<string, Uint8Array> = {
    [`${name}/manifest.json`]: new TextEncoder().encode(
      typeof manifest === 'string' ? manifest : JSON.stringify(manifest),
    ),
    [`${name}/arrays.npz`]: encodeNpz(arrays),
  };
  const read = async (path: string) => {
    const bytes = files[path];
    if (!bytes) throw new Error(`no file ${path}`);
    return bytes;
  };
  return runGroup(name, read, 'wasm');
}

const x = { shape: [2, 2], dtype: 'float32', data: Float32Array.of(1, 2, 3, 4) } as const;
const entry = (name: string) => ({ name, shape: [2, 2], dtype: 'float32' });

/** A case of `square` whose second element is as far off as asked. */
function square(name: string, offBy: number) {
  const y = Float32Array.of(1, 4 + offBy, 9, 16);
  return {
    case: {
      name,
      op: 'square',
      inputs: [entry('x')],
      kwargs: {},
      outputs: [{ ...entry('y'), upstream: 'd_y' }],
      gradients: [{ ...entry('d_x'), wrt: 'x' }],
    },
    arrays: {
      [`${name}/x`]: x,
      [`${name}/y`]: { ...x, data: y },
      [`${name}/d_y`]: { ...x, data: Float32Array.of(1, 1, 1, 10) },
      [`${name}/d_x`]: { ...x, data: Float32Array.of(2, 4, 6, 80) },
    },
  } as const;
}

describe('runGroup', () => {
  test('counts passed, different and missing cases', async () => {
    const [right, wrong, missing] = [square('right', 0), square('wrong', 0.1), square('missing', 0)];
    const cases = [right.case, wrong.case, { ...missing.case, op: 'not_in_chainer' }];
    const manifest = { group: 'functions_math', arrays: 'arrays.npz', cases };
    const result = await runManifest(manifest, { ...right.arrays, ...wrong.arrays, ...missing.arrays });
    expect(result).toMatchObject({ passed: 1, total: 3, skipped: 0 });
    expect(result.cases.map(({ reason }) => reason)).toEqual([
      undefined,
      expect.stringContaining('y: element 1 is 4 instead of 4.09'),
      expect.stringContaining('F.notInChainer does not exist'),
    ]);
  });

  test('compares gradients', async () => {
    const { case: testCase, arrays } = square('case', 0);
    const manifest = { group: 'functions_math', arrays: 'arrays.npz', cases: [testCase] };
    const result = await runManifest(manifest, { ...arrays, 'case/d_x': x });
    expect(result.cases[0].reason).toContain('gradient of x: element 0 is 2 instead of 1');
  });

  test.each<[string, unknown]>([
    ['no JSON', '{'],
    ['null', null],
    ['no cases', {}],
    ['cases that are a number', { cases: 7 }],
    ['missing arrays', { arrays: 'nowhere.npz', cases: [] }],
  ])('a manifest with %s is one failure', async (_, manifest) => {
    expect(await runManifest(manifest)).toMatchObject({ passed: 0, total: 1 });
  });

  test('malformed cases fail alone', async () => {
    const cases = [
      null,
      7,
      {},
      { name: 'a' },
      { name: 'b', op: 'square' },
      { name: 'c', op: 'square', inputs: [{}], outputs: [] },
    ];
    for (const group of [
      'functions_math',
      'double_backward',
      'errors',
      'autograd',
      'npz_io',
      'numpy_random',
      'optimizers',
      'initializers',
      'unheard_of',
    ]) {
      expect(await runManifest({ group, cases }, {}, group)).toMatchObject({ passed: 0, total: cases.length });
    }
  });

  test('a group whose cases all pass', async () => {
    const result = await runGroup('npz_io', async (path) => fixtureBytes(path), 'wasm');
    expect(result).toMatchObject({ group: 'npz_io', passed: 40, total: 40, skipped: 0 });
  });
});

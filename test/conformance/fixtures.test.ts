/** Every recorded case of Chainer, group by group, through the conformance runner. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fixtureBytes } from '../support/chainer-fixtures.js';
import { runGroup } from './run.js';

const directory = new URL('../fixtures/chainer/', import.meta.url);
const groups = readdirSync(directory, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe('Chainer 7.8.1', () => {
  it.each(groups.sort())('%s', { timeout: 120_000 }, async (group) => {
    const { cases } = await runGroup(group, async (path) => fixtureBytes(path), 'wasm');
    expect(cases.length).toBeGreaterThan(0);
    expect(cases.filter((c) => c.status !== 'passed')).toEqual([]);
  });
});

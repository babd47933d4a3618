/** The last line of `.ci/run`: what the parts' reports add up to, whatever is missing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { countResults } from '../../scripts/count-results.mjs';
import { PARTS } from '../../scripts/test-parts.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rensa-results-'));
  vi.spyOn(console, 'log').mockImplementation(() => {});
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const PASSED = { numPassedTests: 10, numFailedTests: 0, testResults: [{ status: 'passed', assertionResults: [{}] }] };
const FAILED = { numPassedTests: 8, numFailedTests: 2, testResults: [{ status: 'failed', assertionResults: [{}] }] };
const NOT_LOADED = { numPassedTests: 9, numFailedTests: 0, testResults: [{ status: 'failed', assertionResults: [] }] };

/** Writes a report for each part, the given ones first, and passing ones for the rest. */
function report(...first: unknown[]): number {
  Object.keys(PARTS).forEach((name, n) => {
    const text = typeof first[n] === 'string' ? first[n] : JSON.stringify(first[n] ?? PASSED);
    writeFileSync(join(folder, `${name.replaceAll(' ', '-')}.json`), text);
  });
  return 10 * (Object.keys(PARTS).length - first.length);
}

test('all passed', () => {
  const rest = report();
  expect(countResults(folder, 0)).toEqual({ passed: rest, failed: 0 });
});

test('failed tests and files that could not be loaded', () => {
  const rest = report(FAILED, NOT_LOADED);
  expect(countResults(folder, 1)).toEqual({ passed: rest + 17, failed: 3 });
});

test('a part without a report, or with half of one', () => {
  const rest = report('{"numPassedTests": 10,');
  expect(countResults(folder, 1)).toEqual({ passed: rest, failed: 1 });
  rmSync(folder, { recursive: true });
  expect(countResults(folder, 1)).toEqual({ passed: 0, failed: Object.keys(PARTS).length });
});

test('an error that no report explains', () => {
  const rest = report();
  expect(countResults(folder, 1)).toEqual({ passed: rest, failed: 1 });
});

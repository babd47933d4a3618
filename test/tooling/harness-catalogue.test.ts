/** Every function goes through the harness: its name must stand in a test that calls it. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { F } from '../../src/index.js';

const directory = new URL('../functions/', import.meta.url);
const tests = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => readFileSync(new URL(file, directory), 'utf8'));

/** Those of counts and comparisons, which have no gradients; `forget`, which has its own test. */
const NOT_DIFFERENTIABLE = new Set(
  `accuracy argmax argmin binaryAccuracy classificationSummary f1Score fbetaScore forget precision r2Score recall`.split(
    ' ',
  ),
);

const functions = Object.keys(F).filter((name) => /^[a-z]/.test(name));

it.each(functions)('F.%s', (name) => {
  const called = new RegExp(`\\bF\\.${name}\\b`);
  const found = tests.filter((text) => called.test(text));
  expect(found).not.toEqual([]);
  if (!NOT_DIFFERENTIABLE.has(name)) expect(found.some((text) => text.includes('checkFunction('))).toBe(true);
});

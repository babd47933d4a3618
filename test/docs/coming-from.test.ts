/** The tables for users of other libraries: every name of Rensa in them exists. Oracle: the exports. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as rensa from '../../src/index.js';

/** The code in the right column of all tables. */
const cells = readFileSync('docs/guide/coming-from.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| .* \| .* \|$/.test(line))
  .map((line) => line.replaceAll('\\|', '¦').split(' | ')[1]);
const code = cells.flatMap((cell) => [...cell.matchAll(/`([^`]*)`/g)].map(([, source]) => source));

/** Names behind a namespace, `np.random.seed`, and names of the package itself that are called or made. */
const dotted = code.flatMap((source) => [
  ...source.matchAll(
    /\b((?:np|F|L|optimizers|optimizerHooks|serializers|training|iterators|datasets|cuda)(?:\.\w+)+)/g,
  ),
]);
const NAMES =
  /(?<![.\w])(?:new |extends |await )?([A-Z]\w+|compile|grad|init|keep|noBackpropMode|scope|slice|usingConfig|config)\b/g;
const LANGUAGE = ['Net'];
const direct = code.flatMap((source) => [...source.matchAll(NAMES)]);
const methods = code.flatMap((source) => [...source.matchAll(/\bx\.(\w+)\(/g)]);

const at = (path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => Reflect.get(Object(value), name), rensa);
const named = (matches: readonly RegExpExecArray[]) => [...new Set(matches.map(([, name]) => name))].sort();

it('finds names to look up', () => {
  expect(named(dotted).length).toBeGreaterThan(20);
  expect(named(direct).length).toBeGreaterThan(5);
  expect(named(methods).length).toBeGreaterThan(5);
});

it.each(named(dotted))('%s', (path) => {
  expect(at(path)).toBeDefined();
});

it.each(named(direct).filter((name) => !LANGUAGE.includes(name)))('%s', (name) => {
  expect(at(name)).toBeDefined();
});

it.each(named(methods))('x.%s', (name) => {
  const x = rensa.np.zeros([1]);
  expect(typeof Reflect.get(x, name)).toBe('function');
});

/** The lint rule for English, on made-up lines. */
import { expect, test } from 'vitest';
import { checkProse, RULES } from '../../scripts/check-prose.mjs';

const lines = (source: string) => checkProse('src/x.ts', source).map(({ line }) => line);

test('a phrase is found with the line on which it begins, also across line breaks', () => {
  expect(lines('/** Calls a kernel. How that is done is not known here. */')).toEqual([1]);
  expect(lines('/**\n * Runs tasks. What they do is their\n * own business.\n */')).toEqual([2]);
  expect(lines('let a = 1;\n\n// Kernels are exchanged for\n// such as divide.')).toEqual([3]);
  expect(lines('Text.\n\nOf two layers one is higher.\n\n- What is new is better.\n')).toEqual([3, 5]);
  expect(lines('/** Runs the tasks of tasks.ts in workers. */')).toEqual([]);
});

/** For each rule, in their order: text that breaks it, and like text that does not. */
const EXAMPLES: readonly [string, string][] = [
  ['How it is drawn is known elsewhere.', 'Nothing else is known.'],
  ["The order is the device's affair.", 'A device decides about the order.'],
  ['What there is of a file.', 'The part of a file that exists.'],
  ['It makes blocks of such as divide.', 'Blocks, such as the first.'],
  ['The maximum of nothing is -Infinity.', 'It knows nothing of files. A graph out of nothing.'],
  ['/** Of a FileError. */', '/** Of course. */ [Of two]'],
  ['Refuses what is no number.', 'There is no number.'],
  ['/** What is added. */', '// What is this? What to do.'],
  ['It keeps the copies of before.', 'of before.entries()'],
  ['Fields need it not.', 'They need not it.'],
  ['Kernels divide what they are called for.', 'what they are'],
  ['Why is said in x.ts.', 'x.ts says why.'],
  ['A byte from a place on that is even.', 'from its tarball on Node'],
  ['Errors come to who asks.', 'to the caller'],
  ['What a module has not, throws.', 'has nothing.'],
];

test('every rule finds its phrase, and leaves plain English alone', () => {
  expect(EXAMPLES).toHaveLength(RULES.length);
  for (const [i, [wrong, right]] of EXAMPLES.entries()) {
    const { pattern, advice } = RULES[i];
    expect(
      checkProse('x.md', wrong).map((violation) => violation.advice),
      wrong,
    ).toContain(advice);
    expect(right.match(pattern), right).toBeNull();
  }
});

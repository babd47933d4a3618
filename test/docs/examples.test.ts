/** The examples of docstrings: each line that ends in a value in a comment has that value. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as rensa from '../../src/index.js';

/** The lines of an `@example`, up to the next tag or the end of the comment. */
const EXAMPLE = /@example\n((?:\s*\*(?!\/| @).*\n)+)/g;

/** An expression and the value that it has. Comments of declarations only explain. */
const CLAIM = /^(?!const |let |for |if )(.+);\s*\/\/ (.+)$/;

const examples = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => /(?<!\.d)\.ts$/.test(name) && !name.includes('generated'))
  .flatMap((name) =>
    [...readFileSync(`src/${name}`, 'utf8').matchAll(EXAMPLE)].map(([, body], i) => ({
      name: `${name.replace('.ts', '')}, ${i + 1}`,
      lines: body.split('\n').map((line) => line.replace(/^\s*\* ?/, '')),
    })),
  );

it.each(examples)('$name', ({ lines }) => {
  const text = lines.join('\n');
  const used = Object.entries(rensa).filter(([name]) => new RegExp(`\\b${name}\\b`).test(text));
  const claims = lines.filter((line) => CLAIM.test(line));
  expect(claims).not.toEqual([]);
  const body = lines.map((line) => line.replace(CLAIM, 'expect($1).toEqual($2);')).join('\n');
  new Function('expect', ...used.map(([name]) => name), body)(expect, ...used.map(([, value]) => value));
});

it('the most used links have examples', () => {
  const links = [
    'linear',
    'convolution-2d',
    'deconvolution-2d',
    'embed-id',
    'batch-normalization',
    'classifier',
    'resnet',
  ];
  for (const link of links)
    expect(
      examples.some(({ name }) => name.includes(`/${link},`)),
      link,
    ).toBe(true);
});

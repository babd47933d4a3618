/** `test/` mirrors the folders of `src/`: CONTRIBUTING says so, and people look for a test where its source is. */
import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { expect, test } from 'vitest';

/** Folders of test/ that test no single folder of src/. */
const OTHERS = [
  'bench', // the benchmark suite
  'conformance', // Chainer's recordings
  'docs',
  'examples',
  'fixtures',
  'fuzz',
  'models', // whole networks
  'operands', // arguments that all public functions refuse
  'package', // the tarball
  'support',
  'tooling', // scripts/
];

/** Tests named after one module that test a whole family of others. */
const FAMILIES = ['functions/activation/elementwise', 'functions/math/elementwise'];

/** The files below a folder, without their last extension. */
const filesIn = (folder: string, kind: RegExp) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => kind.test(path))
    .map((path) => path.replace(kind, ''));

const sources = filesIn('src', /\.ts$/);
const folders = new Set(sources.map(dirname));
const topOf = (path: string) => path.split('/')[0];
const lies = (path: string, folder: string) => `${path}/`.startsWith(`${folder}/`);

const tests = filesIn('test', /(\.browser)?\.test\.ts$/).filter((path) => !OTHERS.includes(topOf(path)));

test('each folder of tests is a folder of src/, or one of the others', () => {
  expect(tests.filter((path) => !folders.has(dirname(path)))).toEqual([]);
});

test('a test that is named after a module lies in its folder, not above or below it', () => {
  const misplaced = tests.flatMap((path) => {
    if (FAMILIES.includes(path) || dirname(path) === 'backends') return []; // one suite runs on every backend
    const namesakes = sources.filter(
      (source) =>
        basename(source) === basename(path) && (lies(source, dirname(path)) || lies(dirname(path), dirname(source))),
    );
    return namesakes.length === 0 || namesakes.includes(path) ? [] : [`${path}: ${namesakes.join(' or ')}`];
  });
  expect(misplaced).toEqual([]);
});

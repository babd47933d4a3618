/** The built code in users' hands: uncaught errors fit on a screen, and names are those of the sources. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { restoreNames, sayNames } from '../../scripts/own-names.mjs';
import { bundleByEsbuild, bundleByVite } from './bundles.js';

/** Second names of functions and classes: words of JavaScript, NumPy's other name of `trunc`, a key of a table. */
const ALIASES = new Set(['Function', 'NaN', 'var', 'fix', 'zeros']);

/** In this folder `rensa` is the package itself, by the exports of package.json. */
const node = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync('node', args, { encoding: 'utf8' });
  return { status, text: stdout + stderr };
};

describe('an uncaught error', () => {
  const programs = {
    import: "import('rensa').then(({ L, np }) => new L.Linear(3, 2)(np.ones([2, 4])))",
    require: "const { L, np } = require('rensa'); new L.Linear(3, 2)(np.ones([2, 4]))",
    'import of rensa/inference':
      "import('rensa/inference').then(({ np }) => np.matmul(np.ones([2, 4]), np.ones([2, 4])))",
  };
  test.each(Object.entries(programs))('by %s fits on a screen, with and without source maps', (_, program) => {
    for (const options of [[], ['--enable-source-maps']]) {
      const { status, text } = node(...options, '--input-type=commonjs', '-e', program);
      expect(status).toBe(1);
      expect(text).toMatch(/^ShapeError: (linear|matmul): /m);
      expect(text.length).toBeLessThan(4000);
      expect(text).not.toMatch(/\bat (?:new |async )?(?:_[A-Z]|[A-Za-z]+\d[ .])/);
      // Oracle: the line that throws, in the source that the stack names.
      const [, path, line] = /\bat .*?(\/\S+\/src\/\S+\.ts):(\d+)/.exec(text) ?? [];
      if (options.length > 0)
        expect(readFileSync(path, 'utf8').split('\n')[Number(line) - 1]).toContain('new ShapeError');
      else expect(path).toBeUndefined();
    }
  });
});

describe('names', () => {
  test('of every public class and function are those they are exported by', async () => {
    const whole: object = await import(pathToFileURL(resolve('dist/index.js')).href);
    const wrong: string[] = [];
    let met = 0;
    const visit = (namespace: object, path: string) => {
      for (const [name, value] of Object.entries(namespace)) {
        if (typeof value === 'function') {
          met++;
          if (value.name !== name && !ALIASES.has(name)) wrong.push(`${path}${name}: ${value.name}`);
        } else if (typeof value === 'object' && value !== null) visit(value, `${path}${name}.`);
      }
    };
    visit(whole, '');
    expect(wrong).toEqual([]);
    expect(met).toBeGreaterThan(500);
  });

  test('of the kernels: one copy of their text, and none in source maps', () => {
    const files = readdirSync('dist').filter((name) => /\.(js|map)$/.test(name));
    const holdsKernels = (name: string) =>
      name.endsWith('.js') &&
      readFileSync(join('dist', name), 'utf8')
        .split('\n')
        .some(({ length }) => length > 100_000);
    expect(files.filter(holdsKernels)).toHaveLength(1);
    const ofMaps = files
      .filter((name) => name.endsWith('.map'))
      .map((name) => readFileSync(join('dist', name), 'utf8'));
    for (const map of ofMaps) {
      const { sources, sourcesContent } = JSON.parse(map);
      const texts = sourcesContent.filter((_: string, i: number) => sources[i].includes('/generated/'));
      expect(texts.every((text: string | null) => text === null)).toBe(true);
    }
  });

  describe('in bundles that are minified', () => {
    const PROGRAM = `
      import { Chain, F, L, Link, np, optimizers, Sequential, training, Variable } from 'rensa';
      const x = new Variable(np.ones([1, 3]));
      export const names = [
        new L.Linear(3, 2), new Sequential(F.relu), new Chain(), new Link(), new optimizers.Adam(), new training.triggers.TimeTrigger(1), x,
      ].map((object) => object.constructor.name);
      export const labels = [F.relu(x).creator.label, F.softmax(x).creator.label, new training.extensions.LogReport().defaultName];
      console.log(JSON.stringify({ names, labels }));`;
    let folder: string;

    beforeAll(async () => {
      // Outside of the checkout, whose tsconfig.json would tell bundlers that `rensa` is its sources.
      folder = await mkdtemp(join(tmpdir(), 'names-'));
      mkdirSync(join(folder, 'node_modules'));
      symlinkSync(process.cwd(), join(folder, 'node_modules/rensa'));
      writeFileSync(join(folder, 'program.mjs'), PROGRAM);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test.each([
      ['esbuild', bundleByEsbuild, 'program.js'],
      ['Vite', bundleByVite, 'program.js'],
    ])('%s', async (_, bundle, file) => {
      const out = join(folder, 'out');
      await bundle(folder, ['program.mjs'], out);
      const { text } = node(join(out, file));
      expect(JSON.parse(text)).toEqual({
        names: ['Linear', 'Sequential', 'Chain', 'Link', 'Adam', 'TimeTrigger', 'Variable'],
        labels: ['ReLU', 'Softmax', 'LogReport'],
      });
    });
  });
});

describe('restoring names', () => {
  const names = new Set(['A', 'B', 'add', 'log2']);

  test('a class that refers to itself, in columns that stay', () => {
    const text = 'var A = class _A extends B {\n  at() {\n    return new _A(_A.b);\n  }\n};\n';
    expect(restoreNames(text, names)).toBe(
      'var A = class A extends B {\n  at() {\n    return new  A( A.b);\n  }\n};\n',
    );
  });

  test('the second class of a name, and one that would then mean itself', () => {
    expect(restoreNames('var A2 = class extends B {\n  // A\n  x = "A";\n};\n', names)).toContain(
      'var A2 = class A extends B {',
    );
    expect(() => restoreNames('var A2 = class extends B {\n  x = new A();\n};\n', names)).toThrow('rename one of them');
  });

  test('functions, but not those whose name ends in a number of its own', () => {
    const text = restoreNames('function add2(x) {\n}\nvar log22 = (x) => x;\nvar log2 = (x) => x;\n', names);
    expect(text).toContain('[[add2, "add"], [log22, "log2"]]');
  });

  test('modules say the names of their classes', () => {
    expect(sayNames('class A extends B {\n}\nclass B {}\n')).toBe(
      'class A extends B {\n  static get name() {\n    return "A";\n  }\n}\nclass B {\n  static get name() {\n    return "B";\n  }\n}\n',
    );
  });
});

/** The lint rules for imports, on small made-up trees. */
import { describe, expect, test } from 'vitest';
import { checkImports, importsOf } from '../../scripts/check-imports.mjs';

const broken = (sources: Record<string, string>, known: readonly string[][] = []) =>
  checkImports(
    sources,
    known.map((modules) => ({ modules, reason: 'planted' })),
  ).map(({ file, line, rule }) => `${file}:${line}: ${rule}`);

test('every form of import is seen, with its line', () => {
  const source = `
import type { A } from './a.js';
import { type B, c } from './b.js';
export { d, e } from './d.js';
export * from './star.js';
import './effect.js';
// import './comment.js';
const text = "import './string.js'";
const lazy = () => import('./lazy.js');
type T = import('./type.js').T;
`;
  expect(importsOf('src/x.ts', source).map(({ specifier, line }) => `${line} ${specifier}`)).toEqual([
    '2 ./a.js',
    '3 ./b.js',
    '4 ./d.js',
    '5 ./star.js',
    '6 ./effect.js',
    '9 ./lazy.js',
    '10 ./type.js',
  ]);
});

test('downward imports, imports within a layer and one direction between peers pass', () => {
  expect(
    broken({
      'src/index.ts': `export * from './links/index.js';`,
      'src/links/linear.ts': `import { matmul } from '../functions/matmul.js';`,
      'src/functions/matmul.ts': `import './add.js'; import type { Variable } from '../core/variable.js';`,
      'src/formats/onnx.ts': `import { Graph } from '../graph/graph.js'; import { unzipSync } from 'fflate';`,
      'src/graph/graph.ts': `import { ShapeError } from '../errors.js';`,
    }),
  ).toEqual([]);
});

test('an upward import is refused, also of a type and across a file layer', () => {
  expect(
    broken({
      'src/core/variable.ts': `import { add } from '../functions/math/add.js';`,
      'src/backends/backend.ts': `\nimport type { NDArray } from '../ndarray/ndarray.js';`,
      'src/links/model.ts': `import { compile } from '../compile.js';`,
    }),
  ).toEqual([
    'src/core/variable.ts:1: imports go downwards, and functions lies above core',
    'src/backends/backend.ts:2: imports go downwards, and ndarray lies above backends',
    'src/links/model.ts:1: imports go downwards, and compile lies above links',
  ]);
});

test('peers that import each other are refused on the side that does it less', () => {
  expect(
    broken({
      'src/formats/onnx.ts': `import '../graph/graph.js';\nimport '../graph/node.js';`,
      'src/graph/graph.ts': `import '../formats/npy.js';`,
    }),
  ).toEqual(['src/graph/graph.ts:1: graph and formats are peers that import each other; one direction has to go']);
});

test('only ndarray names a concrete backend', () => {
  expect(
    broken({
      'src/ndarray/devices.ts': `const webgl = () => import('../backends/webgl/index.js');`,
      'src/backends/wasm/heap.ts': `import '../backend.js'; import './loader.js';`,
      'src/backends/webgl/index.ts': `import '../wasm/heap.js';`,
      'src/core/config.ts': `import '../backends/backend.js';\nimport '../backends/wasm/index.js';`,
    }),
  ).toEqual([
    'src/backends/webgl/index.ts:1: only ndarray may import a concrete backend (src/backends/wasm/)',
    'src/core/config.ts:2: only ndarray may import a concrete backend (src/backends/wasm/)',
  ]);
});

test('node: modules, packages that users do not get, missing extensions and unknown layers are refused', () => {
  expect(
    broken({
      'src/ndarray/a.ts': `import 'node:fs';\nimport 'vitest';\nimport './b';\nimport '../helpers/b.js';`,
    }),
  ).toEqual([
    'src/ndarray/a.ts:1: src/platform/builtin.ts alone names modules of Node; ask it for one',
    'src/ndarray/a.ts:2: a package must be among the dependencies of package.json',
    'src/ndarray/a.ts:3: a relative import ends in .js',
    'src/ndarray/a.ts:4: helpers has no place among the layers',
  ]);
});

test('what inference.ts reaches is free of autograd, however far the way', () => {
  expect(
    broken({
      'src/inference.ts': `export * from './compile.js';\nexport { NDArray } from './ndarray/ndarray.js';`,
      'src/compile.ts': `\n\nimport { Chain } from './core/chain.js';`,
      'src/training/trainer.ts': `import '../core/chain.js';`,
    }),
  ).toEqual(['src/compile.ts:3: inference.ts reaches this file, and must not reach src/core/chain.ts']);
});

describe('cycles of imports', () => {
  const THREE = {
    'src/core/a.ts': `import './b.js';`,
    'src/core/b.ts': `const c = () => import('./c.js');`,
    'src/core/c.ts': `import type { A } from './a.js';\nimport './d.js';`,
    'src/core/d.ts': '',
  };

  test('are refused, of types and of dynamic imports too', () => {
    expect(broken(THREE)).toEqual([
      'src/core/a.ts:1: imports form a cycle: src/core/a.ts, src/core/b.ts, src/core/c.ts',
    ]);
  });

  test('pass where they are known', () => {
    expect(broken(THREE, [['src/core/c.ts', 'src/core/a.ts']])).toEqual([]);
  });

  test('two that share a module are one; a known one leaves the other', () => {
    const both = { ...THREE, 'src/core/d.ts': `import './c.js';` };
    expect(broken(both)).toEqual([
      'src/core/a.ts:1: imports form a cycle: src/core/a.ts, src/core/b.ts, src/core/c.ts, src/core/d.ts',
    ]);
    expect(broken(both, [['src/core/c.ts', 'src/core/d.ts']])).toEqual([
      'src/core/a.ts:1: imports form a cycle: src/core/a.ts, src/core/b.ts, src/core/c.ts',
    ]);
  });

  test.each([
    ['whose modules form none', [['src/core/c.ts', 'src/core/d.ts']]],
    ['with a module that is not on it', [['src/core/a.ts', 'src/core/c.ts', 'src/core/d.ts']]],
    [
      'that another entry allows already',
      [
        ['src/core/a.ts', 'src/core/b.ts'],
        ['src/core/b.ts', 'src/core/c.ts'],
      ],
    ],
    ['with a module that is gone', [['src/core/a.ts', 'src/core/b.ts', 'src/core/gone.ts']]],
  ])('a known cycle %s is refused', (_, known) => {
    expect(broken(THREE, known)).toContainEqual(expect.stringMatching(/these form no cycle/));
  });
});

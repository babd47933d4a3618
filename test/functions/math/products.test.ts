/** Matrix and tensor products, and products of one array along some axes of another. */
import { describe, expect, it } from 'vitest';
import { DTypeError, F, np, ShapeError, ValueError, Variable } from '../../../src/index.js';
import { checkFunction, type HostValues } from '../../support/function-harness.js';
import { at, build, indicesOf } from '../../support/host-array.js';

/** Einstein's summation by its definition: one loop over all subscripts. Axes of length 1 broadcast. */
const einsum =
  (subscripts: string) =>
  (...operands: HostValues[]): HostValues => {
    const [inputs, output] = subscripts.split('->');
    const lengths = new Map<string, number>();
    for (const [i, term] of inputs.split(',').entries())
      for (const [k, letter] of term.split('').entries())
        if ((lengths.get(letter) ?? 1) === 1) lengths.set(letter, operands[i].shape[k]);
    const letters = [...lengths.keys()];
    const shapeOf = (term: string) => term.split('').map((letter) => lengths.get(letter) as number);
    const sums = build(shapeOf(output), 'float64', () => 0);
    for (const index of indicesOf(letters.map((letter) => lengths.get(letter) as number))) {
      const place = (term: string) => term.split('').map((letter) => index[letters.indexOf(letter)]);
      const product = inputs.split(',').reduce((total, term, i) => {
        const where = place(term).map((j, k) => Math.min(j, operands[i].shape[k] - 1));
        return total * at({ ...operands[i], dtype: 'float64' }, where);
      }, 1);
      const target = place(output).reduce((p, j, k) => p * sums.shape[k] + j, 0);
      sums.values[target] += product;
    }
    return sums;
  };

/** The definition is written without `...`, and with every result. */
const EINSUMS: [subscripts: string, definition: string, shapes: number[][]][] = [
  [
    'ij,jk->ik',
    'ij,jk->ik',
    [
      [2, 3],
      [3, 4],
    ],
  ],
  ['ij->ji', 'ij->ji', [[2, 3]]],
  ['ii->i', 'ii->i', [[3, 3]]],
  ['ii', 'ii->', [[3, 3]]],
  ['iji->ji', 'iji->ji', [[2, 3, 2]]],
  ['iii->i', 'iii->i', [[3, 3, 3]]],
  ['ij->', 'ij->', [[2, 3]]],
  [
    'ij,ij',
    'ij,ij->',
    [
      [2, 3],
      [2, 3],
    ],
  ],
  [
    'ij,ij->ij',
    'ij,ij->ij',
    [
      [2, 3],
      [2, 3],
    ],
  ],
  ['i,j->ij', 'i,j->ij', [[3], [4]]],
  ['i,j->ji', 'i,j->ji', [[3], [4]]],
  [
    'bij,bjk->bik',
    'bij,bjk->bik',
    [
      [2, 3, 4],
      [2, 4, 2],
    ],
  ],
  [
    'ij,jk,kl->il',
    'ij,jk,kl->il',
    [
      [2, 3],
      [3, 2],
      [2, 4],
    ],
  ],
  [
    'ij,ik,jkl->il',
    'ij,ik,jkl->il',
    [
      [2, 3],
      [2, 4],
      [3, 4, 2],
    ],
  ],
  ['ij,k->i', 'ij,k->i', [[2, 3], [4]]],
  [
    'cb,ba',
    'cb,ba->ac',
    [
      [2, 3],
      [3, 4],
    ],
  ],
  [
    '...ij,...j->...i',
    'bij,bj->bi',
    [
      [2, 3, 4],
      [2, 4],
    ],
  ],
  [
    '...j,...k',
    'abj,abk->abjk',
    [
      [2, 2, 3],
      [2, 2, 2],
    ],
  ],
  [
    'i...,i...->...',
    'ibc,ibc->bc',
    [
      [2, 3, 4],
      [2, 1, 4],
    ],
  ],
  [' i j , j ', 'ij,j->i', [[2, 3], [3]]],
  [',i->i', ',i->i', [[], [3]]],
  [
    'ij,jk->ik',
    'ij,jk->ik',
    [
      [2, 0],
      [0, 3],
    ],
  ],
];

for (const [subscripts, definition, shapes] of EINSUMS) {
  checkFunction({
    name: `einsum '${subscripts}' of ${JSON.stringify(shapes)}`,
    fn: (...operands) => F.einsum(subscripts, ...operands),
    inputs: shapes,
    forward: einsum(definition),
  });
}

describe('einsum', () => {
  checkFunction({
    name: 'with numbered axes',
    fn: (a, b) => F.einsum(a, ['...', 0], b, ['...', 0, 1], ['...', 1]),
    inputs: [
      [2, 3],
      [2, 3, 4],
    ],
    forward: einsum('bi,bij->bj'),
  });

  checkFunction({
    name: 'with numbered axes and no result',
    fn: (a, b) => F.einsum(a, [0, 1], b, [1, 51]),
    inputs: [
      [2, 3],
      [3, 4],
    ],
    forward: einsum('ai,ib->ab'),
  });

  it.each<[subscripts: string, error: typeof ValueError, shapes: number[][]]>([
    ['ij->ik', ValueError, [[2, 3]]],
    ['ij->ii', ValueError, [[2, 3]]],
    ['ij->i->j', ValueError, [[2, 3]]],
    ['ij->i,j', ValueError, [[2, 3]]],
    ['i1', ValueError, [[2, 3]]],
    ['..ij', ValueError, [[2, 3]]],
    ['ij,jk', ValueError, [[2, 3]]],
    ['...j->j', ValueError, [[2, 3]]],
    ['i', ShapeError, [[2, 3]]],
    ['ijk', ShapeError, [[2, 3]]],
    ['ii', ShapeError, [[2, 3]]],
    [
      'ij,jk',
      ShapeError,
      [
        [2, 3],
        [2, 3],
      ],
    ],
  ])("refuses '%s'", (subscripts, error, shapes) => {
    expect(() => F.einsum(subscripts, ...shapes.map((shape) => np.ones(shape)))).toThrow(error);
  });

  it('refuses integers, two dtypes, and an empty list', () => {
    expect(() => F.einsum('i', np.ones(2, 'int32'))).toThrow(DTypeError);
    expect(() => F.einsum('i,i', np.ones(2), np.ones(2, 'float64'))).toThrow(DTypeError);
    expect(() => F.einsum('i')).toThrow(ValueError);
    expect(() => F.einsum(np.ones(2), [52])).toThrow(ValueError);
  });
});

/** With the subscripts of einsum that say the same. */
const MATMULS: [a: number[], b: number[], transA: boolean, transB: boolean, definition: string][] = [
  [[3, 4], [4, 2], false, false, 'ij,jk->ik'],
  [[4, 3], [2, 4], true, true, 'ji,kj->ik'],
  [[4], [4, 2], false, false, 'j,jk->k'],
  [[4], [2, 4], true, true, 'j,kj->k'],
  [[3, 4], [4], false, true, 'ij,j->i'],
  [[4, 3], [4], true, false, 'ji,j->i'],
  [[4], [4], true, true, 'j,j->'],
  [[2, 3, 4], [4], false, false, 'bij,j->bi'],
  [[4], [2, 4, 3], false, false, 'j,bjk->bk'],
  [[2, 3, 4], [4, 2], false, false, 'bij,jk->bik'],
  [[2, 1, 3, 4], [3, 4, 2], false, false, 'abij,bjk->abik'],
  [[0, 4], [4, 2], false, false, 'ij,jk->ik'],
  [[3, 0], [0, 2], false, false, 'ij,jk->ik'],
];

for (const [a, b, transA, transB, definition] of MATMULS) {
  checkFunction({
    name: `matmul of (${a})${transA ? 'ᵀ' : ''} and (${b})${transB ? 'ᵀ' : ''}`,
    fn: (x, y) => F.matmul(x, y, transA, transB),
    inputs: [a, b],
    forward: einsum(definition),
  });
}

checkFunction({
  name: 'batchMatmul',
  fn: (a, b) => F.batchMatmul(a, b, true, true),
  inputs: [
    [2, 4, 3],
    [2, 2, 4],
  ],
  forward: einsum('bji,bkj->bik'),
});
checkFunction({
  name: 'batchMatmul of columns',
  fn: (a, b) => F.batchMatmul(a, b, true),
  inputs: [
    [2, 3],
    [2, 3],
  ],
  forward: (a, b) => ({ ...einsum('bi,bi->b')(a, b), shape: [2, 1, 1] }),
});

const TENSORDOTS: [axes: F.TensordotAxes | undefined, a: number[], b: number[], definition: string][] = [
  [undefined, [3, 4, 2], [4, 2, 5], 'ijk,jkl->il'],
  [1, [2, 3, 4], [4, 2], 'ijk,kl->ijl'],
  [0, [2, 3], [4], 'ij,k->ijk'],
  [
    [
      [1, 2],
      [1, 0],
    ],
    [2, 3, 4],
    [4, 3, 2],
    'ijk,kjl->il',
  ],
  [[-1, 0], [2, 3], [3, 4], 'ij,jk->ik'],
  [[0, -1], [2, 3], [4, 2], 'ji,kj->ik'],
  [[[], []], [2], [3], 'i,j->ij'],
  [2, [2, 3], [2, 3], 'ij,ij->'],
];

for (const [axes, a, b, definition] of TENSORDOTS) {
  checkFunction({
    name: `tensordot of (${a}) and (${b}) over ${JSON.stringify(axes)}`,
    fn: (x, y) => F.tensordot(x, y, axes),
    inputs: [a, b],
    forward: einsum(definition),
  });
}

const ALIGNED: [x: number[], y: number[], axis: number | undefined, definition: string][] = [
  [[2, 3, 4], [3], undefined, 'abc,b->abc'],
  [[2, 3, 4], [3, 4], undefined, 'abc,bc->abc'],
  [[2, 3, 4], [2, 3], 0, 'abc,ab->abc'],
  [[2, 3, 4], [4], -1, 'abc,c->abc'],
  [[2, 3], [], undefined, 'ab,->ab'],
];

for (const [x, y, axis, definition] of ALIGNED) {
  const name = `of (${x}) by (${y}) along ${axis}`;
  checkFunction({
    name: `scale ${name}`,
    fn: (a, b) => F.scale(a, b, axis),
    inputs: [x, y],
    forward: einsum(definition),
  });
  checkFunction({
    name: `bias ${name}`,
    fn: (a, b) => F.bias(a, b, axis),
    inputs: [x, y],
    forward: (a, b) => {
      const ones = { ...a, values: a.values.map(() => 1) };
      const spread = einsum(definition)(ones, b).values;
      return { ...a, values: a.values.map((v, i) => v + spread[i]) };
    },
  });
}

it('refuses sizes that do not fit', () => {
  const refused: (() => unknown)[] = [
    () => F.matmul(np.ones([2, 3]), np.ones([2, 3])),
    () => F.matmul(np.ones([]), np.ones([2, 3])),
    () => F.batchMatmul(np.ones([2, 3, 4]), np.ones(2)),
    () => F.tensordot(np.ones([2, 3]), np.ones([2, 2])),
    () => F.tensordot(np.ones([2, 3]), np.ones([2, 3]), 3),
    () => F.tensordot(np.ones([2, 3]), np.ones([2, 3]), [2, 0]),
    () => F.scale(np.ones([2, 3]), np.ones(2)),
    () => F.bias(np.ones([2, 3]), np.ones([3, 1])),
  ];
  for (const call of refused) expect(call).toThrow(ShapeError);
  expect(() => F.tensordot(np.ones([2, 2]), np.ones([2, 2]), [[0, 1], [0]])).toThrow(ValueError);
  expect(() =>
    F.tensordot(np.ones([2, 2]), np.ones([2, 2]), [
      [0, 0],
      [0, 1],
    ]),
  ).toThrow(ValueError);
});

it('refuses integers and two dtypes', () => {
  const x = new Variable(np.ones([2, 2]));
  for (const other of [np.ones([2, 2], 'float64'), np.ones([2, 2], 'int32')]) {
    for (const fn of [F.matmul, F.tensordot]) expect(() => fn(x, other)).toThrow(DTypeError);
  }
});

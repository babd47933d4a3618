/** Functions that rename or permute axes. */
import { describe, expect, it } from 'vitest';
import { F, np, ShapeError, ValueError, type Variable } from '../../../src/index.js';
import { checkFunction } from '../../support/function-harness.js';
import { moved, reshaped } from '../../support/oracle/element-sources.js';

type Call = (x: Variable) => Variable;

const RESHAPES: [name: string, fn: Call, from: number[], to: number[]][] = [
  ['reshape', (x) => F.reshape(x, [4, -1]), [2, 3, 2], [4, 3]],
  ['reshape to 0-d', (x) => F.reshape(x, []), [1, 1], []],
  ['reshape of an empty array', (x) => F.reshape(x, [3, 0]), [0, 5], [3, 0]],
  ['flatten', F.flatten, [2, 3, 2], [12]],
  ['flatten of a number', F.flatten, [], [1]],
  ['flatten of an empty array', F.flatten, [3, 0], [0]],
  ['expandDims at the front', (x) => F.expandDims(x, 0), [2, 3], [1, 2, 3]],
  ['expandDims at the end', (x) => F.expandDims(x, -1), [2, 3], [2, 3, 1]],
  ['expandDims of a number', (x) => F.expandDims(x, 0), [], [1]],
  ['squeeze', (x) => F.squeeze(x), [1, 3, 1, 2], [3, 2]],
  ['squeeze of one axis', (x) => F.squeeze(x, -2), [1, 3, 1, 2], [1, 3, 2]],
  ['squeeze of several', (x) => F.squeeze(x, [2, 0]), [1, 3, 1, 2], [3, 2]],
  ['squeeze of no axis', (x) => F.squeeze(x, []), [1, 2], [1, 2]],
];

for (const [name, fn, from, to] of RESHAPES) {
  checkFunction({ name: `${name}: (${from}) to (${to})`, fn, inputs: [from], forward: reshaped(to) });
}

/** `order`: which axis of x each axis of the result is. */
const PERMUTATIONS: [name: string, fn: Call, from: number[], order: number[]][] = [
  ['transpose', (x) => F.transpose(x), [2, 3, 4], [2, 1, 0]],
  ['transpose with axes', (x) => F.transpose(x, [1, -1, 0]), [2, 3, 4], [1, 2, 0]],
  ['swapaxes', (x) => F.swapaxes(x, 0, -1), [2, 3, 4], [2, 1, 0]],
  ['swapaxes of one axis', (x) => F.swapaxes(x, 1, 1), [2, 3], [0, 1]],
  ['moveaxis to the end', (x) => F.moveaxis(x, 0, -1), [2, 3, 4], [1, 2, 0]],
  ['moveaxis of two', (x) => F.moveaxis(x, [0, 2], [3, 0]), [2, 3, 4, 2], [2, 1, 3, 0]],
  ['rollaxis to the front', (x) => F.rollaxis(x, 2), [2, 3, 4], [2, 0, 1]],
  ['rollaxis to before an axis', (x) => F.rollaxis(x, 0, 2), [2, 3, 4], [1, 0, 2]],
  ['rollaxis to the end', (x) => F.rollaxis(x, 0, 3), [2, 3, 4], [1, 2, 0]],
  ['rollaxis counted from the end', (x) => F.rollaxis(x, -1, -2), [2, 3, 4], [0, 2, 1]],
];

for (const [name, fn, from, order] of PERMUTATIONS) {
  checkFunction({
    name: `${name} of (${from})`,
    fn,
    inputs: [from],
    forward: moved(
      order.map((k) => from[k]),
      (index) => from.map((_, k) => index[order.indexOf(k)]),
    ),
  });
}

const BROADCASTS: [from: number[], to: number[]][] = [
  [[3], [2, 3]],
  [
    [2, 1],
    [2, 4],
  ],
  [[], [2, 2]],
  [
    [1, 2, 1],
    [3, 2, 0],
  ],
  [
    [2, 3],
    [2, 3],
  ],
];

for (const [from, to] of BROADCASTS) {
  const lead = to.length - from.length;
  checkFunction({
    name: `broadcastTo (${from}) to (${to})`,
    fn: (x) => F.broadcastTo(x, to),
    inputs: [from],
    forward: moved(to, (index) => from.map((n, k) => (n === 1 ? 0 : index[lead + k]))),
  });
}

checkFunction({
  name: 'broadcast of three',
  fn: F.broadcast,
  inputs: [[2, 1], [3], []],
  forward: (...xs) => [
    moved([2, 3], ([i]) => [i, 0])(xs[0]),
    moved([2, 3], ([, j]) => [j])(xs[1]),
    moved([2, 3], () => [])(xs[2]),
  ],
});

describe('operands that do not fit are refused', () => {
  const x = np.zeros([2, 3]);
  it.each<[name: string, call: () => unknown]>([
    ['reshape', () => F.reshape(x, [4, 2])],
    ['reshape with two unknowns', () => F.reshape(x, [-1, -1])],
    ['expandDims', () => F.expandDims(x, 3)],
    ['squeeze', () => F.squeeze(x, 1)],
    ['squeeze beyond the axes', () => F.squeeze(x, 2)],
    ['transpose', () => F.transpose(x, [0, 0])],
    ['swapaxes', () => F.swapaxes(x, 0, 2)],
    ['moveaxis', () => F.moveaxis(x, [0, 1], [0])],
    ['rollaxis', () => F.rollaxis(x, 2)],
    ['rollaxis to beyond the end', () => F.rollaxis(x, 0, 3)],
    ['broadcastTo', () => F.broadcastTo(x, [3, 2])],
    ['broadcast', () => F.broadcast(x, np.zeros([2]))],
  ])('%s throws a ShapeError', (_, call) => {
    expect(call).toThrow(ShapeError);
  });

  it('broadcast of an empty list', () => {
    expect(() => F.broadcast()).toThrow(ValueError);
  });
});

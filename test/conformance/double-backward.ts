/** The `double_backward` group: gradients of the squared gradients of a function. */
import { F, grad, type Variable } from 'rensa';
import { compare, Mismatch } from './compare.js';
import {
  compareGradients,
  compareOutputs,
  type FunctionCase,
  inputVariable,
  makeCall,
  upstreams,
  valuesOf,
} from './function-cases.js';
import type { ArrayEntry, Case, Group } from './group.js';

interface DoubleBackwardCase extends FunctionCase {
  readonly loss: ArrayEntry;
  readonly second: readonly (ArrayEntry & { readonly wrt: string })[];
}

/** Runs one case: loss = Σ (∂ Σ y·d_y / ∂x)² over all inputs x, then its derivatives in the inputs and in d_y. */
export function runDoubleBackward(group: Group, testCase: Case): void {
  const { gradients = [], ...rest } = testCase as DoubleBackwardCase;
  const call = makeCall(group, rest);
  compareOutputs(group, rest, call);
  const { ys, gys } = upstreams(group, rest, call);
  const xs = gradients.map(({ wrt }) => inputVariable(call, wrt));
  const firsts = grad(ys, xs, { gradOutputs: gys, enableDoubleBackprop: true });
  compareGradients(group, testCase, gradients, firsts);

  const squares = firsts.flatMap((gx) => (gx ? [F.sum(F.square(gx))] : []));
  const loss = squares.reduce((total, square) => total.add(square));
  compare('loss', valuesOf(loss), group.host(testCase.name, rest.loss), group.tolerance(testCase));

  const upstreamNames = rest.outputs.flatMap(({ upstream }) => upstream ?? []);
  const wrt = rest.second.map((entry): Variable => {
    const place = upstreamNames.indexOf(entry.wrt);
    const variable = place < 0 ? inputVariable(call, entry.wrt) : gys[place];
    if (!variable) throw new Mismatch(`'${entry.wrt}' is neither an input nor an upstream gradient`);
    return variable;
  });
  compareGradients(group, testCase, rest.second, grad([loss], wrt));
}

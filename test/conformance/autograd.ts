/** The `autograd` group: small programs, each rewritten by hand from the `code` it quotes. */
import { grad, noBackpropMode, Variable } from 'rensa';

import { compare, Mismatch } from './compare.js';
import { valuesOf } from './function-cases.js';
import type { ArrayEntry, Case, Group } from './group.js';
import { asVariable, call } from './library.js';

interface ProgramCase extends Case {
  readonly inputs: readonly (ArrayEntry & { readonly name: string })[];
  readonly outputs: readonly (ArrayEntry & { readonly name: string; readonly null?: boolean })[];
}

type Inputs = Readonly<Record<string, Variable>>;
type Outputs = Readonly<Record<string, Variable | null>>;

/** A function of `F`, whether or not it exists already. */
function f(name: string, ...args: unknown[]): Variable {
  return asVariable(`F.${name}`, call(`F.${name}`, ...args));
}

const sum = (x: Variable): Variable => f('sum', x);

function first(gradients: readonly (Variable | null)[]): Variable {
  const [gradient] = gradients;
  if (!gradient) throw new Mismatch('grad gave no gradient');
  return gradient;
}

const PROGRAMS: Readonly<Record<string, (inputs: Inputs) => Outputs>> = {
  diamond({ x }) {
    const y = sum(x.mul(x).add(f('sin', x).mul(x)).sub(x));
    y.backward();
    return { y, d_x: x.grad };
  },
  accumulate({ x }) {
    for (let i = 0; i < 2; i++) sum(x.pow(2)).backward();
    return { d_x: x.grad };
  },
  retain_grad({ x, w }) {
    const [h, again] = [x.mul(w), x.mul(w)];
    const y = sum(h.mul(h));
    y.backward();
    sum(again.mul(again)).backward({ retainGrad: true });
    return { h_grad_default: h.grad, h_grad_retained: again.grad, y };
  },
  grad_two_outputs({ x, gy1, gy2 }) {
    const [d_x] = grad([f('exp', x), x.mul(3)], [x], { gradOutputs: [gy1, gy2] });
    return { d_x, x_grad_after: x.grad };
  },
  unchain({ x, w }) {
    const h = x.mul(w);
    h.unchainBackward();
    sum(h.mul(w)).backward();
    return { d_x: x.grad, d_w: w.grad };
  },
  no_backprop({ x }) {
    const h = noBackpropMode(() => f('exp', x));
    sum(h.mul(x)).backward();
    return { d_x: x.grad };
  },
  third_order({ x }) {
    const enableDoubleBackprop = true;
    const y = sum(x.pow(3));
    const gx = first(grad([y], [x], { enableDoubleBackprop }));
    const z = sum(gx.pow(2)).add(y);
    const ggx = first(grad([z], [x], { enableDoubleBackprop }));
    const gggx = first(grad([sum(ggx)], [x]));
    return { gx, ggx, gggx };
  },
  loss_scale({ x }) {
    sum(x.mul(x)).backward({ lossScale: 8 });
    return { d_x: x.grad };
  },
  partial_outputs({ x }) {
    const parts = call('F.splitAxis', f('concat', [x, x.mul(2)], 0), 2, 0);
    const y = asVariable('F.splitAxis', Array.isArray(parts) ? parts[0] : parts);
    sum(y.mul(y)).backward();
    return { d_x: x.grad };
  },
  mix_getitem({ x }) {
    const products = sum(f('relu', x).mul(f('sigmoid', x)));
    const y = products.mul(2).add(sum(x.at(0).mul(x.at(1))));
    y.backward();
    return { y, d_x: x.grad };
  },
};

/** Runs one program, and compares all that the manifest lists of it. */
export function runAutograd(group: Group, testCase: Case): void {
  const { name, inputs, outputs } = testCase as ProgramCase;
  const program = PROGRAMS[name];
  if (!program) throw new Mismatch(`the program '${name}' has not been rewritten here`);
  const variables = Object.fromEntries(inputs.map((entry) => [entry.name, new Variable(group.array(name, entry))]));
  const results = program(variables);
  for (const entry of outputs) {
    const got = results[entry.name];
    if (entry.null) {
      if (got) throw new Mismatch(`${entry.name}: there is one, but should be none`);
    } else if (got) {
      compare(entry.name, valuesOf(got), group.host(name, entry), group.tolerance(testCase));
    } else {
      throw new Mismatch(`${entry.name}: there is none`);
    }
  }
}

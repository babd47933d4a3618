/** Arguments of the kernels that update parameters, and of those that draw what dropout and noise need. */
import type { RandomKind } from '../ops.js';
import { UPDATE_RULES, type UpdateRuleName } from '../ops.js';
import type { Tensor } from '../primitives.js';
import type { Machine } from './machine.js';
import { addressOf } from './memory.js';
import { numbered } from './numbered.js';

const RULE_CODES = numbered<UpdateRuleName>(UPDATE_RULES);

/** Where a state begins; rules that have fewer never look. */
const stateAt = (states: readonly Tensor[], k: number): number => (k < states.length ? addressOf(states[k]) : 0);

/** n random numbers; a seed and a stream are taken modulo 2³². */
export function random({ kernels, rows }: Machine, kind: RandomKind, seed: number, stream: number, out: Tensor): void {
  const kernel = out.dtype === 'float64' ? kernels.randomF64 : kernels.randomF32;
  kernel(Number(kind === 'normal'), seed, stream, addressOf(out), out.memory.size, rows);
}

/** One step of a rule, in place. */
export function update(
  { kernels, heap, arguments: hyperparametersAt }: Machine,
  rule: UpdateRuleName,
  param: Tensor,
  grad: Tensor,
  states: readonly Tensor[],
  hyperparameters: readonly number[],
): void {
  heap.f64.set(hyperparameters, hyperparametersAt / 8);
  const kernel = param.dtype === 'float64' ? kernels.updateF64 : kernels.updateF32;
  kernel(
    RULE_CODES[rule],
    addressOf(param),
    addressOf(grad),
    stateAt(states, 0),
    stateAt(states, 1),
    stateAt(states, 2),
    param.memory.size,
    hyperparametersAt,
  );
}

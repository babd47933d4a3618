/** Optimizer updates, by the kernels of assembly/update/. */
import { CHECKS } from '../operand-checks.js';
import { UPDATE_RULES } from '../ops.js';
import type { Primitives, Tensor } from '../primitives.js';
import type { Machine } from './machine.js';
import { addressOf } from './memory.js';
import { codesOf } from './op-codes.js';

const RULE_CODES = codesOf(UPDATE_RULES);

/** The address of a rule's k-th state; 0 if the rule has fewer states. */
const stateAt = (states: readonly Tensor[], k: number): number => (k < states.length ? addressOf(states[k]) : 0);

export const update = (machine: Machine): Pick<Primitives, 'update'> => ({
  update(rule, param, grad, states, hyperparameters) {
    CHECKS.update(rule, param, grad, states);
    const { kernels, heap, arguments: hyperparametersAt } = machine;
    heap.f64.set(hyperparameters, hyperparametersAt / Float64Array.BYTES_PER_ELEMENT);
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
  },
});

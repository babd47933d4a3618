/** The in-place updates of optimizers. */
import { describe, test } from 'vitest';
import { UPDATE_RULES, type UpdateRuleName } from '../../src/backends/ops.js';
import { describeBackends } from '../support/backends.js';
import { expectClose, type Tolerance } from '../support/closeness.js';
import { hostArray } from '../support/host-array.js';
import { update } from '../support/oracle/elementwise.js';
import { Samples } from '../support/samples.js';

/** Relative to max(|expected|, 1), after each of the steps. */
const TOLERANCE: Tolerance = { float32: 1e-6, float64: 1e-14 };

/** How many states a rule keeps, and hyperparameters that make every term of its formula count. */
const RULES = {
  sgd: { states: 0, hyperparameters: [0.1] },
  momentumSgd: { states: 1, hyperparameters: [0.1, 0.9] },
  correctedMomentumSgd: { states: 1, hyperparameters: [0.1, 0.9] },
  nesterovAg: { states: 1, hyperparameters: [0.1, 0.9] },
  adaGrad: { states: 1, hyperparameters: [0.1, 0.01] },
  adaDelta: { states: 2, hyperparameters: [0.8, 0.01] },
  rmsProp: { states: 1, hyperparameters: [0.1, 0.9, 0.02, 0.01] },
  rmsPropGraves: { states: 3, hyperparameters: [0.1, 0.8, 0.7, 0.1] },
  smorms3: { states: 3, hyperparameters: [0.5, 0.01] },
  adam: { states: 2, hyperparameters: [0.05, 0.1, 0.01, 1e-3, 0.75, 0.2, 0.08, 0.2] },
  amsGrad: { states: 3, hyperparameters: [0.05, 0.1, 0.01, 1e-3, 0.75, 0.2, 0, 1000] },
  msvag: { states: 2, hyperparameters: [0.1, 0.2, 0.5, 0.6, 0.75, 0.1] },
} satisfies Record<UpdateRuleName, { states: number; hyperparameters: readonly number[] }>;

const CASES = [[], [0], [1], [37], [6, 5, 3, 3]].map((shape) => ({ shape }));

describeBackends('update', (subject) => {
  describe.each(UPDATE_RULES)('%s', (rule) => {
    const { states: stateCount, hyperparameters } = RULES[rule];

    test.each(CASES)('three steps: $shape', ({ shape }) => {
      for (const dtype of subject.floats) {
        const samples = new Samples();
        let param = samples.uniform(shape, dtype);
        let states = Array.from({ length: stateCount }, () =>
          hostArray(new Float64Array(param.values.length), shape, dtype),
        );
        const tensor = subject.put(param);
        const stateTensors = states.map((state) => subject.put(state));
        for (let step = 0; step < 3; step++) {
          const grad = samples.uniform(shape, dtype);
          subject.backend.update(rule, tensor, subject.put(grad), stateTensors, hyperparameters);
          ({ param, states } = update(rule, param, grad, states, hyperparameters));
          expectClose(subject.get(tensor), param, TOLERANCE);
          for (const [k, state] of states.entries()) expectClose(subject.get(stateTensors[k]), state, TOLERANCE);
        }
      }
    });
  });
});

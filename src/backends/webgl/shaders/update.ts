/** In-place updates of optimizers: parameter and states in one pass, each into a texture of its own. */

import type { UpdateRuleName } from '../../backend.js';
import type { Device, Uniform } from '../device.js';
import type { Kernel } from '../program-cache.js';
import type { TextureMemory, TextureTensor } from '../storage.js';
import { sizeOf } from '../views.js';
import { fragment } from './glsl.js';

interface Rule {
  readonly states: readonly string[];
  readonly hyperparameters: readonly string[];
  /** Changes the vectors `param` and those named in `states`, by `grad`. */
  readonly statements: string;
}

const RULES = {
  sgd: { states: [], hyperparameters: ['lr'], statements: 'param -= lr * grad;' },
  momentumSgd: {
    states: ['velocity'],
    hyperparameters: ['lr', 'momentum'],
    statements: 'velocity = momentum * velocity - lr * grad; param += velocity;',
  },
  adam: {
    states: ['mean', 'variance'],
    hyperparameters: ['alpha_t', 'one_minus_beta1', 'one_minus_beta2', 'eps', 'eta', 'weight_decay_rate'],
    statements: `mean += one_minus_beta1 * (grad - mean);
  variance += one_minus_beta2 * (grad * grad - variance);
  param -= eta * (alpha_t * mean / (sqrt(variance) + eps) + weight_decay_rate * param);`,
  },
} satisfies Record<UpdateRuleName, Rule>;

/** Updates `param` and `states` from `grad`. */
export function update(
  device: Device,
  rule: UpdateRuleName,
  param: TextureTensor,
  grad: TextureTensor,
  states: readonly TextureTensor[],
  hyperparameters: readonly number[],
): void {
  if (sizeOf(param.shape) === 0) return;
  const names: Rule = RULES[rule];
  const inputs: Record<string, TextureMemory> = { param_old: param.memory, grad_old: grad.memory };
  for (const [i, name] of names.states.entries()) inputs[`${name}_old`] = states[i].memory;
  const uniforms: Record<string, Uniform> = {};
  for (const [i, name] of names.hyperparameters.entries()) uniforms[name] = hyperparameters[i];
  device.draw(KERNELS[rule], { inputs, uniforms, outputs: [param, ...states].map(({ memory }) => memory) });
}

const kernelFor = (name: UpdateRuleName, { states, hyperparameters, statements }: Rule): Kernel => {
  const changed = ['param', ...states];
  const read = [...changed, 'grad'];
  return {
    key: `update ${name}`,
    fragment: () =>
      fragment({
        inputs: Object.fromEntries(read.map((vector) => [`${vector}_old`, 'float' as const])),
        outputs: changed.map(() => 'float' as const),
        body: `
uniform float ${hyperparameters.join(', ')};
void main() {
${read.map((vector) => `  vec4 ${vector} = ${vector}_old_here();\n`).join('')}  ${statements}
${changed.map((vector, i) => `  out${i} = ${vector};\n`).join('')}}
`,
      }),
  };
};

const KERNELS = {
  sgd: kernelFor('sgd', RULES.sgd),
  momentumSgd: kernelFor('momentumSgd', RULES.momentumSgd),
  adam: kernelFor('adam', RULES.adam),
} satisfies Record<UpdateRuleName, Kernel>;

/** In-place updates of optimizers: one pass draws the parameter and the states, each into its own texture. */

import { UPDATE_RULES, type UpdateRuleName } from '../../ops.js';
import { sizeOf } from '../../shapes.js';
import type { Uniform } from '../painter.js';
import type { Kernel } from '../program-cache.js';
import type { TextureMemory } from '../storage.js';
import { fragment } from './glsl.js';
import type { Shader } from './shader.js';

interface Rule {
  readonly states: readonly string[];
  readonly hyperparameters: readonly string[];
  /** GLSL that changes the vectors `param` and `states` by `grad`. */
  readonly statements: string;
}

const MOMENTUM = { states: ['velocity'], hyperparameters: ['lr', 'momentum'] };
const ADAM_HYPERPARAMETERS = [
  'alpha_t',
  'one_minus_beta1',
  'one_minus_beta2',
  'eps',
  'eta',
  'weight_decay_rate',
  'lower',
  'upper',
];
/** The step of Adam and its relatives; `scale` is the second moment that divides the step. */
const adamStep = (scale: string) =>
  `param -= eta * (clamp(alpha_t / (sqrt(${scale}) + eps), lower, upper) * mean + weight_decay_rate * param);`;
const MOMENTS = `mean += one_minus_beta1 * (grad - mean);
  variance += one_minus_beta2 * (grad * grad - variance);`;

const RULES = {
  sgd: { states: [], hyperparameters: ['lr'], statements: 'param -= lr * grad;' },
  momentumSgd: { ...MOMENTUM, statements: 'velocity = momentum * velocity - lr * grad; param += velocity;' },
  correctedMomentumSgd: { ...MOMENTUM, statements: 'velocity = momentum * velocity - grad; param += lr * velocity;' },
  nesterovAg: {
    ...MOMENTUM,
    statements: `velocity = momentum * velocity - lr * grad;
  param += momentum * momentum * velocity - (1.0 + momentum) * lr * grad;`,
  },
  adaGrad: {
    states: ['squares'],
    hyperparameters: ['lr', 'eps'],
    statements: 'squares += grad * grad; param -= lr * grad / (sqrt(squares) + eps);',
  },
  adaDelta: {
    states: ['squares', 'steps'],
    hyperparameters: ['rho', 'eps'],
    statements: `squares = rho * squares + (1.0 - rho) * grad * grad;
  vec4 dx = sqrt((steps + eps) / (squares + eps)) * grad;
  steps = rho * steps + (1.0 - rho) * dx * dx;
  param -= dx;`,
  },
  rmsProp: {
    states: ['squares'],
    hyperparameters: ['lr', 'alpha', 'eps_inside', 'eps_outside'],
    statements: `squares = alpha * squares + (1.0 - alpha) * grad * grad;
  param -= lr * grad / (sqrt(squares + eps_inside) + eps_outside);`,
  },
  rmsPropGraves: {
    states: ['squares', 'mean', 'delta'],
    hyperparameters: ['lr', 'alpha', 'momentum', 'eps'],
    statements: `squares = alpha * squares + (1.0 - alpha) * grad * grad;
  mean = alpha * mean + (1.0 - alpha) * grad;
  delta = momentum * delta - lr * grad / sqrt(squares - mean * mean + eps);
  param += delta;`,
  },
  smorms3: {
    states: ['memory', 'mean', 'squares'],
    hyperparameters: ['lr', 'eps'],
    statements: `vec4 r = 1.0 / (memory + 1.0);
  mean = (1.0 - r) * mean + r * grad;
  squares = (1.0 - r) * squares + r * grad * grad;
  vec4 x = mean * mean / (squares + eps);
  param -= grad * min(vec4(lr), x) / (sqrt(squares) + eps);
  memory = 1.0 + memory * (1.0 - x);`,
  },
  adam: {
    states: ['mean', 'variance'],
    hyperparameters: ADAM_HYPERPARAMETERS,
    statements: `${MOMENTS}
  ${adamStep('variance')}`,
  },
  amsGrad: {
    states: ['mean', 'variance', 'largest'],
    hyperparameters: ADAM_HYPERPARAMETERS,
    statements: `${MOMENTS}
  largest = max(largest, variance);
  ${adamStep('largest')}`,
  },
  msvag: {
    states: ['mean', 'squares'],
    hyperparameters: ['lr', 'one_minus_beta', 'one_minus_beta_t', 'rho', 'eta', 'weight_decay_rate'],
    // If the gradient was always zero, factor is 0/0, and the step is 0 for any factor.
    statements: `mean += one_minus_beta * (grad - mean);
  squares += one_minus_beta * (grad * grad - squares);
  vec4 m = mean / one_minus_beta_t;
  vec4 s = (squares / one_minus_beta_t - m * m) / (1.0 - rho);
  vec4 denominator = m * m + rho * s;
  vec4 factor = mix(vec4(0.0), clamp(m * m / denominator, 0.0, 1.0), notEqual(denominator, vec4(0.0)));
  param -= eta * (lr * factor * m + weight_decay_rate * param);`,
  },
} satisfies Record<UpdateRuleName, Rule>;

/** Updates `param` and `states` from `grad`. */
export const update: Shader<'update'> = (painter, rule, param, grad, states, hyperparameters) => {
  // A training loop that reads nothing would not notice that the GPU is gone.
  if (!painter.isCollecting) painter.context.assertAnswering(rule);
  if (sizeOf(param.shape) === 0) return;
  const names: Rule = RULES[rule];
  const inputs: Record<string, TextureMemory> = { param_old: param.memory, grad_old: grad.memory };
  for (const [i, name] of names.states.entries()) inputs[`${name}_old`] = states[i].memory;
  const uniforms: Record<string, Uniform> = {};
  for (const [i, name] of names.hyperparameters.entries()) uniforms[name] = hyperparameters[i];
  painter.draw(KERNELS[rule], { inputs, uniforms, outputs: [param, ...states].map(({ memory }) => memory) });
};

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

const KERNELS = Object.fromEntries(UPDATE_RULES.map((name) => [name, kernelFor(name, RULES[name])])) as Record<
  UpdateRuleName,
  Kernel
>;

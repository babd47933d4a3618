/**
 * In-place optimizer updates: finds the loop of a rule. `UPDATE_RULES` of src/backends/ops.ts documents the formulas, states and
 * hyperparameters. Hyperparameters are float64 in memory, in that order.
 */
import { UpdateRule } from '../generated/ops';
import { adaDelta, adaGrad, rmsProp, rmsPropGraves, smorms3 } from './adaptive';
import { adam, msvag } from './adam';
import { correctedMomentumSgd, momentumSgd, nesterovAg, sgd } from './momentum';

// @ts-ignore: decorator
@inline
function update<T>(
  rule: UpdateRule,
  p: usize,
  g: usize,
  s0: usize,
  s1: usize,
  s2: usize,
  n: i32,
  numbers: usize,
): void {
  switch (rule) {
    case UpdateRule.Sgd:
      return sgd<T>(p, g, n, numbers);
    case UpdateRule.MomentumSgd:
      return momentumSgd<T>(p, g, s0, n, numbers);
    case UpdateRule.CorrectedMomentumSgd:
      return correctedMomentumSgd<T>(p, g, s0, n, numbers);
    case UpdateRule.NesterovAg:
      return nesterovAg<T>(p, g, s0, n, numbers);
    case UpdateRule.AdaGrad:
      return adaGrad<T>(p, g, s0, n, numbers);
    case UpdateRule.AdaDelta:
      return adaDelta<T>(p, g, s0, s1, n, numbers);
    case UpdateRule.RmsProp:
      return rmsProp<T>(p, g, s0, n, numbers);
    case UpdateRule.RmsPropGraves:
      return rmsPropGraves<T>(p, g, s0, s1, s2, n, numbers);
    case UpdateRule.Smorms3:
      return smorms3<T>(p, g, s0, s1, s2, n, numbers);
    case UpdateRule.Adam:
      return adam<T>(p, g, s0, s1, 0, n, numbers);
    case UpdateRule.AmsGrad:
      return adam<T>(p, g, s0, s1, s2, n, numbers);
    default:
      msvag<T>(p, g, s0, s1, n, numbers);
  }
}

/** Updates n float32 at p, and the states, from the gradients g. A rule uses none to three states. */
export function updateF32(
  rule: UpdateRule,
  p: usize,
  g: usize,
  s0: usize,
  s1: usize,
  s2: usize,
  n: i32,
  numbers: usize,
): void {
  update<f32>(rule, p, g, s0, s1, s2, n, numbers);
}

/** {@link updateF32} of float64. */
export function updateF64(
  rule: UpdateRule,
  p: usize,
  g: usize,
  s0: usize,
  s1: usize,
  s2: usize,
  n: i32,
  numbers: usize,
): void {
  update<f64>(rule, p, g, s0, s1, s2, n, numbers);
}

import { ValueError } from '../errors.js';
import { checkOptions, inWords } from '../options.js';

/** Options of all optimizer hooks. */
export interface HookOptions {
  /** `pre` runs the hook before the parameters are updated, `post` after. Default `pre`. */
  timing?: 'pre' | 'post';
}

/** The timing of a hook. @throws TypeError for an option that does not exist, ValueError for another timing than `pre` and `post`. */
export function timingOf(hook: string, options: HookOptions): 'pre' | 'post' {
  checkOptions(hook, options, { timing: 'pre' });
  return checkTiming(hook, options.timing ?? 'pre');
}

/** @throws ValueError for another timing than `pre` and `post`. */
export function checkTiming(hook: string, timing: 'pre' | 'post'): 'pre' | 'post' {
  if (timing !== 'pre' && timing !== 'post')
    throw new ValueError(`${hook}: timing is ${inWords(timing)}, expected 'pre' or 'post'`);
  return timing;
}

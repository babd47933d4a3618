import { ValueError } from '../errors.js';
import { checkOptions, inWords } from '../options.js';

/** What all optimizer hooks take. */
export interface HookOptions {
  /** `pre` runs the hook before the parameters are updated, `post` after. Default `pre`. */
  timing?: 'pre' | 'post';
}

/** When a hook runs. @throws TypeError for an option that does not exist, ValueError for a time that is none. */
export function timingOf(hook: string, options: HookOptions): 'pre' | 'post' {
  checkOptions(hook, options, { timing: 'pre' });
  return checkTiming(hook, options.timing ?? 'pre');
}

/** @throws ValueError for a time that is none. */
export function checkTiming(hook: string, timing: 'pre' | 'post'): 'pre' | 'post' {
  if (timing !== 'pre' && timing !== 'post')
    throw new ValueError(`${hook}: timing is ${inWords(timing)}, expected 'pre' or 'post'`);
  return timing;
}

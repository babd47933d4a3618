/** Triggers from intervals, functions and null, as the options of extensions and trainers take them. */
import { ValueError } from '../errors.js';
import { inWords } from '../options.js';
import type { Trigger, TriggerLike, Unit } from './trigger.js';
import { IntervalTrigger } from './triggers/interval-trigger.js';

/** Makes a trigger of a {@link TriggerLike}; follows chainer.training.get_trigger. @throws ValueError for any other value. */
export function getTrigger(when: TriggerLike): Trigger {
  if (when === null) return { fires: () => false };
  if (typeof when === 'function') {
    if (typeof when.prototype?.fires === 'function')
      throw new ValueError(`trigger: ${when.name} is a class; pass an instance, new ${when.name}(…)`);
    return { fires: when };
  }
  if (isInterval(when)) return intervalOf(when);
  if (typeof when === 'object' && typeof when.fires === 'function') return when;
  throw new ValueError(`trigger: ${inWords(when)} is not a trigger; expected ${TIMES}`);
}

/** The kinds of {@link TriggerLike}, for messages. */
const TIMES = "an interval such as [1, 'epoch'], a trigger, a function or null";

function intervalOf(when: readonly unknown[]): IntervalTrigger {
  const [period, unit] = when;
  if (when.length !== 2 || typeof period !== 'number' || (unit !== 'epoch' && unit !== 'iteration')) {
    const got = when.map((part) => (typeof part === 'string' ? `'${part}'` : inWords(part))).join(', ');
    throw new ValueError(
      `trigger: [${got}] is not an interval; expected a number and 'epoch' or 'iteration', such as [1, 'epoch']`,
    );
  }
  return new IntervalTrigger(period, unit);
}

function isInterval(when: Trigger | readonly [number, Unit]): when is readonly [number, Unit] {
  return Array.isArray(when);
}

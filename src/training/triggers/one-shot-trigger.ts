import type { Unit } from '../trigger.js';
import { ManualScheduleTrigger } from './manual-schedule-trigger.js';

/** Fires once: when a training passes a point, given in epochs or iterations. A {@link ManualScheduleTrigger} of one point. */
export class OneShotTrigger extends ManualScheduleTrigger {
  // biome-ignore lint/complexity/noUselessConstructor: one point, where the base takes several
  constructor(point: number, unit: Unit) {
    super(point, unit);
  }
}

import type { Unit } from '../trigger.js';
import { ManualScheduleTrigger } from './manual-schedule-trigger.js';

/** Fires once: when a training passes a point, in epochs or iterations. It is a {@link ManualScheduleTrigger} of one point. */
export class OneShotTrigger extends ManualScheduleTrigger {
  // biome-ignore lint/complexity/noUselessConstructor: one point, where the base takes several
  constructor(point: number, unit: Unit) {
    super(point, unit);
  }
}

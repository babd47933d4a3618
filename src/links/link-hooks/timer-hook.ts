import type { Link } from '../../core/link.js';
import type { LinkHook } from '../../core/link-hook.js';
import { Stopwatch } from '../../core/stopwatch.js';

/**
 * Measures the time of links' forward by the names of their classes. The time of a chain includes the links that it calls. Follows
 * chainer.link_hooks.TimerHook.
 */
export class TimerHook extends Stopwatch implements LinkHook {
  readonly name = 'TimerHook';

  forwardPreprocess(): void {
    this.start();
  }

  forwardPostprocess(link: Link): void {
    this.stop(link.constructor.name);
  }

  /** Prints time and calls by class, the most expensive first. */
  printReport(print: (line: string) => void = console.log): void {
    this.print('link', print);
  }
}

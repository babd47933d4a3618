/** Running means and variances, and how the statistics of a batch are mixed into them. */
import { config } from '../../core/config.js';
import { astype, multiply, type NDArray } from '../../ndarray/np.js';

/**
 * running = decay·running + (1 − decay)·statistic, in place. The shapes may differ in axes of length 1. A variance over
 * `count` elements is first multiplied by count/max(count − 1, 1). Nothing changes while `config.inRecomputing`.
 */
export function updateRunning(running: NDArray, statistic: NDArray, decay: number, count: number | null = null): void {
  if (config.inRecomputing) return;
  const correction = count === null ? 1 : count / Math.max(count - 1, 1);
  const news = multiply(astype(statistic, running.dtype).reshape(running.shape), (1 - decay) * correction);
  running.device.binary('multiply', running, decay, running);
  running.device.binary('add', running, news, running);
}

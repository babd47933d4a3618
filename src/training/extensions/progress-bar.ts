import { ValueError } from '../../errors.js';
import { checkOptions } from '../../options.js';
import { Extension } from '../extension.js';
import { formatDuration, formatGeneral } from '../format.js';
import { DrawingPlace, progressBar, Speedometer } from '../progress-drawing.js';
import type { TextElement, TextOutput } from '../text-output.js';
import type { Trainer } from '../trainer.js';
import type { Unit } from '../trigger.js';

/** Options of {@link ProgressBar}. */
export interface ProgressBarOptions {
  /** The length of the training. Default: that of the stop trigger. */
  trainingLength?: readonly [length: number, unit: Unit] | null;
  /** The number of iterations between two drawings. Default 100. */
  updateInterval?: number;
  /** The length of the bars, in characters. Default 50. */
  barLength?: number;
  /** The output: a terminal, or an element of a page. Default: standard output, if that is a terminal. */
  out?: TextOutput | TextElement | null;
}

/** The names of {@link ProgressBarOptions}. */
const OPTIONS: Readonly<Record<keyof ProgressBarOptions, unknown>> = {
  trainingLength: null,
  updateInterval: null,
  barLength: null,
  out: null,
};

/**
 * Draws the progress of the training and of the epoch, the speed, and the time left. Follows
 * chainer.training.extensions.ProgressBar. On outputs that are neither a terminal nor an element it draws nothing.
 */
export class ProgressBar extends Extension {
  override readonly defaultName = 'ProgressBar';
  readonly #length: readonly [length: number, unit: Unit] | null;
  readonly #updateInterval: number;
  readonly #barLength: number;
  readonly #place: DrawingPlace;
  readonly #speedometer = new Speedometer();

  constructor(options: ProgressBarOptions = {}) {
    super();
    checkOptions('ProgressBar', options, OPTIONS);
    const { trainingLength = null, updateInterval = 100, barLength = 50, out = null } = options;
    this.#length = trainingLength;
    this.#updateInterval = updateInterval;
    this.#barLength = barLength;
    this.#place = new DrawingPlace(out);
  }

  override invoke(trainer: Trainer): void {
    if (!this.#place.isThere) return;
    if (trainer.updater.iteration % this.#updateInterval === 0) this.#place.draw(this.lines(trainer));
  }

  /** The lines of the drawing. @throws ValueError if the length of the training is not known. */
  lines(trainer: Trainer): string[] {
    const { iteration, epoch, epochDetail } = trainer.updater;
    const trainingLength = this.#length ?? trainer.stopTrigger.trainingLength?.();
    if (!trainingLength) {
      throw new ValueError('ProgressBar: the stop trigger does not say how long the training is; pass trainingLength');
    }
    const [length, unit] = trainingLength;
    const done = unit === 'epoch' ? epochDetail : iteration;
    const speed = this.#speedometer.at({ iteration, epoch: epochDetail, seconds: trainer.elapsedTime });
    const left = Math.max(0, length - done) / (unit === 'epoch' ? speed.epochs : speed.iterations);
    return [
      `     total ${progressBar(Math.min(done / length, 1), this.#barLength)}`,
      `this epoch ${progressBar(epochDetail % 1, this.#barLength)}`,
      `${String(iteration).padStart(10)} iter, ${epoch} epoch / ${length} ${unit}s`,
      `${formatGeneral(speed.iterations, 5).padStart(10)} iters/sec. Estimated time to finish: ${formatDuration(left)}.`,
    ];
  }

  /** Erases the drawing. */
  override finalize(): void {
    this.#place.erase();
  }
}

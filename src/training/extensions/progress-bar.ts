import { ValueError } from '../../errors.js';
import { Extension } from '../extension.js';
import { formatDuration, formatGeneral } from '../format.js';
import { isTextOutput, type TextElement, type TextOutput, textOutput } from '../text-output.js';
import type { Trainer } from '../trainer.js';
import type { Unit } from '../trigger.js';

/** Options of {@link ProgressBar}. */
export interface ProgressBarOptions {
  /** How long the training is. Default: what the stop trigger says. */
  trainingLength?: readonly [length: number, unit: Unit] | null;
  /** How many iterations pass between two drawings. Default 100. */
  updateInterval?: number;
  /** The length of the bars, in characters. Default 50. */
  barLength?: number;
  /** Where it is drawn: a terminal, or an element of a page. Default: standard output, if that is a terminal. */
  out?: TextOutput | TextElement | null;
}

/** The speed is that of the last so many drawings. */
const REMEMBERED = 100;

/**
 * Draws how far the training and the epoch are, how fast it goes, and how long it will take. Follows
 * chainer.training.extensions.ProgressBar. On what is neither a terminal nor an element it draws nothing.
 */
export class ProgressBar extends Extension {
  override readonly defaultName = 'ProgressBar';
  readonly #length: readonly [length: number, unit: Unit] | null;
  readonly #updateInterval: number;
  readonly #barLength: number;
  readonly #element: TextElement | null;
  readonly #terminal: TextOutput | null;
  readonly #recent: { iteration: number; epoch: number; seconds: number }[] = [];

  constructor(options: ProgressBarOptions = {}) {
    super();
    const { trainingLength = null, updateInterval = 100, barLength = 50, out = null } = options;
    this.#length = trainingLength;
    this.#updateInterval = updateInterval;
    this.#barLength = barLength;
    this.#element = out !== null && !isTextOutput(out) ? out : null;
    const terminal = this.#element ? null : textOutput(out);
    this.#terminal = terminal?.isTTY ? terminal : null;
  }

  override invoke(trainer: Trainer): void {
    if (!this.#element && !this.#terminal) return;
    if (trainer.updater.iteration % this.#updateInterval === 0) this.#draw(this.lines(trainer));
  }

  /** The lines that are drawn. @throws ValueError if the length of the training is not known. */
  lines(trainer: Trainer): string[] {
    const { iteration, epoch, epochDetail } = trainer.updater;
    const trainingLength = this.#length ?? trainer.stopTrigger.trainingLength?.();
    if (!trainingLength) {
      throw new ValueError('ProgressBar: the stop trigger does not say how long the training is; give trainingLength');
    }
    const [length, unit] = trainingLength;
    const done = unit === 'epoch' ? epochDetail : iteration;
    const speed = this.#speed(iteration, epochDetail, trainer.elapsedTime);
    const left = Math.max(0, length - done) / (unit === 'epoch' ? speed.epochs : speed.iterations);
    return [
      `     total ${this.#bar(Math.min(done / length, 1))}`,
      `this epoch ${this.#bar(epochDetail % 1)}`,
      `${String(iteration).padStart(10)} iter, ${epoch} epoch / ${length} ${unit}s`,
      `${formatGeneral(speed.iterations, 5).padStart(10)} iters/sec. Estimated time to finish: ${formatDuration(left)}.`,
    ];
  }

  #bar(rate: number): string {
    const marks = '#'.repeat(Math.floor(rate * this.#barLength));
    return `[${marks.padEnd(this.#barLength, '.')}] ${`${(rate * 100).toFixed(2)}%`.padStart(6)}`;
  }

  #speed(iteration: number, epoch: number, seconds: number): { iterations: number; epochs: number } {
    this.#recent.push({ iteration, epoch, seconds });
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
    const [first] = this.#recent;
    // Before there is a second drawing, the whole training is the measure.
    const since = this.#recent.length > 1 ? first : { iteration: 0, epoch: 0, seconds: 0 };
    const span = seconds - since.seconds;
    return { iterations: (iteration - since.iteration) / span, epochs: (epoch - since.epoch) / span };
  }

  #draw(lines: readonly string[]): void {
    const text = lines.map((line) => `${line}\n`).join('');
    if (this.#element) this.#element.textContent = text;
    // Erase below, draw, and go back to the first line, so that what is printed next takes its place.
    else this.#terminal?.write(`\x1b[J${text}\x1b[${lines.length}A`);
  }

  /** Erases it. */
  override finalize(): void {
    if (this.#element) this.#element.textContent = '';
    else this.#terminal?.write('\x1b[J');
  }
}

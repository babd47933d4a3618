import { config } from '../../core/config.js';
import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { arrayOf, checkNdim, type FunctionOperand, input } from '../../functions/arguments/operands.js';
import { batchNormalization } from '../../functions/normalization/batch-normalization.js';
import { fixedBatchNormalization } from '../../functions/normalization/fixed-batch-normalization.js';
import type { InitializerLike } from '../../initializers/initializer.js';
import { toInitializer } from '../../initializers/to-initializer.js';
import { empty, type NDArray, ones, zeros } from '../../ndarray/np.js';
import { apartFromRecording } from '../../ndarray/recording.js';
import { checkShape, normalizeAxes, type Shape } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';

/** Options of {@link BatchNormalization}. */
export interface BatchNormalizationLinkOptions {
  /** The factor of the old running statistics at each call in training. Default 0.9. */
  decay?: number;
  /** The number added to the variance. Default 2e-5. */
  eps?: number;
  /** Whether gamma is learnt; otherwise it is 1. Default true. */
  useGamma?: boolean;
  /** Whether beta is learnt; otherwise it is 0. Default true. */
  useBeta?: boolean;
  /** The initial value of gamma. Default 1. */
  initialGamma?: InitializerLike;
  /** The initial value of beta. Default 0. */
  initialBeta?: InitializerLike;
  /** The axes of the statistics. Default: 0 and those after gamma's. */
  axis?: number | readonly number[] | null;
  /** The initial value of the running mean. Default 0. */
  initialAvgMean?: InitializerLike;
  /** The initial value of the running variance. Default 1. */
  initialAvgVar?: InitializerLike;
}

/**
 * Batch normalization, y = gamma·(x − mean)/√(var + eps) + beta, with learnt gamma and beta and running statistics. In training it uses
 * the statistics of the batch and updates the running ones; in test mode it uses the running ones. With `size` null, the first call sets
 * it. Saved as `gamma`, `beta`, `avg_mean`, `avg_var`, `N`. Follows chainer.links.BatchNormalization.
 *
 * @example
 * const bn = new L.BatchNormalization(1, { eps: 1e-8, decay: 0.75 });
 * bn(np.array([[1], [3]])).array.tolist(); // [[-1], [1]]
 * bn.avgMean.tolist(); // [0.5]
 */
export class BatchNormalization extends Link {
  /** The factors; null with `useGamma: false`. */
  readonly gamma: Parameter | null;
  /** The offsets; null with `useBeta: false`. */
  readonly beta: Parameter | null;
  /** Running means; null before the size is known. */
  avgMean: NDArray | null = null;
  /** Running variances. */
  avgVar: NDArray | null = null;
  /** The number of batches that fine-tuning has averaged over. */
  N = 0;
  /** The factor of the old running statistics at each update. Default 0.9. */
  readonly decay: number;
  /** The number added to variances. Default 2e-5. */
  readonly eps: number;
  /** The axes that are averaged over; null: all but the channels. */
  readonly axis: number | readonly number[] | null;
  /** The initial value of the running mean. Default 0. */
  protected readonly initialMean: InitializerLike;
  /** The initial value of the running variance. Default 1. */
  protected readonly initialVar: InitializerLike;

  /**
   * @param size channels of the input, or the shape of gamma; null: set by the first call
   * @param options `decay`, `eps`, `axis`, `useGamma`, `useBeta`, and initial values
   */
  constructor(size: number | Shape | null = null, options: BatchNormalizationLinkOptions = {}) {
    super();
    checkOptions<object>(this.constructor.name, options, this.optionNames);
    const { decay = 0.9, eps = 2e-5, useGamma = true, useBeta = true, axis = null } = options;
    const { initialGamma = 1, initialBeta = 0, initialAvgMean = 0, initialAvgVar = 1 } = options;
    this.decay = decay;
    this.eps = eps;
    this.axis = axis;
    this.initialMean = initialAvgMean;
    this.initialVar = initialAvgVar;
    this.gamma = useGamma ? new Parameter(initialGamma ?? 1, null, { name: 'gamma' }) : null;
    this.beta = useBeta ? new Parameter(initialBeta ?? 0, null, { name: 'beta' }) : null;
    this.registerPersistent('avgMean', 'avgVar', 'N');
    if (size !== null) {
      checkShape(this.constructor.name, typeof size === 'number' ? [size] : size);
      this.initialize(typeof size === 'number' ? [size] : size);
    }
  }

  /** The names of the options, as keys. */
  protected get optionNames(): Readonly<Record<keyof BatchNormalizationLinkOptions, unknown>> {
    return {
      decay: 1,
      eps: 1,
      useGamma: 1,
      useBeta: 1,
      initialGamma: 1,
      initialBeta: 1,
      axis: 1,
      initialAvgMean: 1,
      initialAvgVar: 1,
    };
  }

  protected override keyOf(field: string): string {
    return { avgMean: 'avg_mean', avgVar: 'avg_var' }[field] ?? field;
  }

  /** Gives parameters and statistics their shape. */
  protected initialize(shape: Shape, device?: NDArray['device']): void {
    this.gamma?.initialize(shape);
    this.beta?.initialize(shape);
    const filled = (initial: InitializerLike) => {
      const array = empty(shape, { device: device?.name });
      apartFromRecording(() => toInitializer(initial).fill(array));
      return array;
    };
    this.avgMean ??= filled(this.initialMean ?? 0);
    this.avgVar ??= filled(this.initialVar ?? 1);
  }

  /**
   * x (N, C, …) → the same shape.
   *
   * With `finetune`, in training, the running statistics are means over all such calls (decay 1 − 1/N).
   */
  forward(x: FunctionOperand, call: { finetune?: boolean } = {}): Variable {
    checkOptions(this.constructor.name, call, { finetune: 1 });
    const { finetune = false } = call;
    x = input(this.constructor.name, 'x', x);
    const { device, dtype } = arrayOf(x);
    if (!this.avgMean || !this.avgVar) {
      if (this.axis === null && x.shape.length < 2) checkNdim('BatchNormalization', 'x', x, 'N, C');
      const axes = normalizeAxes(
        'BatchNormalization',
        this.axis ?? x.shape.map((_, k) => k).filter((k) => k !== 1),
        x.shape.length,
      );
      this.initialize(
        x.shape.filter((_, k) => !axes.includes(k)),
        device,
      );
    }
    const [avgMean, avgVar] = [this.avgMean as NDArray, this.avgVar as NDArray];
    const options = { dtype, device: device.name };
    const gamma = this.gamma ?? ones(avgMean.shape, options);
    const beta = this.beta ?? zeros(avgMean.shape, options);
    const { eps, axis } = this;
    if (!config.train) return fixedBatchNormalization(x, gamma, beta, avgMean, avgVar, { eps, axis });
    if (finetune && !config.inRecomputing) this.N++;
    const decay = finetune ? 1 - 1 / this.N : this.decay;
    return batchNormalization(x, gamma, beta, { eps, axis, decay, runningMean: avgMean, runningVar: avgVar });
  }

  /** Sets the count of batches for fine-tuning to 0. Follows Chainer's start_finetuning. */
  startFinetuning(): void {
    this.N = 0;
  }
}

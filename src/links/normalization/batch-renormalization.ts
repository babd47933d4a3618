import { config } from '../../core/config.js';
import type { Variable } from '../../core/variable.js';
import { arrayOf, type FunctionOperand, input } from '../../functions/arguments/operands.js';
import { batchRenormalization } from '../../functions/normalization/batch-renormalization.js';
import { ones, zeros } from '../../ndarray/np.js';
import type { Shape } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { BatchNormalization, type BatchNormalizationLinkOptions } from './batch-normalization.js';

/** Options of {@link BatchRenormalization}. */
export interface BatchRenormalizationLinkOptions extends Omit<BatchNormalizationLinkOptions, 'axis'> {
  /** Whether to leave the running statistics as they are. Default false. */
  freezeRunningStatistics?: boolean;
}

/** {@link BatchNormalization} with a correction toward the running statistics; see `F.batchRenormalization`. Follows Chainer's link. */
export class BatchRenormalization extends BatchNormalization {
  /** Whether the running statistics stay as they are. Default false. */
  readonly freezeRunningStatistics: boolean;

  /**
   * @param size channels of the input, or the shape of gamma
   * @param options `decay`, `eps`, and initial values of gamma and beta
   */
  constructor(
    size: number | Shape,
    /** The limit of r, which is clipped to [1 / rmax, rmax]. */
    readonly rmax = 1,
    /** The limit of d, which is clipped to [−dmax, dmax]. */
    readonly dmax = 0,
    options: BatchRenormalizationLinkOptions = {},
  ) {
    super(size, options);
    this.freezeRunningStatistics = options.freezeRunningStatistics ?? false;
  }

  protected override get optionNames(): Readonly<
    Record<keyof (BatchNormalizationLinkOptions & BatchRenormalizationLinkOptions), unknown>
  > {
    return { ...super.optionNames, freezeRunningStatistics: 1 };
  }

  /** x (N, C, …) → the same shape. */
  override forward(x: FunctionOperand, call: { finetune?: boolean } = {}): Variable {
    if (!config.train) return super.forward(x, call);
    checkOptions('BatchRenormalization', call, { finetune: 1 });
    const { finetune = false } = call;
    x = input('BatchRenormalization', 'x', x);
    const { device, dtype } = arrayOf(x);
    const shape = this.avgMean?.shape ?? [];
    const options = { dtype, device: device.name };
    if (finetune && !config.inRecomputing) this.N++;
    return batchRenormalization(
      x,
      this.gamma ?? ones(shape, options),
      this.beta ?? zeros(shape, options),
      this.rmax,
      this.dmax,
      {
        eps: this.eps,
        decay: finetune ? 1 - 1 / this.N : this.decay,
        runningMean: this.avgMean,
        runningVar: this.avgVar,
        updateStatistics: !this.freezeRunningStatistics,
      },
    );
  }
}

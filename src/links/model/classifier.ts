import { Chain } from '../../core/chain.js';
import type { Link } from '../../core/link.js';
import { report } from '../../core/reporter.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import { accuracy } from '../../functions/evaluation/accuracy.js';
import { softmaxCrossEntropy } from '../../functions/loss/softmax-cross-entropy.js';
import { checkOptions, inWords } from '../../options.js';

/** Options of {@link Classifier}. */
export interface ClassifierOptions {
  /** (y, t) ↦ loss. Default softmaxCrossEntropy. */
  lossfun?: (y: VariableLike, t: VariableLike) => Variable;
  /** (y, t) ↦ accuracy, or null to compute none. Default accuracy. */
  accfun?: ((y: VariableLike, t: VariableLike) => Variable) | null;
  /** The index of the argument with the labels; negative numbers count from the end. Default -1. */
  labelKey?: number;
}

/** A model whose call gives scores. After its first input it may take other inputs, or options. */
export interface Predictor extends Link {
  (x: VariableLike, ...more: never[]): VariableLike;
}

/**
 * A predictor with its loss: a call computes the loss of the predictor's scores and reports `loss` and `accuracy`. Follows
 * chainer.links.Classifier.
 *
 * @example
 * const model = new L.Classifier(new L.Linear(2, 2, { initialW: np.array([[1, 0], [0, 1]]) }));
 * const loss = model(np.array([[5, 0], [0, 5]]), np.array([0, 0], 'int32'));
 * loss.item().toFixed(4); // '2.5067'
 * model.accuracy.item(); // 0.5
 */
export class Classifier<P extends Predictor = Predictor> extends Chain {
  /** The network that predicts. */
  readonly predictor: P;
  /** The loss of predictions and labels. */
  readonly lossfun: (y: VariableLike, t: VariableLike) => Variable;
  /** The accuracy of predictions and labels; null: none is computed. */
  readonly accfun: ((y: VariableLike, t: VariableLike) => Variable) | null;
  /** The index of the argument with the labels; negative numbers count from the end. */
  readonly labelKey: number;
  /** The predictor's last scores. */
  y: VariableLike | null = null;
  /** The last loss. */
  loss: Variable | null = null;
  /** The last accuracy. */
  accuracy: Variable | null = null;

  /**
   * @param predictor computes scores (N, C, …) of the inputs
   * @param options `lossfun`, `accfun`, `labelKey`
   */
  constructor(predictor: P, options: ClassifierOptions = {}) {
    super();
    if (typeof predictor !== 'function')
      throw new TypeError(`Classifier: predictor is ${inWords(predictor)}, expected a link`);
    checkOptions('Classifier', options, { lossfun: 1, accfun: 1, labelKey: 1 });
    const { lossfun = softmaxCrossEntropy, accfun = accuracy, labelKey = -1 } = options;
    this.predictor = predictor;
    this.lossfun = lossfun;
    this.accfun = accfun;
    this.labelKey = labelKey;
  }

  /** The loss for inputs and, at `labelKey`, labels. @throws ValueError if there is no such argument. */
  forward(...args: VariableLike[]): Variable {
    const at = this.labelKey < 0 ? args.length + this.labelKey : this.labelKey;
    const t = args[at];
    if (t === undefined) throw new ValueError(`Classifier: no label at ${this.labelKey} of ${args.length} arguments`);
    // The caller knows the predictor's arguments; a classifier only passes them on.
    const predict = this.predictor as (...inputs: VariableLike[]) => VariableLike;
    const y: VariableLike | null | undefined = predict(...args.filter((_, i) => i !== at));
    if (y === undefined || y === null)
      throw new TypeError(`Classifier: forward of ${this.predictor.constructor.name} returned ${y}, expected an array`);
    this.y = y;
    this.loss = this.lossfun(this.y, t);
    this.accuracy = this.accfun?.(this.y, t) ?? null;
    report({ loss: this.loss, ...(this.accuracy && { accuracy: this.accuracy }) }, this);
    return this.loss;
  }
}

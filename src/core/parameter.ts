import type { InitializerLike } from '../initializers/initializer.js';
import { toInitializer } from '../initializers/to-initializer.js';
import { ofThisCopy } from '../ndarray/conversion.js';
import { type DeviceName, getDevice } from '../ndarray/device.js';
import { giveToGraph } from '../ndarray/lifetime.js';
import { copy as copyArray, type DType, empty, NDArray, toDevice } from '../ndarray/np.js';
import { apartFromRecording, isRecording } from '../ndarray/recording.js';
import { type Shape, sizeOf } from '../ndarray/shape.js';
import { Variable } from './variable.js';

/** The data of a copied link: the same arrays (`share`), copies of them (`copy`), or new initial values (`init`). */
export type CopyMode = 'share' | 'copy' | 'init';

/** The rule that an optimizer attaches to a parameter; see `optimizers/update-rule.ts`. */
export interface ParameterUpdater {
  /** Updates the parameter by its gradient. */
  update(parameter: Parameter): void;
}

/** Options of a new {@link Parameter}. */
export interface ParameterOptions {
  name?: string | null;
  /** Default `float32`. */
  dtype?: DType;
}

/**
 * A variable that a link learns. It has an initializer and, once an optimizer is set up, an update rule. Without a shape it has no data
 * until {@link initialize}. Follows chainer.Parameter.
 */
export class Parameter extends Variable {
  /** The initializer that fills the data once the shape is known. */
  readonly initializer: InitializerLike;
  /** The update rule, set by an optimizer. Null: the parameter is not updated. */
  updateRule: ParameterUpdater | null = null;
  readonly #dtype: DType;
  /** Whether a function that is being compiled made it. Then each call draws a new initial value. */
  readonly #madeInRecording = isRecording();
  #device: DeviceName | undefined;

  /**
   * @param initializer a number, an array (whose shape is then the parameter's), an Initializer or a function that fills
   *   an array; `null` is LeCunNormal.
   * @param shape null: the shape becomes known later
   */
  constructor(initializer: InitializerLike = null, shape: Shape | null = null, options: ParameterOptions = {}) {
    initializer = ofThisCopy('Parameter', initializer);
    const { name = null, dtype = initializer instanceof NDArray ? initializer.dtype : 'float32' } = options;
    super(null, { requiresGrad: true, name });
    this.initializer = initializer;
    this.#dtype = dtype;
    if (shape !== null) this.initialize(shape);
    else if (initializer instanceof NDArray) this.array = initializer;
  }

  /** Forgets the gradient. Outside of scopes, the next update frees a gradient that backward made. */
  override cleargrad(): void {
    if (this.grad?.isInitialized) giveToGraph(this.grad.array.storage);
    super.cleargrad();
  }

  protected override received({ storage }: NDArray): void {
    storage.role = 'parameters';
    storage.settle();
  }

  /** Gives the parameter its shape and its initial data. Does nothing if it has data. */
  initialize(lengths: number | Shape): void {
    if (this.isInitialized) return;
    const shape = typeof lengths === 'number' ? [lengths] : lengths;
    const array = empty(shape, { dtype: this.#dtype, device: this.#device });
    const fill = () => toInitializer(this.initializer).fill(array);
    if (sizeOf(shape) > 0) {
      if (this.#madeInRecording) fill();
      else apartFromRecording(fill);
    }
    this.array = array;
  }

  /** A parameter with this one's data (`share`), a copy of it (`copy`) or new initial data (`init`), without gradient. */
  copy(mode: CopyMode): Parameter {
    const { initializer } = this;
    const made = new Parameter(initializer, null, { name: this.name, dtype: this.#dtype });
    made.#device = this.#device;
    if (!this.isInitialized) return made;
    if (mode === 'share') made.array = this.array;
    else if (mode === 'copy') made.array = copyArray(this.array);
    else if (initializer instanceof NDArray) made.array = copyArray(initializer);
    else made.initialize(this.shape);
    return made;
  }

  /** Moves data and gradient to a device. A parameter without data will be made there. */
  toDevice(device: DeviceName): void {
    getDevice(device);
    this.#device = device;
    if (!this.isInitialized) return;
    const gradient = this.grad;
    this.cleargrad();
    this.array = toDevice(this.array, device);
    if (gradient) this.grad = toDevice(gradient.array, device);
  }

  /** Takes the data of another parameter, and its shape if this one has none yet. */
  override copydata(source: Variable): void {
    if (!source.isInitialized) return;
    this.initialize(source.shape);
    super.copydata(source);
  }

  /** Adds another parameter's gradient to this one's. */
  addgrad(source: Parameter): void {
    if (!source.grad) return;
    const gradient = source.grad.array;
    this.grad = this.grad ? this.grad.array.add(gradient) : gradient;
  }

  /** Updates the data by the gradient, if there is a rule and a gradient. */
  update(): void {
    this.updateRule?.update(this);
  }
}

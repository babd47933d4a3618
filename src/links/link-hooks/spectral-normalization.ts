import { config } from '../../core/config.js';
import type { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { KeyError } from '../../errors.js';
import { reshape } from '../../functions/array/reshape.js';
import { swapaxes } from '../../functions/array/swapaxes.js';
import { div } from '../../functions/math/divide.js';
import { matmul } from '../../functions/math/matmul.js';
import { mul } from '../../functions/math/multiply.js';
import { sum } from '../../functions/math/sum.js';
import { Normal } from '../../initializers/normal.js';
import { keep } from '../../ndarray/lifetime.js';
import {
  copy,
  copyto,
  divide,
  empty,
  matmul as matmulArrays,
  NDArray,
  sqrt,
  square,
  sum as sumArray,
} from '../../ndarray/np.js';
import { Deconvolution2D } from '../connection/deconvolution-2d.js';
import { DeconvolutionND } from '../connection/deconvolution-nd.js';
import { ReplacedWeight } from './replaced-weight.js';

/** Options of {@link SpectralNormalization}. */
export interface SpectralNormalizationOptions {
  /** The number of power iterations at each call in training. Default 1. */
  nPowerIteration?: number;
  /** The number added to norms. Default 1e-6. */
  eps?: number;
  /** Whether to multiply by a learnt gamma, `W_gamma`, whose initial value is the singular value. Default false. */
  useGamma?: boolean;
  /** The divisor of the singular value; null: none. Default null. */
  factor?: number | null;
  /** The name of the parameter to normalize. Default `W`. */
  weightName?: string;
  /** The hook's name. Default `SpectralNormalization`. */
  name?: string;
}

/** v / (‖v‖ + eps) */
function unit(v: NDArray, eps: number): NDArray {
  return divide(v, sqrt(sumArray(square(v))).add(eps));
}

/**
 * Divides the weight of a link by an estimate of its largest singular value, W seen as a matrix (outputs, rest), while the link
 * computes. The estimate follows from a vector `W_u`, which is saved with the link and refined at each call in training. Follows
 * chainer.link_hooks.SpectralNormalization (Miyato et al., arXiv:1802.05957).
 */
export class SpectralNormalization extends ReplacedWeight {
  /** The number of power iterations at each call in training. */
  readonly nPowerIteration: number;
  /** The number added to norms. */
  readonly eps: number;
  /** Whether a learnt gamma multiplies the normalized weight. */
  readonly useGamma: boolean;
  /** The divisor of the singular value; null: none. */
  readonly factor: number | null;
  /** The right singular vectors of the last calls, for recomputation. */
  readonly #right = new WeakMap<Link, NDArray>();

  constructor(options: SpectralNormalizationOptions = {}) {
    const { nPowerIteration = 1, eps = 1e-6, useGamma = false, factor = null } = options;
    const { weightName = 'W', name = 'SpectralNormalization' } = options;
    super(name, weightName);
    this.nPowerIteration = nPowerIteration;
    this.eps = eps;
    this.useGamma = useGamma;
    this.factor = factor;
  }

  /** The name of the saved vector. */
  get vectorName(): string {
    return `${this.weightName}_u`;
  }

  /** The name of the learnt factor. */
  get gammaName(): string {
    return `${this.weightName}_gamma`;
  }

  /** Makes the vector `W_u`, and gamma, if the weight has a shape already. */
  override added(link: Link): void {
    super.added(link);
    if (this.weightOf(link).isInitialized) this.#prepare(link, this.weightOf(link));
  }

  /** Removes the vector, and gamma, from the link. */
  deleted(link: Link): void {
    if (this.vectorName in link) link.deletePersistent(this.vectorName);
    Reflect.deleteProperty(link, this.gammaName);
  }

  #prepare(link: Link, weight: Parameter): void {
    const matrix = asMatrix(link, weight).array;
    const u = empty([matrix.shape[0]], { dtype: matrix.dtype, device: matrix.device.name });
    new Normal(1).fill(u);
    link.addPersistent(this.vectorName, keep(u));
    if (!this.useGamma) return;
    // More iterations than usual: gamma then starts near the singular value, and the weight near W.
    const [left, right] = this.#iterate(matrix, u, 20);
    const value = sumArray(left.mul(matmulArrays(matrix, right)));
    link.addParam(this.gammaName, [], value);
  }

  /** Power iterations: vectors that are nearer to the singular vectors of the largest singular value. */
  #iterate(matrix: NDArray, u: NDArray, times: number): [left: NDArray, right: NDArray] {
    let left = u;
    let right = unit(matmulArrays(left, matrix), this.eps);
    for (let i = 0; i < times; i++) {
      if (i > 0) right = unit(matmulArrays(left, matrix), this.eps);
      left = unit(matmulArrays(matrix, right), this.eps);
    }
    return [left, right];
  }

  protected override replacement(link: Link, weight: Parameter): Variable {
    if (!(this.vectorName in link)) this.#prepare(link, weight);
    const matrix = asMatrix(link, weight);
    const u = this.#vector(link);
    const before = config.inRecomputing ? this.#right.get(link) : undefined;
    const [left, right] = before ? [u, before] : this.#iterate(matrix.array, u, this.nPowerIteration);
    if (!config.inRecomputing) {
      this.#remember(link, right);
      if (config.train) copyto(u, left);
    }
    const sigma = sum(mul(left, matmul(matrix, right)));
    const scaled = div(weight, this.factor === null ? sigma : div(sigma, this.factor));
    return this.useGamma ? mul(scaled, this.#gamma(link)) : scaled;
  }

  /** Keeps the vector, in place, so that a loop of calls takes no memory. */
  #remember(link: Link, right: NDArray): void {
    const stored = this.#right.get(link);
    if (stored) copyto(stored, right);
    else this.#right.set(link, keep(copy(right)));
  }

  #vector(link: Link): NDArray {
    const u: unknown = Reflect.get(link, this.vectorName);
    if (u instanceof NDArray) return u;
    throw new KeyError(`${this.name}: ${link.constructor.name} has lost its '${this.vectorName}'`);
  }

  #gamma(link: Link): Parameter {
    const gamma: unknown = Reflect.get(link, this.gammaName);
    if (gamma instanceof Parameter) return gamma;
    throw new KeyError(`${this.name}: ${link.constructor.name} has lost its '${this.gammaName}'`);
  }
}

/** W as a matrix (outputs, rest). The W of a transposed convolution has its outputs on axis 1. */
function asMatrix(link: Link, weight: Variable): Variable {
  const transposed = link instanceof Deconvolution2D || link instanceof DeconvolutionND;
  const w = transposed ? swapaxes(weight, 0, 1) : weight;
  return reshape(w, [w.shape[0], w.size / w.shape[0]]);
}

/**
 * Activations, pooling and noise as objects to be called, for lists and Sequentials of layers:
 * `new F.MaxPooling2D(2, 2)`, or without `new`. One table of names and functions; nothing is computed here.
 */
import { Callable } from '../core/callable.js';
import type { Variable, VariableLike } from '../core/variable.js';
import { type Reaching, reach } from '../ndarray/lifetime.js';
import { clippedRelu, relu6 } from './activation/clipped-relu.js';
import { crelu } from './activation/crelu.js';
import { elu } from './activation/elu.js';
import { hardSigmoid } from './activation/hard-sigmoid.js';
import { leakyRelu } from './activation/leaky-relu.js';
import { logSoftmax } from './activation/log-softmax.js';
import { maxout } from './activation/maxout.js';
import { prelu } from './activation/prelu.js';
import { relu } from './activation/relu.js';
import { rrelu } from './activation/rrelu.js';
import { selu } from './activation/selu.js';
import { sigmoid } from './activation/sigmoid.js';
import { softmax } from './activation/softmax.js';
import { softplus } from './activation/softplus.js';
import { swish } from './activation/swish.js';
import { tanh } from './activation/tanh.js';
import { averagePooling2d } from './pooling/average-pooling-2d.js';
import { maxPooling2d } from './pooling/max-pooling-2d.js';

/** A function of `F` with all its arguments but the first: calling the object with x calls the function. */
export class FunctionLayer<Args extends readonly unknown[] = readonly unknown[]> extends Callable implements Reaching {
  readonly #fn: (x: VariableLike, ...args: Args) => Variable;
  /** What the function is given after x. */
  readonly args: Args;

  constructor(fn: (x: VariableLike, ...args: Args) => Variable, args: Args) {
    super();
    this.#fn = fn;
    this.args = args;
  }

  override forward(x: VariableLike): Variable {
    return this.#fn(x, ...this.args);
  }

  [reach](visit: (value: unknown) => void): void {
    visit(this.args);
  }

  toString(): string {
    return `${this.constructor.name}(${this.args.map(written).join(', ')})`;
  }
}

/** An argument as its caller wrote it, or an array's description. */
function written(arg: unknown): string {
  const plain = Array.isArray(arg) || (arg instanceof Object && Object.getPrototypeOf(arg) === Object.prototype);
  return plain ? JSON.stringify(arg) : String(arg);
}

/** The class of one function's layers: its arguments are the function's but the first, and `new` may be left out. */
export interface FunctionLayerClass<Args extends readonly unknown[]> {
  new (...args: Args): FunctionLayer<Args>;
  (...args: Args): FunctionLayer<Args>;
}

function layer<Args extends readonly unknown[]>(
  name: string,
  fn: (x: VariableLike, ...args: Args) => Variable,
): FunctionLayerClass<Args> {
  const Layer = class extends FunctionLayer<Args> {
    constructor(...args: Args) {
      super(fn, args);
    }
  };
  Object.defineProperty(Layer, 'name', { value: name });
  // A class refuses to be called; a proxy of it answers a call as it answers `new`.
  const callable = new Proxy(Layer, { apply: (target, _this, args) => Reflect.construct(target, args) });
  return callable as typeof Layer & FunctionLayerClass<Args>;
}

/** {@link clippedRelu} as a layer: `ClippedReLU(z)`. */
export const ClippedReLU = layer('ClippedReLU', clippedRelu);
/** {@link crelu} as a layer: `CReLU(axis)`. */
export const CReLU = layer('CReLU', crelu);
/** {@link elu} as a layer: `ELU(alpha)`. */
export const ELU = layer('ELU', elu);
/** {@link hardSigmoid} as a layer. */
export const HardSigmoid = layer('HardSigmoid', hardSigmoid);
/** {@link leakyRelu} as a layer: `LeakyReLU(slope)`. */
export const LeakyReLU = layer('LeakyReLU', leakyRelu);
/** {@link logSoftmax} as a layer: `LogSoftmax(axis)`. */
export const LogSoftmax = layer('LogSoftmax', logSoftmax);
/** {@link maxout} as a layer: `Maxout(poolSize, axis)`. */
export const Maxout = layer('Maxout', maxout);
/** {@link prelu} as a layer with the slopes given; L.PReLU learns them. */
export const PReLU = layer('PReLU', prelu);
/** {@link relu} as a layer. */
export const ReLU = layer('ReLU', relu);
/** {@link relu6} as a layer. */
export const ReLU6 = layer('ReLU6', relu6);
/** {@link rrelu} as a layer: `RReLU(l, u)`. */
export const RReLU = layer('RReLU', rrelu);
/** {@link selu} as a layer: `SELU(alpha, scale)`. */
export const SELU = layer('SELU', selu);
/** {@link sigmoid} as a layer. */
export const Sigmoid = layer('Sigmoid', sigmoid);
/** {@link softmax} as a layer: `Softmax(axis)`. */
export const Softmax = layer('Softmax', softmax);
/** {@link softplus} as a layer: `Softplus(beta)`. */
export const Softplus = layer('Softplus', softplus);
/** {@link swish} as a layer with beta given; L.Swish learns it. */
export const Swish = layer('Swish', swish);
/** {@link tanh} as a layer. */
export const Tanh = layer('Tanh', tanh);

/** {@link averagePooling2d} as a layer: `AveragePooling2D(ksize, stride, pad)`. */
export const AveragePooling2D = layer('AveragePooling2D', averagePooling2d);
/** {@link maxPooling2d} as a layer: `MaxPooling2D(ksize, stride, pad, { coverAll })`. */
export const MaxPooling2D = layer('MaxPooling2D', maxPooling2d);

/**
 * Activations, pooling and noise as objects that can be called, for Sequentials and lists of layers: `new F.MaxPooling2D(2, 2)`, with or
 * without `new`. This file is a table of names and functions.
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
import { dropout } from './noise/dropout.js';
import { gaussian } from './noise/gaussian.js';
import { gumbelSoftmax } from './noise/gumbel-softmax.js';
import { simplifiedDropconnect } from './noise/simplified-dropconnect.js';
import { zoneout } from './noise/zoneout.js';
import { averagePooling1d } from './pooling/average-pooling-1d.js';
import { averagePooling2d } from './pooling/average-pooling-2d.js';
import { averagePooling3d } from './pooling/average-pooling-3d.js';
import { averagePoolingNd } from './pooling/average-pooling-nd.js';
import { maxPooling1d } from './pooling/max-pooling-1d.js';
import { maxPooling2d } from './pooling/max-pooling-2d.js';
import { maxPooling3d } from './pooling/max-pooling-3d.js';
import { maxPoolingNd } from './pooling/max-pooling-nd.js';
import { roiAverageAlign2d } from './pooling/roi-average-align-2d.js';
import { roiAveragePooling2d } from './pooling/roi-average-pooling-2d.js';
import { roiMaxAlign2d } from './pooling/roi-max-align-2d.js';
import { roiMaxPooling2d } from './pooling/roi-max-pooling-2d.js';
import { roiPooling2d } from './pooling/roi-pooling-2d.js';
import { spatialPyramidPooling2d } from './pooling/spatial-pyramid-pooling-2d.js';
import { unpooling1d } from './pooling/unpooling-1d.js';
import { unpooling2d } from './pooling/unpooling-2d.js';
import { unpooling3d } from './pooling/unpooling-3d.js';
import { unpoolingNd } from './pooling/unpooling-nd.js';
import { upsampling2d } from './pooling/upsampling-2d.js';

/** A function of `F` with all its arguments but the inputs. Calling the object with the inputs calls the function. */
export class FunctionLayer<
    Args extends readonly unknown[] = readonly unknown[],
    Inputs extends readonly VariableLike[] = [x: VariableLike],
  >
  extends Callable
  implements Reaching
{
  readonly #fn: (...all: [...Inputs, ...Args]) => Variable;
  /** The arguments of the function after its inputs. */
  readonly args: Args;

  constructor(fn: (...all: [...Inputs, ...Args]) => Variable, args: Args) {
    super();
    this.#fn = fn;
    this.args = args;
  }

  override forward(...inputs: Inputs): Variable {
    return this.#fn(...inputs, ...this.args);
  }

  /** @internal */
  [reach](visit: (value: unknown) => void): void {
    visit(this.args);
  }

  toString(): string {
    return `${this.constructor.name}(${this.args.map(written).join(', ')})`;
  }
}

/** The text of an argument, as in a call; arrays show their description. */
function written(arg: unknown): string {
  const plain = Array.isArray(arg) || (arg instanceof Object && Object.getPrototypeOf(arg) === Object.prototype);
  return plain ? JSON.stringify(arg) : String(arg);
}

/** The class of layers of one function. Its arguments are those of the function without the inputs; `new` may be left out. */
export interface FunctionLayerClass<
  Args extends readonly unknown[],
  Inputs extends readonly VariableLike[] = [x: VariableLike],
> {
  new (...args: Args): FunctionLayer<Args, Inputs>;
  (...args: Args): FunctionLayer<Args, Inputs>;
}

function layerClass<Args extends readonly unknown[], Inputs extends readonly VariableLike[]>(
  name: string,
  fn: (...all: [...Inputs, ...Args]) => Variable,
): FunctionLayerClass<Args, Inputs> {
  const Layer = class extends FunctionLayer<Args, Inputs> {
    constructor(...args: Args) {
      super(fn, args);
    }
  };
  Object.defineProperty(Layer, 'name', { value: name });
  // A class cannot be called without `new`, so a proxy answers calls like `new`.
  const callable = new Proxy(Layer, { apply: (target, _this, args) => Reflect.construct(target, args) });
  return callable as typeof Layer & FunctionLayerClass<Args, Inputs>;
}

const layer = <Args extends readonly unknown[]>(name: string, fn: (x: VariableLike, ...args: Args) => Variable) =>
  layerClass<Args, [x: VariableLike]>(name, fn);

/** For functions of two inputs. */
const layerOfTwo = <Args extends readonly unknown[]>(
  name: string,
  fn: (x: VariableLike, y: VariableLike, ...args: Args) => Variable,
) => layerClass<Args, [x: VariableLike, y: VariableLike]>(name, fn);

/** For functions of feature maps, regions, and the image that each region lies in. */
const layerOfRegions = <Args extends readonly unknown[]>(
  name: string,
  fn: (x: VariableLike, rois: VariableLike, roiIndices: VariableLike, ...args: Args) => Variable,
) => layerClass<Args, [x: VariableLike, rois: VariableLike, roiIndices: VariableLike]>(name, fn);

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

/** {@link averagePooling1d} as a layer: `AveragePooling1D(ksize, stride, pad, { padValue })`. */
export const AveragePooling1D = layer('AveragePooling1D', averagePooling1d);
/** {@link averagePooling2d} as a layer: `AveragePooling2D(ksize, stride, pad)`. */
export const AveragePooling2D = layer('AveragePooling2D', averagePooling2d);
/** {@link averagePooling3d} as a layer: `AveragePooling3D(ksize, stride, pad, { padValue })`. */
export const AveragePooling3D = layer('AveragePooling3D', averagePooling3d);
/** {@link averagePoolingNd} as a layer: `AveragePoolingND(ksize, stride, pad, { padValue })`. */
export const AveragePoolingND = layer('AveragePoolingND', averagePoolingNd);
/** {@link maxPooling1d} as a layer: `MaxPooling1D(ksize, stride, pad, { coverAll })`. */
export const MaxPooling1D = layer('MaxPooling1D', maxPooling1d);
/** {@link maxPooling2d} as a layer: `MaxPooling2D(ksize, stride, pad, { coverAll })`. */
export const MaxPooling2D = layer('MaxPooling2D', maxPooling2d);
/** {@link maxPooling3d} as a layer: `MaxPooling3D(ksize, stride, pad, { coverAll })`. */
export const MaxPooling3D = layer('MaxPooling3D', maxPooling3d);
/** {@link maxPoolingNd} as a layer: `MaxPoolingND(ksize, stride, pad, { coverAll })`. */
export const MaxPoolingND = layer('MaxPoolingND', maxPoolingNd);
/** {@link roiAverageAlign2d} as a layer of three inputs: `RoIAverageAlign2D(outsize, spatialScale, { samplingRatio })`. */
export const RoIAverageAlign2D = layerOfRegions('RoIAverageAlign2D', roiAverageAlign2d);
/** {@link roiAveragePooling2d} as a layer of three inputs: `RoIAveragePooling2D(outsize, spatialScale)`. */
export const RoIAveragePooling2D = layerOfRegions('RoIAveragePooling2D', roiAveragePooling2d);
/** {@link roiMaxAlign2d} as a layer of three inputs: `RoIMaxAlign2D(outsize, spatialScale, { samplingRatio })`. */
export const RoIMaxAlign2D = layerOfRegions('RoIMaxAlign2D', roiMaxAlign2d);
/** {@link roiMaxPooling2d} as a layer of three inputs: `RoIMaxPooling2D(outsize, spatialScale)`. */
export const RoIMaxPooling2D = layerOfRegions('RoIMaxPooling2D', roiMaxPooling2d);
/** {@link roiPooling2d} as a layer, called with x and the regions: `RoIPooling2D(outh, outw, spatialScale)`. */
export const RoIPooling2D = layerOfTwo('RoIPooling2D', roiPooling2d);
/** {@link spatialPyramidPooling2d} as a layer: `SpatialPyramidPooling2D(pyramidHeight)`. */
export const SpatialPyramidPooling2D = layer('SpatialPyramidPooling2D', spatialPyramidPooling2d);
/** {@link unpooling1d} as a layer: `Unpooling1D(ksize, stride, pad, { outsize, coverAll })`. */
export const Unpooling1D = layer('Unpooling1D', unpooling1d);
/** {@link unpooling2d} as a layer: `Unpooling2D(ksize, stride, pad, { outsize, coverAll })`. */
export const Unpooling2D = layer('Unpooling2D', unpooling2d);
/** {@link unpooling3d} as a layer: `Unpooling3D(ksize, stride, pad, { outsize, coverAll })`. */
export const Unpooling3D = layer('Unpooling3D', unpooling3d);
/** {@link unpoolingNd} as a layer: `UnpoolingND(ksize, stride, pad, { outsize, coverAll })`. */
export const UnpoolingND = layer('UnpoolingND', unpoolingNd);
/** {@link upsampling2d} as a layer, called with x and the places of maxima: `Upsampling2D(ksize, stride, pad)`. */
export const Upsampling2D = layerOfTwo('Upsampling2D', upsampling2d);

/** {@link dropout} as a layer: `Dropout(ratio)`. */
export const Dropout = layer('Dropout', dropout);
/** {@link gaussian} as a layer, called with the means and the logarithms of the variances. */
export const Gaussian = layerOfTwo('Gaussian', gaussian);
/** {@link gumbelSoftmax} as a layer: `GumbelSoftmax(tau, axis)`. */
export const GumbelSoftmax = layer('GumbelSoftmax', gumbelSoftmax);
/** {@link simplifiedDropconnect} as a layer with the weights given; L.SimplifiedDropconnect learns them. */
export const SimplifiedDropconnect = layer('SimplifiedDropconnect', simplifiedDropconnect);
/** {@link zoneout} as a layer, called with the state before and the new one: `Zoneout(ratio)`. */
export const Zoneout = layerOfTwo('Zoneout', zoneout);

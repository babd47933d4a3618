/** The namespace `F`: all differentiable functions. */
import './methods.js';

export { clippedRelu, relu6 } from './activation/clipped-relu.js';
export { crelu } from './activation/crelu.js';
export { elu } from './activation/elu.js';
export { hardSigmoid } from './activation/hard-sigmoid.js';
export { leakyRelu } from './activation/leaky-relu.js';
export { logSoftmax } from './activation/log-softmax.js';
export { maxout } from './activation/maxout.js';
export { prelu } from './activation/prelu.js';
export { relu } from './activation/relu.js';
export { type RReLUOptions, rrelu } from './activation/rrelu.js';
export { selu } from './activation/selu.js';
export { sigmoid } from './activation/sigmoid.js';
export { softmax } from './activation/softmax.js';
export { softplus } from './activation/softplus.js';
export { swish } from './activation/swish.js';
export { tanh } from './activation/tanh.js';
export { asStrided } from './array/as-strided.js';
export { broadcast } from './array/broadcast.js';
export { broadcastTo } from './array/broadcast-to.js';
export { cast } from './array/cast.js';
export { concat } from './array/concat.js';
export { copy } from './array/copy.js';
export { depth2space } from './array/depth2space.js';
export { diagonal } from './array/diagonal.js';
export { dstack } from './array/dstack.js';
export { expandDims } from './array/expand-dims.js';
export { flatten } from './array/flatten.js';
export { flip } from './array/flip.js';
export { fliplr } from './array/fliplr.js';
export { flipud } from './array/flipud.js';
export { getItem } from './array/get-item.js';
export { hstack } from './array/hstack.js';
export { type Im2colOptions, im2col } from './array/im2col.js';
export { moveaxis } from './array/moveaxis.js';
export { type PadOptions, type PerEdge, pad } from './array/pad.js';
export type { PadMode } from './array/pad-modes.js';
export { padSequence } from './array/pad-sequence.js';
export { permutate } from './array/permutate.js';
export { repeat } from './array/repeat.js';
export { reshape } from './array/reshape.js';
export { type ResizeImagesOptions, resizeImages } from './array/resize-images.js';
export { rollaxis } from './array/rollaxis.js';
export { scatterAdd } from './array/scatter-add.js';
export { selectItem } from './array/select-item.js';
export { separate } from './array/separate.js';
export { space2depth } from './array/space2depth.js';
export { spatialTransformerGrid } from './array/spatial-transformer-grid.js';
export { spatialTransformerSampler } from './array/spatial-transformer-sampler.js';
export { splitAxis } from './array/split-axis.js';
export { squeeze } from './array/squeeze.js';
export { stack } from './array/stack.js';
export { swapaxes } from './array/swapaxes.js';
export { tile } from './array/tile.js';
export { transpose } from './array/transpose.js';
export { transposeSequence } from './array/transpose-sequence.js';
export { vstack } from './array/vstack.js';
export { where } from './array/where.js';
export { bilinear } from './connection/bilinear.js';
export { convolution1d } from './connection/convolution-1d.js';
export { type Convolution2dOptions, convolution2d } from './connection/convolution-2d.js';
export { convolution3d } from './connection/convolution-3d.js';
export { type ConvolutionNdOptions, convolutionNd } from './connection/convolution-nd.js';
export { deconvolution1d } from './connection/deconvolution-1d.js';
export { type Deconvolution2dOptions, deconvolution2d } from './connection/deconvolution-2d.js';
export { deconvolution3d } from './connection/deconvolution-3d.js';
export { type DeconvolutionNdOptions, deconvolutionNd } from './connection/deconvolution-nd.js';
export { deformableConvolution2dSampler } from './connection/deformable-convolution-2d-sampler.js';
export { depthwiseConvolution2d } from './connection/depthwise-convolution-2d.js';
export { type DilatedConvolution2dOptions, dilatedConvolution2d } from './connection/dilated-convolution-2d.js';
export { type EmbedIdOptions, embedId } from './connection/embed-id.js';
export { type LinearOptions, linear } from './connection/linear.js';
export { localConvolution2d } from './connection/local-convolution-2d.js';
export { shift } from './connection/shift.js';
export { type AccuracyOptions, accuracy } from './evaluation/accuracy.js';
export { binaryAccuracy } from './evaluation/binary-accuracy.js';
export {
  type ClassificationOptions,
  type ClassificationSummaryOptions,
  classificationSummary,
  f1Score,
  fbetaScore,
  precision,
  recall,
} from './evaluation/classification-summary.js';
export { type R2ScoreOptions, r2Score } from './evaluation/r2-score.js';
export { forget } from './forget.js';
export {
  AveragePooling1D,
  AveragePooling2D,
  AveragePooling3D,
  AveragePoolingND,
  ClippedReLU,
  CReLU,
  Dropout,
  ELU,
  FunctionLayer,
  type FunctionLayerClass,
  Gaussian,
  GumbelSoftmax,
  HardSigmoid,
  LeakyReLU,
  LogSoftmax,
  Maxout,
  MaxPooling1D,
  MaxPooling2D,
  MaxPooling3D,
  MaxPoolingND,
  PReLU,
  ReLU,
  ReLU6,
  RoIAverageAlign2D,
  RoIAveragePooling2D,
  RoIMaxAlign2D,
  RoIMaxPooling2D,
  RoIPooling2D,
  RReLU,
  SELU,
  Sigmoid,
  SimplifiedDropconnect,
  Softmax,
  Softplus,
  SpatialPyramidPooling2D,
  Swish,
  Tanh,
  Unpooling1D,
  Unpooling2D,
  Unpooling3D,
  UnpoolingND,
  Upsampling2D,
  Zoneout,
} from './layer-objects.js';
export { absoluteError } from './loss/absolute-error.js';
export { type ContrastiveOptions, contrastive } from './loss/contrastive.js';
export { type CovarianceOptions, crossCovariance } from './loss/cross-covariance.js';
export { decov } from './loss/decov.js';
export {
  type DiscriminativeLossOptions,
  discriminativeMarginBasedClusteringLoss,
} from './loss/discriminative-loss.js';
export { type HingeOptions, hinge } from './loss/hinge.js';
export { type HuberLossOptions, huberLoss } from './loss/huber-loss.js';
export { meanAbsoluteError } from './loss/mean-absolute-error.js';
export { meanSquaredError } from './loss/mean-squared-error.js';
export { type SigmoidCrossEntropyOptions, sigmoidCrossEntropy } from './loss/sigmoid-cross-entropy.js';
export { type SoftmaxCrossEntropyOptions, softmaxCrossEntropy } from './loss/softmax-cross-entropy.js';
export { squaredDifference, squaredError } from './loss/squared-error.js';
export { type TripletOptions, triplet } from './loss/triplet.js';
export { bernoulliNll, gaussianKlDivergence, gaussianNll, type NllOptions } from './loss/vae.js';
export { absolute } from './math/absolute.js';
export { add } from './math/add.js';
export { arctanh } from './math/arctanh.js';
export { average, mean } from './math/average.js';
export { batchL2NormSquared } from './math/batch-l2-norm-squared.js';
export { batchMatmul } from './math/batch-matmul.js';
export { bias } from './math/bias.js';
export { ceil } from './math/ceil.js';
export { cholesky } from './math/cholesky.js';
export { clip } from './math/clip.js';
export { cumprod } from './math/cumprod.js';
export { cumsum } from './math/cumsum.js';
export { batchDet, det } from './math/det.js';
export { div } from './math/divide.js';
export { einsum } from './math/einsum.js';
export { erf } from './math/erf.js';
export { erfc } from './math/erfc.js';
export { exp } from './math/exp.js';
export { exp2 } from './math/exp2.js';
export { expm1 } from './math/expm1.js';
export { fix } from './math/fix.js';
export { floor } from './math/floor.js';
export { floordiv } from './math/floor-divide.js';
export { fmod } from './math/fmod.js';
export { cosh, sinh } from './math/hyperbolic.js';
export { identity } from './math/identity.js';
export { batchInv, inv } from './math/inv.js';
export { linearInterpolate } from './math/linear-interpolate.js';
export { log } from './math/log.js';
export { log1p } from './math/log1p.js';
export { log2 } from './math/log2.js';
export { log10 } from './math/log10.js';
export { logsumexp } from './math/logsumexp.js';
export { matmul } from './math/matmul.js';
export { maximum } from './math/maximum.js';
export { minimum } from './math/minimum.js';
export { argmax, argmin, max, min } from './math/minmax.js';
export { mul } from './math/multiply.js';
export { neg } from './math/negative.js';
export { pow } from './math/power.js';
export { prod } from './math/prod.js';
export { rsqrt } from './math/rsqrt.js';
export { scale } from './math/scale.js';
export { sign } from './math/sign.js';
export { sqrt } from './math/sqrt.js';
export { square } from './math/square.js';
export type { Sublist } from './math/subscripts.js';
export { sub } from './math/subtract.js';
export { sum } from './math/sum.js';
export { sumTo } from './math/sum-to.js';
export { type TensordotAxes, tensordot } from './math/tensordot.js';
export { arccos, arcsin, arctan, arctan2, cos, sin, tan } from './math/trigonometric.js';
export { type DropoutOptions, dropout } from './noise/dropout.js';
export { type GaussianOptions, gaussian } from './noise/gaussian.js';
export { gumbelSoftmax } from './noise/gumbel-softmax.js';
export { type SimplifiedDropconnectOptions, simplifiedDropconnect } from './noise/simplified-dropconnect.js';
export { zoneout } from './noise/zoneout.js';
export { type BatchNormalizationOptions, batchNormalization } from './normalization/batch-normalization.js';
export {
  type BatchRenormalizationOptions,
  batchRenormalization,
  fixedBatchRenormalization,
} from './normalization/batch-renormalization.js';
export {
  type FixedBatchNormalizationOptions,
  fixedBatchNormalization,
} from './normalization/fixed-batch-normalization.js';
export { groupNormalization } from './normalization/group-normalization.js';
export { normalize } from './normalization/l2-normalization.js';
export { layerNormalization } from './normalization/layer-normalization.js';
export {
  type LocalResponseNormalizationOptions,
  localResponseNormalization,
} from './normalization/local-response-normalization.js';
export { averagePooling1d } from './pooling/average-pooling-1d.js';
export { averagePooling2d } from './pooling/average-pooling-2d.js';
export { averagePooling3d } from './pooling/average-pooling-3d.js';
export { type AveragePoolingNdOptions, averagePoolingNd } from './pooling/average-pooling-nd.js';
export { maxPooling1d } from './pooling/max-pooling-1d.js';
export { type MaxPooling2dOptions, maxPooling2d } from './pooling/max-pooling-2d.js';
export { maxPooling3d } from './pooling/max-pooling-3d.js';
export { type MaxPoolingNdOptions, maxPoolingNd } from './pooling/max-pooling-nd.js';
export { type RoiAverageAlign2dOptions, roiAverageAlign2d } from './pooling/roi-average-align-2d.js';
export { roiAveragePooling2d } from './pooling/roi-average-pooling-2d.js';
export type { SamplingRatio } from './pooling/roi-grid.js';
export { type RoiMaxAlign2dOptions, roiMaxAlign2d } from './pooling/roi-max-align-2d.js';
export { roiMaxPooling2d } from './pooling/roi-max-pooling-2d.js';
export { roiPooling2d } from './pooling/roi-pooling-2d.js';
export {
  type SpatialPyramidPooling2dOptions,
  spatialPyramidPooling2d,
} from './pooling/spatial-pyramid-pooling-2d.js';
export { unpooling1d } from './pooling/unpooling-1d.js';
export { unpooling2d } from './pooling/unpooling-2d.js';
export { unpooling3d } from './pooling/unpooling-3d.js';
export { type UnpoolingNdOptions, unpoolingNd } from './pooling/unpooling-nd.js';
export { type Upsampling2dOptions, upsampling2d } from './pooling/upsampling-2d.js';

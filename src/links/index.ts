/** The namespace `L`: all links. */
export { Maxout, type MaxoutOptions } from './activation/maxout.js';
export { PReLU } from './activation/prelu.js';
export { Swish } from './activation/swish.js';
export { Bias } from './connection/bias.js';
export { Bilinear, type BilinearOptions } from './connection/bilinear.js';
export { Convolution2D, type Convolution2DOptions } from './connection/convolution-2d.js';
export { Convolution1D, Convolution3D, ConvolutionND, type ConvolutionNDOptions } from './connection/convolution-nd.js';
export { Deconvolution2D } from './connection/deconvolution-2d.js';
export {
  Deconvolution1D,
  Deconvolution3D,
  DeconvolutionND,
  type DeconvolutionNDOptions,
} from './connection/deconvolution-nd.js';
export {
  DeformableConvolution2D,
  type DeformableConvolution2DOptions,
} from './connection/deformable-convolution-2d.js';
export { DepthwiseConvolution2D } from './connection/depthwise-convolution-2d.js';
export { DilatedConvolution2D } from './connection/dilated-convolution-2d.js';
export { EmbedID, type EmbedIDOptions } from './connection/embed-id.js';
export { Highway, type HighwayOptions } from './connection/highway.js';
export { Inception, type InceptionOptions } from './connection/inception.js';
export { InceptionBN, type InceptionBNOptions } from './connection/inception-bn.js';
export { Linear, type LinearLinkOptions } from './connection/linear.js';
export { LocalConvolution2D } from './connection/local-convolution-2d.js';
export { MLPConvolution2D, type MLPConvolution2DOptions } from './connection/mlp-convolution-2d.js';
export { Parameter } from './connection/parameter.js';
export { Scale, type ScaleOptions } from './connection/scale.js';
export type { WeightOptions } from './link-options.js';
export {
  CaffeFunction,
  type CaffeFunctionCallOptions,
  type CaffeFunctionLoadOptions,
  type CaffeFunctionOptions,
  type CaffeStep,
} from './model/caffe-function.js';
export { Classifier, type ClassifierOptions, type Predictor } from './model/classifier.js';
export { GoogLeNet } from './model/vision/googlenet.js';
export type {
  ExtractOptions,
  ImageNetModel,
  ImageNetOptions,
  LoadOptions,
  PredictOptions,
} from './model/vision/image-net-model.js';
export type { Image, ImageSize } from './model/vision/prepare.js';
export { ResNet50Layers, ResNet101Layers, ResNet152Layers, type ResNetOptions } from './model/vision/resnet.js';
export { VGG16Layers, VGG19Layers } from './model/vision/vgg.js';
export { type DropconnectCall, SimplifiedDropconnect } from './noise/simplified-dropconnect.js';
export { BatchNormalization, type BatchNormalizationLinkOptions } from './normalization/batch-normalization.js';
export { BatchRenormalization, type BatchRenormalizationLinkOptions } from './normalization/batch-renormalization.js';
export { GroupNormalization } from './normalization/group-normalization.js';
export { type GammaBetaOptions, LayerNormalization } from './normalization/layer-normalization.js';

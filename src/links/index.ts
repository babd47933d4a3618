/** The namespace `L`: links, exported by hand. */
export { Convolution2D, type Convolution2DOptions } from './connection/convolution-2d.js';
export { Linear, type LinearLinkOptions } from './connection/linear.js';
export { Classifier, type ClassifierOptions, type Predictor } from './model/classifier.js';

/** Convolutions and their adjoints, by the kernels of assembly/conv/. */
import type { Backend } from '../backend.js';
import { CHECKS } from '../operand-checks.js';
import type { Convolutions } from './convolution.js';

type Convolving = 'conv2d' | 'conv2dGradInput' | 'conv2dGradWeight' | 'prepareConv2d';

export const conv = (convolutions: Convolutions): Required<Pick<Backend, Convolving>> => ({
  conv2d(x, w, bias, geometry, out, epilogue) {
    CHECKS.conv2d(x, w, bias, geometry, out, epilogue);
    convolutions.forward(x, w, bias, geometry, out, epilogue);
  },

  conv2dGradInput(gy, w, geometry, out) {
    CHECKS.conv2dGradInput(gy, w, geometry, out);
    convolutions.gradInput(gy, w, geometry, out);
  },

  conv2dGradWeight(x, gy, geometry, out) {
    CHECKS.conv2dGradWeight(x, gy, geometry, out);
    convolutions.gradWeight(x, gy, geometry, out);
  },

  prepareConv2d(x, w, bias, geometry, out, epilogue, format) {
    CHECKS.conv2d(x, w, bias, geometry, out, epilogue);
    return convolutions.prepare(x, w, bias, geometry, out, epilogue, format);
  },
});

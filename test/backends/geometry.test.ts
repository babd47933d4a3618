/** Windows whose sizes overflow int32 are refused. Kernels would read and write at wrong addresses. */
import { expect, test } from 'vitest';
import { ShapeError } from '../../src/errors.js';
import { describeBackends } from '../support/backends.js';

const HUGE = 2 ** 31 - 1;

describeBackends('windows beyond int32', (subject) => {
  const image = () => subject.blank([1, 1, 4, 8], 'float32');
  const { backend } = subject;

  const pools: Record<string, object> = {
    'a pad': { ksize: [2, 2], stride: [1, 1], pad: [0, HUGE] },
    'a stride': { ksize: [2, 2], stride: [HUGE, 1], pad: [0, 0] },
    'a kernel': { ksize: [2, HUGE], stride: [1, 1], pad: [0, 0] },
    'the places of a kernel': { ksize: [2 ** 16, 2 ** 16], stride: [1, 1], pad: [0, 0] },
    'a stride of zero': { ksize: [2, 2], stride: [0, 1], pad: [0, 0] },
    'a fraction': { ksize: [2, 2], stride: [1, 1], pad: [0.5, 0] },
    NaN: { ksize: [2, 2], stride: [1, Number.NaN], pad: [0, 0] },
  };
  for (const [name, geometry] of Object.entries(pools)) {
    test(`pooling: ${name}`, () => {
      const [x, y] = [image(), subject.blank([1, 1, 3, 7], 'float32')];
      const places = subject.blank([1, 1, 3, 7], 'int32');
      const given = geometry as Parameters<typeof backend.averagePool2d>[1];
      for (const run of [
        () => backend.maxPool2d(x, given, y, places),
        () => backend.maxPool2dGrad(y, places, given, x),
        () => backend.maxPool2dGather(x, places, given, y),
        () => backend.averagePool2d(x, given, y),
        () => backend.averagePool2dGrad(y, given, x),
      ]) {
        expect(run).toThrow(ShapeError);
      }
    });
  }

  const convolutions: Record<string, object> = {
    'a pad': { stride: [1, 1], pad: [HUGE, 0], dilation: [1, 1], groups: 1 },
    'a negative pad': { stride: [1, 1], pad: [-HUGE, 0], dilation: [1, 1], groups: 1 },
    'a stride': { stride: [2 ** 30, 1], pad: [0, 0], dilation: [1, 1], groups: 1 },
    'a dilation': { stride: [1, 1], pad: [0, 0], dilation: [1, 2 ** 30], groups: 1 },
    'a dilation of zero': { stride: [1, 1], pad: [0, 0], dilation: [0, 1], groups: 1 },
  };
  for (const [name, geometry] of Object.entries(convolutions)) {
    test(`convolution: ${name}`, () => {
      const [x, w] = [image(), subject.blank([1, 1, 3, 3], 'float32')];
      const y = subject.blank([1, 1, 2, 6], 'float32');
      const given = geometry as Parameters<typeof backend.conv2dGradInput>[2];
      for (const run of [
        () => backend.conv2d(x, w, null, given, y),
        () => backend.conv2dGradInput(y, w, given, x),
        () => backend.conv2dGradWeight(x, y, given, w),
        () =>
          backend.prepareConv2d?.(x, w, null, given, y, {}, 'float32').run() ?? backend.conv2d(x, w, null, given, y),
      ]) {
        expect(run).toThrow(ShapeError);
      }
    });
  }
});

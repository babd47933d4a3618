/** Errors that name the likely mistake and its remedy, in functions and links, computed at once and recorded. */
import { describe, expect, it } from 'vitest';
import { compile, DTypeError, F, IndexError, init, L, np, ShapeError, type VariableLike } from '../../../src/index.js';

type ErrorClass = new (message: string) => Error;
type Case = [name: string, call: () => unknown, type: ErrorClass, message: string];

/** Each call throws an error of the class whose message has the words. */
function check(kind: string, cases: readonly Case[]): void {
  describe(kind, () => {
    it.each(cases)('%s', (_name, call, type, message) => {
      expect(call).toThrow(type);
      expect(call).toThrow(message);
    });
  });
}

const floats = (...shape: number[]) => np.ones(shape);
const pixels = (...shape: number[]) => np.ones(shape, 'uint8');
const scores = floats(4, 7);
const made = np.array([0, 6, 2, 1]);

check('labels as floats', [
  [
    'softmaxCrossEntropy',
    () => F.softmaxCrossEntropy(scores, made),
    DTypeError,
    "labels are float32 (4,), expected int32, or probabilities (4,7); np.array([…], 'int32') makes labels",
  ],
  [
    'softmaxCrossEntropy of pixels',
    () => F.softmaxCrossEntropy(floats(2, 5, 3, 3), floats(2, 3, 3)),
    DTypeError,
    'labels are float32 (2,3,3), expected int32, or probabilities (2,5,3,3)',
  ],
  [
    'accuracy',
    () => F.accuracy(scores, made),
    DTypeError,
    "labels are float32, expected int32; np.array([…], 'int32')",
  ],
  ['L.Classifier', () => new L.Classifier(new L.Linear(3, 7))(floats(4, 3), made), DTypeError, 'expected int32'],
  ['hinge', () => F.hinge(scores, made), DTypeError, ".astype('int32') converts them"],
  ['binaryAccuracy', () => F.binaryAccuracy(made, made), DTypeError, ".astype('int32') converts them"],
  ['sigmoidCrossEntropy', () => F.sigmoidCrossEntropy(made, made), DTypeError, ".astype('int32') converts them"],
  ['contrastive', () => F.contrastive(scores, scores, made), DTypeError, ".astype('int32') converts them"],
  ['f1Score', () => F.f1Score(scores, made), DTypeError, ".astype('int32') converts them"],
  ['selectItem', () => F.selectItem(scores, made), DTypeError, ".astype('int32') converts them"],
  ['L.EmbedID', () => new L.EmbedID(9, 2)(made), DTypeError, ".astype('int32') converts them"],
]);

const labels = (...shape: number[]) => np.ones(shape, 'int32');
check('labels of another shape', [
  ['one-hot rows', () => F.softmaxCrossEntropy(scores, labels(4, 7)), ShapeError, 'np.argmax(t, 1) makes labels'],
  ['one-hot rows', () => F.accuracy(scores, labels(4, 7)), ShapeError, 'np.argmax(t, 1) makes labels'],
  ['a column', () => F.softmaxCrossEntropy(scores, labels(4, 1)), ShapeError, 'expected (4,); t.reshape([4]) has it'],
  ['a column', () => F.hinge(scores, labels(4, 1)), ShapeError, 'expected (4,); t.reshape([4]) has it'],
  ['of one example', () => F.softmaxCrossEntropy(floats(7), labels(1)), ShapeError, 'x.reshape([1, 7])'],
  ['from 1 on', () => F.softmaxCrossEntropy(scores, np.full([4], 7, 'int32')), IndexError, 'labels count from 0'],
  ['a column of targets', () => F.meanSquaredError(floats(5, 1), floats(5)), ShapeError, '.reshape([5, 1]) makes them'],
]);

const kernel = floats(8, 3, 3, 3);
check('missing axes', [
  ['F.convolution2d', () => F.convolution2d(floats(3, 20, 24), kernel), ShapeError, 'x.reshape([1, 3, 20, 24])'],
  ['L.Convolution2D', () => new L.Convolution2D(3, 2, 5)(floats(3, 9, 9)), ShapeError, 'x.reshape([1, 3, 9, 9])'],
  ['a grey picture', () => new L.Convolution2D(1, 2, 5)(floats(28, 27)), ShapeError, 'x.reshape([1, 1, 28, 27])'],
  ['grey pictures', () => new L.Convolution2D(1, 2, 5)(floats(60, 28, 28)), ShapeError, 'x.reshape([60, 1, 28, 28])'],
  ['L.Convolution1D', () => new L.Convolution1D(3, 8, 3)(floats(3, 9)), ShapeError, 'x.reshape([1, 3, 9])'],
  ['L.Convolution3D', () => new L.Convolution3D(3, 8, 3)(floats(3, 9, 9, 9)), ShapeError, 'x.reshape([1, 3, 9, 9, 9])'],
  ['L.Deconvolution2D', () => new L.Deconvolution2D(6, 2, 3)(floats(6, 9, 9)), ShapeError, 'x.reshape([1, 6, 9, 9])'],
  ['maxPooling2d', () => F.maxPooling2d(floats(3, 8, 6), 2), ShapeError, 'x.reshape([1, 3, 8, 6])'],
  ['averagePooling1d', () => F.averagePooling1d(floats(3, 8), 2), ShapeError, 'x.reshape([1, 3, 8])'],
  ['resizeImages', () => F.resizeImages(floats(1, 8, 6), [4, 4]), ShapeError, 'x.reshape([1, 1, 8, 6])'],
  ['L.Linear', () => new L.Linear(784, 10)(floats(784)), ShapeError, 'a batch axis is missing: x.reshape([1, 784])'],
  ['L.Linear of a picture', () => new L.Linear(784, 10)(floats(28, 28)), ShapeError, 'x.reshape([1, 28, 28])'],
  ['L.BatchNormalization', () => new L.BatchNormalization(5)(floats(5, 4, 4)), ShapeError, 'x.reshape([1, 5, 4, 4])'],
  ['L.BatchNormalization', () => new L.BatchNormalization(5)(floats(5)), ShapeError, 'x.reshape([1, 5])'],
  ['accuracy', () => F.accuracy(floats(10), labels(1)), ShapeError, 'y.reshape([1, 10])'],
  ['softmax', () => F.softmax(floats(10)), ShapeError, 'x.reshape([1, 10])'],
  ['logSoftmax', () => F.logSoftmax(floats(10)), ShapeError, 'x.reshape([1, 10])'],
]);

const nhwc = 'x seems to be (N, H, W, C): x.transpose([0, 3, 1, 2]) gives (N, C, H, W)';
check('channels on the last axis', [
  ['F.convolution2d', () => F.convolution2d(floats(2, 20, 24, 3), kernel), ShapeError, nhwc],
  ['L.Convolution2D', () => new L.Convolution2D(16, 8, 1)(floats(2, 7, 7, 16)), ShapeError, nhwc],
  ['L.DepthwiseConvolution2D', () => new L.DepthwiseConvolution2D(6, 1, 3)(floats(2, 7, 7, 6)), ShapeError, nhwc],
  ['L.Deconvolution2D', () => new L.Deconvolution2D(6, 2, 3)(floats(1, 9, 9, 6)), ShapeError, nhwc],
  ['L.Convolution1D', () => new L.Convolution1D(3, 8, 3)(floats(1, 9, 3)), ShapeError, 'x.transpose([0, 2, 1])'],
  ['L.BatchNormalization', () => new L.BatchNormalization(16)(floats(2, 7, 7, 16)), ShapeError, nhwc],
  ['L.GroupNormalization', () => new L.GroupNormalization(2, 16)(floats(2, 8, 8, 16)), ShapeError, nhwc],
  ['pooling', () => F.averagePooling2d(floats(1, 224, 224, 3), 7), ShapeError, nhwc],
  [
    'one picture',
    () => F.convolution2d(floats(20, 24, 3), kernel),
    ShapeError,
    'x seems to be one (H, W, C): x.transpose([2, 0, 1]).reshape([1, 3, 20, 24])',
  ],
  [
    "TensorFlow's weights",
    () => F.convolution2d(floats(2, 3, 9, 9), floats(5, 5, 3, 8)),
    ShapeError,
    'W.transpose([3, 2, 0, 1])',
  ],
]);

const toFloats = ".astype('float32') converts it";
check('integers where floats belong', [
  ['F.convolution2d', () => F.convolution2d(pixels(2, 3, 9, 9), kernel), DTypeError, toFloats],
  ['L.Convolution2D', () => new L.Convolution2D(3, 2, 3)(pixels(2, 3, 9, 9)), DTypeError, toFloats],
  ['L.Linear', () => new L.Linear(4, 2)(np.ones([3, 4], 'int32')), DTypeError, toFloats],
  ['averagePooling2d', () => F.averagePooling2d(pixels(2, 3, 8, 8), 2), DTypeError, toFloats],
  ['L.BatchNormalization', () => new L.BatchNormalization(3)(pixels(2, 3, 8, 8)), DTypeError, toFloats],
  ['softmax', () => F.softmax(pixels(2, 3)), DTypeError, toFloats],
  ['relu', () => F.relu(pixels(2, 3)), DTypeError, toFloats],
  ['meanSquaredError', () => F.meanSquaredError(floats(3), labels(3)), DTypeError, toFloats],
]);

describe('a first call that fails', () => {
  it.each<[string, (x: VariableLike) => unknown, number[], number[]]>([
    ['Convolution2D', new L.Convolution2D(null, 2, 3), [3, 8, 8], [1, 3, 8, 8]],
    ['DepthwiseConvolution2D', new L.DepthwiseConvolution2D(null, 2, 3), [3, 8, 8], [1, 3, 8, 8]],
    ['LocalConvolution2D', new L.LocalConvolution2D(null, 2, null, 3), [3, 8, 8], [1, 3, 8, 8]],
    ['Linear', new L.Linear(null, 2), [6], [1, 6]],
    ['BatchNormalization', new L.BatchNormalization(null), [6], [2, 6]],
  ])('leaves a lazy %s without a size', (_name, link, wrong, right) => {
    expect(() => link(floats(...wrong))).toThrow(ShapeError);
    expect(() => link(floats(...right))).not.toThrow();
  });
});

describe('a compiled model', () => {
  it('says the same', () => {
    const link = new L.Convolution2D(3, 2, 3);
    const predict = compile(link, [floats(1, 3, 8, 8)]);
    expect(() => predict(floats(3, 8, 8))).toThrow('x.reshape([1, 3, 8, 8])');
    expect(() => predict(floats(1, 8, 8, 3))).toThrow(nhwc);
    expect(() => predict(pixels(1, 3, 8, 8))).toThrow(toFloats);
    expect(() => compile(link, [floats(1, 8, 8, 3)])).toThrow(nhwc);
  });
});

describe('init', () => {
  it.each(['webgpu', 'auto', 'gpu', 'cpu', 'wsam', 'WebGL'])('lists the devices there are for %s', async (device) => {
    const options = { device } as unknown as Parameters<typeof init>[0];
    await expect(init(options)).rejects.toThrow(`no device '${device}'; there are 'wasm' and 'webgl'`);
  });

  it('lists the options there are', async () => {
    const options = { devise: 'webgl' } as unknown as Parameters<typeof init>[0];
    await expect(init(options)).rejects.toThrow(
      "init: no option 'devise'; there are device, threads, checked, maxMemory, wasm",
    );
  });
});

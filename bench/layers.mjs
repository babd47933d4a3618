/** Every distinct convolution of the suite's classifiers at 224 × 224, as shapes. ResNet-152 has those of ResNet-50. */
import { STAGES } from './mobilenet-v2.mjs';

/** @typedef {{ model: string, channels: number, size: number, outChannels: number, kernel: number, stride: number, groups: number }} Layer */

/** Channels, size, output channels, kernel, stride. */
const VGG16 = [
  [3, 224, 64, 3, 1],
  [64, 224, 64, 3, 1],
  [64, 112, 128, 3, 1],
  [128, 112, 128, 3, 1],
  [128, 56, 256, 3, 1],
  [256, 56, 256, 3, 1],
  [256, 28, 512, 3, 1],
  [512, 28, 512, 3, 1],
  [512, 14, 512, 3, 1],
];

/** Bottlenecks as Chainer has them: the first 1×1 convolution of a stage takes the stride. */
function* resnet() {
  yield [3, 224, 64, 7, 2];
  let [channels, size] = [64, 56];
  for (const [width, stride] of [
    [64, 1],
    [128, 2],
    [256, 2],
    [512, 2],
  ]) {
    yield [channels, size, width, 1, stride];
    yield [channels, size, 4 * width, 1, stride];
    size /= stride;
    channels = 4 * width;
    yield [width, size, width, 3, 1];
    yield [width, size, channels, 1, 1];
    yield [channels, size, width, 1, 1];
  }
}

function* mobilenet() {
  yield [3, 224, 32, 3, 2];
  let [channels, size] = [32, 112];
  for (const [expansion, outChannels, count, firstStride] of STAGES) {
    for (let i = 0; i < count; i++) {
      const [wide, stride] = [channels * expansion, i === 0 ? firstStride : 1];
      if (expansion > 1) yield [channels, size, wide, 1, 1];
      yield [wide, size, wide, 3, stride, wide];
      size /= stride;
      yield [wide, size, outChannels, 1, 1];
      channels = outChannels;
    }
  }
  yield [channels, size, 1280, 1, 1];
}

/** The layers by model, each shape once.
 * @returns {Layer[]} */
export function distinctConvolutions() {
  const layers = new Map();
  for (const [model, shapes] of Object.entries({ VGG16, 'ResNet-50': resnet(), MobileNetV2: mobilenet() })) {
    for (const [channels, size, outChannels, kernel, stride, groups = 1] of shapes) {
      const key = [channels, size, outChannels, kernel, stride, groups].join();
      if (!layers.has(key)) layers.set(key, { model, channels, size, outChannels, kernel, stride, groups });
    }
  }
  return [...layers.values()];
}

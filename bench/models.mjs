/** The image classifiers of the suite, with weights drawn from one seed. */
import { L, np } from '#rensa';
import { MobileNetV2 } from './mobilenet-v2.mjs';

/** Chainer's networks give the scores before softmax, because softmax hides differences. */
const scores = (model, layer) => ({ model, classify: (x) => model.forward(x, [layer])[layer] });

/** Models by name; each takes images of 224 × 224. */
const MODELS = {
  vgg16: () => scores(new L.VGG16Layers(), 'fc8'),
  resnet50: () => scores(new L.ResNet50Layers(), 'fc6'),
  resnet152: () => scores(new L.ResNet152Layers(), 'fc6'),
  mobilenetv2: () => {
    const model = new MobileNetV2();
    return { model, classify: (x) => model(x) };
  },
};

export const MODEL_NAMES = Object.keys(MODELS);

/** A model by name, its function of images, and images: the same in every process. */
export function modelSetup(name, batch) {
  np.random.seed(0);
  return { ...MODELS[name](), x: np.random.randn(batch, 3, 224, 224) };
}

/** The image classifiers of the suite, with weights drawn from one seed. */
import { L, np } from 'rensa';

/** Models by name; each takes images of 224 × 224. */
export const MODELS = {
  vgg16: () => new L.VGG16Layers(),
  resnet50: () => new L.ResNet50Layers(),
  resnet152: () => new L.ResNet152Layers(),
};

/** A model by name and images for it, the same in every process. */
export function modelSetup(name, batch) {
  np.random.seed(0);
  return { model: MODELS[name](), x: np.random.randn(batch, 3, 224, 224) };
}

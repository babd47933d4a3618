/** One and two threads: VGG16, ResNet-50 and a product, each alone against itself, and against peers on two threads. */
import { classifier } from './classifier.mjs';

export async function* cases() {
  for (const name of ['vgg16', 'resnet50']) {
    for await (const measured of classifier(name, { batches: [1], threads: [1, 2] })()) {
      yield { ...measured, title: `${name}, ${measured.title}` };
    }
  }
}

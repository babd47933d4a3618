/** Runs VGG16 and ResNet-152 on a small image, and prints the shapes of their results and the times. */
import { noBackpropMode, np, scope, usingConfig } from 'rensa';
import { ResNet152 } from './resnet152.js';
import { VGG16 } from './vgg16.js';

const x = np.random.rand(1, 3, 64, 64);

for (const Model of [VGG16, ResNet152]) {
  scope(null, () => {
    let start = performance.now();
    const model = new Model();
    const made = performance.now() - start;
    start = performance.now();
    const y = usingConfig('train', false, () => noBackpropMode(() => model(x)));
    const ran = performance.now() - start;
    console.log(
      `${Model.name}: ${model.countParams().toLocaleString('en')} parameters made in ${(made / 1000).toFixed(1)} s; ` +
        `(${x.shape}) → (${y.shape}) in ${ran.toFixed(0)} ms, probabilities sum to ${np.sum(np.asarray('array' in y ? y.array : y)).item()}`,
    );
  });
}

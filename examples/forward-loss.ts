/** Forward, loss, accuracy and gradients of LeNet5 on random images: by hand, then with a Classifier. */
import { F, L, np, optimizers } from 'rensa';
import { LeNet5 } from './lenet5.js';

const x = np.random.rand(32, 1, 28, 28); // float32
const t = np.random.randint(0, 10, [32]); // int32

const model = new LeNet5();
const y = model(x);
const loss = F.softmaxCrossEntropy(y, t).item();

const classifier = new L.Classifier(model);
const loss2 = classifier(x, t); // reports main/loss and main/accuracy
const byClassifier = loss2.item();
console.log(`loss ${loss.toFixed(4)} by hand, ${byClassifier.toFixed(4)} by Classifier`);
console.log(`accuracy ${classifier.accuracy?.item()}`);

classifier.cleargrads();
loss2.backward();
for (const [path, { grad }] of model.namedParams()) {
  if (grad)
    console.log(
      `${path.padEnd(9)} gradient of norm ${np
        .sqrt(np.sum(np.square(grad.array)))
        .item()
        .toFixed(5)}`,
    );
}

// A network can memorise 32 images.
const optimizer = new optimizers.Adam(0.01).setup(classifier);
for (let step = 0; step < 50; step++) optimizer.update(() => classifier(x, t));
const learnt = classifier(x, t).item();
console.log(`loss ${learnt.toFixed(4)} after 50 steps`);

export const losses = [loss, byClassifier, learnt];

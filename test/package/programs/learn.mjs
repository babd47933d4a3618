/**
 * A user's first program: LeNet5 learns eight images by heart, then classifies them: plain, compiled, and from a file
 * of its weights.
 */
import { Chain, compile, config, F, L, noBackpropMode, np, optimizers, scope, serializers, usingConfig } from 'rensa';
import { decodeImage, readNpz } from 'rensa/inference';

class LeNet5 extends Chain {
  conv1 = new L.Convolution2D(1, 6, 5);
  conv2 = new L.Convolution2D(6, 16, 5);
  conv3 = new L.Convolution2D(16, 120, 4);
  fc4 = new L.Linear(null, 84);
  fc5 = new L.Linear(84, 10);

  forward(x) {
    let h = F.maxPooling2d(F.relu(this.conv1(x)), 2, 2);
    h = F.maxPooling2d(F.relu(this.conv2(h)), 2, 2);
    h = F.relu(this.conv3(h));
    h = F.relu(this.fc4(h));
    return config.train ? this.fc5(h) : F.softmax(this.fc5(h));
  }
}

const LABELS = [3, 1, 4, 1, 5, 9, 2, 6];

const answersOf = (probabilities) => np.argmax(probabilities, 1).tolist();

/** A JPEG of 8 × 8 pixels of the grey level 200. */
const JPEG = Uint8Array.from([
  ...[0xff, 0xd8, 0xff, 0xdb, 0, 67, 0, ...Array(64).fill(16)], // every coefficient in steps of 16
  ...[0xff, 0xc0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0],
  ...[0xff, 0xc4, 0, 20, 0x00, 1, ...Array(15).fill(0), 6], // one code for means, of six bits
  ...[0xff, 0xc4, 0, 20, 0x10, 1, ...Array(15).fill(0), 0], // one code for the rest: there is none
  ...[0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0b0_100100_0], // 36 steps above 128 · 8
  ...[0xff, 0xd9],
]);

/** The labels, what was answered, and the losses of the first and the last step. */
export async function learn() {
  np.random.seed(0);
  const x = np.random.rand(LABELS.length, 1, 28, 28).astype('float32');
  const t = np.array(LABELS, { dtype: 'int32' });
  const model = new L.Classifier(new LeNet5());
  const optimizer = new optimizers.Adam(0.003).setup(model);
  const losses = [];
  for (let step = 0; step < 40; step++) {
    scope([model, optimizer], () => {
      const loss = model(x, t);
      model.cleargrads();
      loss.backward();
      optimizer.update();
      losses.push(loss.item());
    });
  }
  const probabilities = usingConfig('train', false, () => noBackpropMode(() => model.predictor(x).array));
  const compiled = compile(model.predictor, [x])(x);
  const weights = await readNpz(serializers.toNpz(model.predictor));
  const picture = await decodeImage(JPEG);
  return {
    labels: LABELS,
    answers: answersOf(probabilities),
    compiled: answersOf(compiled),
    sums: np.sum(probabilities, 1).tolist(),
    first: losses[0],
    last: losses[losses.length - 1],
    weights: Object.fromEntries([...weights].map(([name, array]) => [name, array.shape])),
    picture: { ...picture, data: [...picture.data] },
  };
}

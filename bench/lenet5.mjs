/** LeNet5 in Rensa, and its weights as plain arrays for the peers. */
import { Chain, config, F, L, np } from '#rensa';

export class LeNet5 extends Chain {
  conv1 = new L.Convolution2D(1, 6, 5);
  conv2 = new L.Convolution2D(6, 16, 5);
  conv3 = new L.Convolution2D(16, 120, 4);
  fc4 = new L.Linear(120, 84);
  fc5 = new L.Linear(84, 10);

  forward(x) {
    let h = F.maxPooling2d(F.sigmoid(this.conv1(x)), 2, 2);
    h = F.maxPooling2d(F.sigmoid(this.conv2(h)), 2, 2);
    h = F.sigmoid(this.conv3(h));
    h = F.sigmoid(this.fc4(h));
    return config.train ? this.fc5(h) : F.softmax(this.fc5(h));
  }
}

/**
 * A model, a batch of images with labels, and plain copies of them for the peers. The numbers are the same at every
 * call.
 */
export function lenet5Setup(batch) {
  np.random.seed(1);
  const model = new LeNet5();
  const x = np.random.rand(batch, 1, 28, 28);
  const t = np.random.randint(0, 10, [batch]);
  const weights = {};
  for (const [path, param] of model.namedParams()) weights[path] = { shape: [...param.shape], data: param.dataSync() };
  return { model, x, t, weights, xData: x.dataSync(), tData: t.dataSync() };
}

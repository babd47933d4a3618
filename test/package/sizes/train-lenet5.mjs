/** A program that trains LeNet5 and does nothing else. */
import { Chain, F, L, np, optimizers } from 'rensa';

class LeNet5 extends Chain {
  conv1 = new L.Convolution2D(1, 6, 5);
  conv2 = new L.Convolution2D(6, 16, 5);
  conv3 = new L.Convolution2D(16, 120, 4);
  fc4 = new L.Linear(null, 84);
  fc5 = new L.Linear(84, 10);

  forward(x) {
    let h = F.maxPooling2d(F.sigmoid(this.conv1(x)), 2, 2);
    h = F.maxPooling2d(F.sigmoid(this.conv2(h)), 2, 2);
    h = F.sigmoid(this.conv3(h));
    return this.fc5(F.sigmoid(this.fc4(h)));
  }
}

const model = new L.Classifier(new LeNet5());
const optimizer = new optimizers.Adam().setup(model);
const x = np.random.rand(32, 1, 28, 28).astype('float32');
const t = np.random.randint(0, 10, [32]);
for (let step = 0; step < 100; step++) optimizer.update(model, x, t);

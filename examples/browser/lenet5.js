/** LeNet5 (LeCun et al., 1998). */
import { Chain, config, F, L } from './rensa.js';

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

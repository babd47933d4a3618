/** LeNet5 (LeCun et al., 1998) as a class: fields are layers, and `forward` says how they follow one another. */
import { Chain, config, F, L, type VariableLike } from 'rensa';

export class LeNet5 extends Chain {
  conv1 = new L.Convolution2D(1, 6, 5);
  conv2 = new L.Convolution2D(6, 16, 5);
  conv3 = new L.Convolution2D(16, 120, 4);
  fc4 = new L.Linear(null, 84); // the first call finds the input size
  fc5 = new L.Linear(84, 10);

  forward(x: VariableLike) {
    let h = F.maxPooling2d(F.sigmoid(this.conv1(x)), 2, 2);
    h = F.maxPooling2d(F.sigmoid(this.conv2(h)), 2, 2);
    h = F.sigmoid(this.conv3(h));
    h = F.sigmoid(this.fc4(h));
    return config.train ? this.fc5(h) : F.softmax(this.fc5(h));
  }
}

/** VGG16 (Simonyan and Zisserman, 2014): blocks of convolutions in a ChainList, the last with the layers that classify. */
import { Chain, ChainList, config, F, initializers, L, type VariableLike } from 'rensa';

export class VGGBlock extends Chain {
  conv1: L.Convolution2D;
  conv2: L.Convolution2D;
  conv3?: L.Convolution2D;
  fc4?: L.Linear;
  fc5?: L.Linear;
  fc6?: L.Linear;

  constructor(nChannels: number, nConvs = 2, fc = false) {
    super();
    const initialW = new initializers.HeNormal();
    this.conv1 = new L.Convolution2D(null, nChannels, 3, 1, 1, { initialW });
    this.conv2 = new L.Convolution2D(nChannels, nChannels, 3, 1, 1, { initialW });
    if (nConvs === 3) this.conv3 = new L.Convolution2D(nChannels, nChannels, 3, 1, 1, { initialW });
    if (fc) {
      this.fc4 = new L.Linear(null, 4096, { initialW });
      this.fc5 = new L.Linear(4096, 4096, { initialW });
      this.fc6 = new L.Linear(4096, 1000, { initialW });
    }
  }

  forward(x: VariableLike) {
    let h = F.relu(this.conv1(x));
    h = F.relu(this.conv2(h));
    if (this.conv3) h = F.relu(this.conv3(h));
    h = F.maxPooling2d(h, 2, 2);
    if (this.fc4 && this.fc5 && this.fc6) {
      h = F.dropout(F.relu(this.fc4(h)));
      h = F.dropout(F.relu(this.fc5(h)));
      h = this.fc6(h);
    }
    return h;
  }
}

export class VGG16 extends ChainList {
  constructor() {
    super(new VGGBlock(64), new VGGBlock(128), new VGGBlock(256, 3), new VGGBlock(512, 3), new VGGBlock(512, 3, true));
  }

  forward(x: VariableLike) {
    let h = x;
    for (const block of this.children()) h = block(h);
    return config.train ? h : F.softmax(h);
  }
}

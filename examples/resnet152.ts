/** ResNet-152 (He et al., 2015): bottlenecks with shortcuts around them, in blocks that halve the image. */
import { Chain, ChainList, config, F, initializers, L, type VariableLike } from 'rensa';

/** A convolution without bias: the normalization after it would remove the bias again. */
const convolution = (nIn: number, nOut: number, ksize: number, stride = 1, pad = 0) =>
  new L.Convolution2D(nIn, nOut, ksize, stride, pad, { nobias: true, initialW: new initializers.HeNormal() });

export class BottleNeck extends Chain {
  conv1x1a: L.Convolution2D;
  conv3x3b: L.Convolution2D;
  conv1x1c: L.Convolution2D;
  bn_a: L.BatchNormalization;
  bn_b: L.BatchNormalization;
  bn_c: L.BatchNormalization;
  conv1x1r?: L.Convolution2D;
  bn_r?: L.BatchNormalization;

  constructor(nIn: number, nMid: number, nOut: number, stride = 1, proj = false) {
    super();
    this.conv1x1a = convolution(nIn, nMid, 1, stride);
    this.conv3x3b = convolution(nMid, nMid, 3, 1, 1);
    this.conv1x1c = convolution(nMid, nOut, 1);
    this.bn_a = new L.BatchNormalization(nMid);
    this.bn_b = new L.BatchNormalization(nMid);
    this.bn_c = new L.BatchNormalization(nOut);
    if (proj) {
      this.conv1x1r = convolution(nIn, nOut, 1, stride);
      this.bn_r = new L.BatchNormalization(nOut);
    }
  }

  forward(x: VariableLike) {
    let h = F.relu(this.bn_a(this.conv1x1a(x)));
    h = F.relu(this.bn_b(this.conv3x3b(h)));
    h = this.bn_c(this.conv1x1c(h));
    const shortcut = this.conv1x1r && this.bn_r ? this.bn_r(this.conv1x1r(x)) : x;
    return F.relu(h.add(shortcut));
  }
}

export class ResBlock extends ChainList<BottleNeck> {
  constructor(nLayers: number, nIn: number, nMid: number, nOut: number, stride = 2) {
    super();
    this.addLink(new BottleNeck(nIn, nMid, nOut, stride, true));
    for (let i = 1; i < nLayers; i++) this.addLink(new BottleNeck(nOut, nMid, nOut));
  }

  forward(x: VariableLike) {
    let h = x;
    for (const layer of this) h = layer(h);
    return h;
  }
}

export class ResNet152 extends Chain {
  conv1 = convolution(3, 64, 7, 2, 3);
  bn1 = new L.BatchNormalization(64);
  res2: ResBlock;
  res3: ResBlock;
  res4: ResBlock;
  res5: ResBlock;
  fc6 = new L.Linear(2048, 1000);

  /** @param nBlocks the number of bottlenecks at each size of the image */
  constructor(nBlocks: readonly [number, number, number, number] = [3, 8, 36, 3]) {
    super();
    this.res2 = new ResBlock(nBlocks[0], 64, 64, 256, 1);
    this.res3 = new ResBlock(nBlocks[1], 256, 128, 512);
    this.res4 = new ResBlock(nBlocks[2], 512, 256, 1024);
    this.res5 = new ResBlock(nBlocks[3], 1024, 512, 2048);
  }

  forward(x: VariableLike) {
    let h: VariableLike = F.maxPooling2d(F.relu(this.bn1(this.conv1(x))), 2, 2);
    h = this.res5(this.res4(this.res3(this.res2(h))));
    h = F.averagePooling2d(h, h.shape.slice(2), 1);
    h = this.fc6(h);
    return config.train ? h : F.softmax(h);
  }
}

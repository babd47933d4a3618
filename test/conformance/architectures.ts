/** The networks of the `models` group, written by hand after its descriptions, as a user of the library would. */
import { Chain, ChainList, config, F, L, Link, type UnaryLink, type Variable, type VariableLike } from 'rensa';
import { Mismatch } from './compare.js';
import { construct } from './library.js';

/** A link of one input, by the name of its class. */
function unary(path: string, ...args: unknown[]): UnaryLink {
  const link = construct(path, ...args);
  if (isUnary(link)) return link;
  throw new Mismatch(`${path} makes no link`);
}

function isUnary(value: unknown): value is UnaryLink {
  return value instanceof Link && typeof value === 'function';
}

const convolution = (nIn: number, nOut: number, ksize: number, stride = 1, pad = 0) =>
  new L.Convolution2D(nIn, nOut, ksize, stride, pad, { nobias: true });

class LeNet5 extends Chain {
  conv1 = new L.Convolution2D(1, 6, 5);
  conv2 = new L.Convolution2D(6, 16, 5);
  conv3 = new L.Convolution2D(16, 120, 4);
  fc4 = new L.Linear(null, 84);
  fc5 = new L.Linear(84, 10);

  forward(x: VariableLike): Variable {
    let h = F.maxPooling2d(F.sigmoid(this.conv1(x)), 2, 2);
    h = F.maxPooling2d(F.sigmoid(this.conv2(h)), 2, 2);
    h = F.sigmoid(this.fc4(F.sigmoid(this.conv3(h))));
    return config.train ? this.fc5(h) : F.softmax(this.fc5(h));
  }
}

class VGGBlock extends Chain {
  readonly #convolutions: L.Convolution2D[] = [];

  constructor(channels: number, count: number) {
    super();
    for (let i = 1; i <= count; i++) {
      this.#convolutions.push(this.addLink(`conv${i}`, new L.Convolution2D(null, channels, 3, 1, 1)));
    }
  }

  forward(x: VariableLike): Variable {
    let h = x;
    for (const conv of this.#convolutions) h = F.relu(conv(h));
    return F.maxPooling2d(h, 2, 2);
  }
}

/** Links one after another. */
class Stack extends ChainList {
  forward(x: VariableLike): VariableLike {
    let h = x;
    for (const link of this.children()) h = link(h);
    return h;
  }
}

class BottleNeck extends Chain {
  conv1x1a: L.Convolution2D;
  conv3x3b: L.Convolution2D;
  conv1x1c: L.Convolution2D;
  bn_a: UnaryLink;
  bn_b: UnaryLink;
  bn_c: UnaryLink;
  conv1x1r?: L.Convolution2D;
  bn_r?: UnaryLink;

  constructor(nIn: number, nMid: number, nOut: number, stride = 1, proj = false) {
    super();
    this.conv1x1a = convolution(nIn, nMid, 1, stride);
    this.conv3x3b = convolution(nMid, nMid, 3, 1, 1);
    this.conv1x1c = convolution(nMid, nOut, 1);
    this.bn_a = unary('L.BatchNormalization', nMid);
    this.bn_b = unary('L.BatchNormalization', nMid);
    this.bn_c = unary('L.BatchNormalization', nOut);
    if (!proj) return;
    this.conv1x1r = convolution(nIn, nOut, 1, stride);
    this.bn_r = unary('L.BatchNormalization', nOut);
  }

  forward(x: VariableLike): Variable {
    let h: VariableLike = F.relu(this.bn_a(this.conv1x1a(x)));
    h = F.relu(this.bn_b(this.conv3x3b(h)));
    h = this.bn_c(this.conv1x1c(h));
    const shortcut = this.conv1x1r && this.bn_r ? this.bn_r(this.conv1x1r(x)) : x;
    return F.relu(F.add(h, shortcut));
  }
}

class MiniResNet extends Chain {
  conv1 = convolution(3, 8, 7, 2, 3);
  bn1 = unary('L.BatchNormalization', 8);
  res2 = new Stack(new BottleNeck(8, 4, 16, 1, true), new BottleNeck(16, 4, 16));
  res3 = new Stack(new BottleNeck(16, 8, 32, 2, true));
  fc6 = new L.Linear(32, 10);

  forward(x: VariableLike): Variable {
    let h: VariableLike = F.maxPooling2d(F.relu(this.bn1(this.conv1(x))), 2, 2);
    h = this.res3(this.res2(h));
    const [height, width] = h.shape.slice(2);
    const y = this.fc6(F.averagePooling2d(h, [height, width], 1));
    return config.train ? y : F.softmax(y);
  }
}

type Argument = number | boolean | UnaryLink;

const ARCHITECTURES: Readonly<Record<string, (...args: Argument[]) => UnaryLink>> = {
  LeNet5: () => new LeNet5(),
  MiniResNet: () => new MiniResNet(),
  VGGBlock: (channels, count) => new VGGBlock(Number(channels), Number(count)),
  BottleNeck: (nIn, nMid, nOut, stride, proj) =>
    new BottleNeck(Number(nIn), Number(nMid), Number(nOut), Number(stride ?? 1), proj === true),
  ChainList: (...links) => new Stack(...links.filter(isUnary)),
};

/** Reads one argument of a description, with or without its name: `8`, `proj=True`, `VGGBlock(4, 2)`. */
function readArgument(text: string): Argument {
  const value = text.replace(/^\s*\w+\s*=/, '').trim();
  if (value === 'True' || value === 'False') return value === 'True';
  return Number.isNaN(Number(value)) ? makeArchitecture(value) : Number(value);
}

/** The network of a description such as `ChainList(VGGBlock(4, 2), VGGBlock(6, 3))`. */
export function makeArchitecture(description: string): UnaryLink {
  const [, name = '', args = ''] = /^(\w+)(?:\((.*)\))?$/.exec(description.trim()) ?? [];
  const make = ARCHITECTURES[name];
  if (!make) throw new Mismatch(`the network '${description}' has not been written here`);
  return make(...(args.match(/(?:\w+\([^()]*\)|[^,()])+/g) ?? []).map(readArgument));
}

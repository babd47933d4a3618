/**
 * LeNet5 as a list of links and functions. Links are registered under their names; names that begin with `_` belong to
 * functions without parameters. The parameters have the names of the class in lenet5.ts, so files of one load into the
 * other.
 */
import { Chain, config, F, L, type Link, np, Sequential, type Variable, type VariableLike } from 'rensa';

type Layer = (x: VariableLike) => Variable;

export class LeNet5 extends Chain {
  readonly path: [name: string, layer: Layer][] = [
    ['conv1', new L.Convolution2D(1, 6, 5, 1)],
    ['_sigm1', new F.Sigmoid()],
    ['_mpool1', new F.MaxPooling2D(2, 2)],
    ['conv2', new L.Convolution2D(6, 16, 5, 1)],
    ['_sigm2', new F.Sigmoid()],
    ['_mpool2', new F.MaxPooling2D(2, 2)],
    ['conv3', new L.Convolution2D(16, 120, 4, 1)],
    ['_sigm3', new F.Sigmoid()],
    ['fc4', new L.Linear(null, 84)],
    ['_sigm4', new F.Sigmoid()],
    ['fc5', new L.Linear(84, 10)],
  ];

  constructor() {
    super();
    for (const [name, layer] of this.path) if (!name.startsWith('_')) this.addLink(name, layer as Link);
  }

  forward(x: VariableLike) {
    let h = x;
    for (const [, layer] of this.path) h = layer(h);
    return config.train ? h : F.softmax(h);
  }
}

/** The same layers, one after another. */
export const makeSequential = () =>
  new Sequential(
    new L.Convolution2D(1, 6, 5),
    F.sigmoid,
    new F.MaxPooling2D(2, 2),
    new L.Convolution2D(6, 16, 5),
    F.sigmoid,
    new F.MaxPooling2D(2, 2),
    new L.Convolution2D(16, 120, 4),
    F.sigmoid,
    new L.Linear(null, 84),
    F.sigmoid,
    new L.Linear(84, 10),
  );

const model = new LeNet5();
const x = np.random.rand(2, 1, 28, 28);
const scores = model(x);
for (const [path, { shape }] of model.namedParams()) console.log(path.padEnd(10), shape.join(' × '));
console.log(`${model.countParams()} parameters, scores ${scores.shape.join(' × ')}`);
console.log(`as a Sequential: scores ${makeSequential()(x).shape.join(' × ')}`);

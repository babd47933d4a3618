/** Links: their results from their parameters, and the sizes that they infer at the first call. */
import { describe, expect, it, test } from 'vitest';
import {
  asVariable,
  F,
  L,
  type Link,
  np,
  ShapeError,
  serializers,
  usingConfig,
  ValueError,
  type Variable,
  type VariableLike,
} from '../../src/index.js';

/** The parameters of a link by path, with values that differ from one another and from what links start with. */
function filled(link: Link): Map<string, Variable> {
  const params = new Map<string, Variable>(link.namedParams(false));
  for (const param of params.values()) param.array.set(np.random.normal(0, 1, param.shape).dataSync());
  return params;
}

const random = (...shape: number[]) => np.random.normal(0, 1, shape);

interface LinkCase {
  name: string;
  link: () => Link;
  x: () => VariableLike[];
  /** What the link computes, from its parameters by path. */
  fn: (p: (path: string) => Variable, ...xs: VariableLike[]) => VariableLike;
}

const CASES: readonly LinkCase[] = [
  {
    name: 'Linear',
    link: () => new L.Linear(6, 2),
    x: () => [random(3, 2, 3)],
    fn: (p, x) => F.linear(x, p('/W'), p('/b')),
  },
  {
    name: 'Convolution1D',
    link: () => new L.Convolution1D(2, 4, 3, 2, 1, { groups: 2, dilate: 2 }),
    x: () => [random(1, 2, 9)],
    fn: (p, x) => F.convolution1d(x, p('/W'), p('/b'), 2, 1, { groups: 2, dilate: 2 }),
  },
  {
    name: 'Convolution2D',
    link: () => new L.Convolution2D(2, 4, [3, 2], [2, 1], 1, { nobias: true, groups: 2, dilate: 2 }),
    x: () => [random(1, 2, 7, 6)],
    fn: (p, x) => F.convolution2d(x, p('/W'), null, [2, 1], 1, { groups: 2, dilate: 2 }),
  },
  {
    name: 'Convolution3D',
    link: () => new L.Convolution3D(2, 3, 2, 2, 1, { coverAll: true }),
    x: () => [random(1, 2, 3, 4, 4)],
    fn: (p, x) => F.convolution3d(x, p('/W'), p('/b'), 2, 1, { coverAll: true }),
  },
  {
    name: 'ConvolutionND',
    link: () => new L.ConvolutionND(2, 2, 3, 2),
    x: () => [random(1, 2, 3, 4)],
    fn: (p, x) => F.convolution2d(x, p('/W'), p('/b')),
  },
  {
    name: 'Deconvolution1D',
    link: () => new L.Deconvolution1D(2, 3, 4, 2, 1),
    x: () => [random(1, 2, 5)],
    fn: (p, x) => F.deconvolution1d(x, p('/W'), p('/b'), 2, 1),
  },
  {
    name: 'Deconvolution2D',
    link: () => new L.Deconvolution2D(4, 6, 3, 2, 1, { outsize: [6, 5], groups: 2 }),
    x: () => [random(1, 4, 3, 3)],
    fn: (p, x) => F.deconvolution2d(x, p('/W'), p('/b'), 2, 1, { outsize: [6, 5], groups: 2 }),
  },
  {
    name: 'Deconvolution3D',
    link: () => new L.Deconvolution3D(2, 3, 2, 2, 0, { nobias: true }),
    x: () => [random(1, 2, 2, 2, 2)],
    fn: (p, x) => F.deconvolution3d(x, p('/W'), null, 2),
  },
  {
    name: 'DepthwiseConvolution2D',
    link: () => new L.DepthwiseConvolution2D(3, 2, 2, 1, 1),
    x: () => [random(1, 3, 4, 4)],
    fn: (p, x) => F.depthwiseConvolution2d(x, p('/W'), p('/b'), 1, 1),
  },
  {
    name: 'DilatedConvolution2D',
    link: () => new L.DilatedConvolution2D(2, 3, 3, 1, 2, 2),
    x: () => [random(1, 2, 6, 5)],
    fn: (p, x) => F.dilatedConvolution2d(x, p('/W'), p('/b'), 1, 2, 2),
  },
  {
    name: 'DeformableConvolution2D',
    link: () => new L.DeformableConvolution2D(2, 3, 3, 1, 1),
    x: () => [random(1, 2, 5, 5)],
    fn: (p, x) => {
      const offset = F.convolution2d(x, p('/offset_conv/W'), p('/offset_conv/b'), 1, 1);
      return F.deformableConvolution2dSampler(x, offset, p('/deform_conv/W'), p('/deform_conv/b'), 1, 1);
    },
  },
  {
    name: 'LocalConvolution2D',
    link: () => new L.LocalConvolution2D(2, 3, [5, 4], [2, 3], [1, 1]),
    x: () => [random(2, 2, 5, 4)],
    fn: (p, x) => F.localConvolution2d(x, p('/W'), p('/b')),
  },
  {
    name: 'EmbedID',
    link: () => new L.EmbedID(4, 3, { ignoreLabel: -1 }),
    x: () => [np.array([0, -1, 3], 'int32')],
    fn: (p, x) => F.embedId(x, p('/W'), { ignoreLabel: -1 }),
  },
  {
    name: 'Bilinear',
    link: () => new L.Bilinear(2, 3, 4),
    x: () => [random(2, 2), random(2, 3)],
    fn: (p, a, b) => F.bilinear(a, b, p('/W'), p('/V1'), p('/V2'), p('/b')),
  },
  {
    name: 'Bilinear without the linear part',
    link: () => new L.Bilinear(2, 3, 4, { nobias: true }),
    x: () => [random(2, 2), random(2, 3)],
    fn: (p, a, b) => F.bilinear(a, b, p('/W')),
  },
  { name: 'Bias', link: () => new L.Bias(1, [3]), x: () => [random(2, 3, 2)], fn: (p, x) => F.bias(x, p('/b'), 1) },
  {
    name: 'Scale with a bias',
    link: () => new L.Scale(0, [2, 3], { biasTerm: true }),
    x: () => [random(2, 3, 2)],
    fn: (p, x) => F.bias(F.scale(x, p('/W'), 0), p('/bias/b'), 0),
  },
  {
    name: 'Highway',
    link: () => new L.Highway(3, { activate: F.tanh }),
    x: () => [random(2, 3)],
    fn: (p, x) => {
      const gate = F.sigmoid(F.linear(x, p('/transform/W'), p('/transform/b')));
      return F.add(F.mul(F.tanh(F.linear(x, p('/plain/W'), p('/plain/b'))), gate), F.mul(x, F.sub(1, gate)));
    },
  },
  {
    name: 'Maxout',
    link: () => new L.Maxout(3, 2, 4),
    x: () => [random(2, 3)],
    fn: (p, x) => F.max(F.reshape(F.linear(x, p('/linear/W'), p('/linear/b')), [2, 2, 4]), 2),
  },
  { name: 'PReLU', link: () => new L.PReLU([3]), x: () => [random(2, 3)], fn: (p, x) => F.prelu(x, p('/W')) },
  { name: 'Swish', link: () => new L.Swish([3]), x: () => [random(2, 3)], fn: (p, x) => F.swish(x, p('/beta')) },
  {
    name: 'Parameter',
    link: () => new L.Parameter(random(2, 2)),
    x: () => [],
    fn: (p) => p('/W'),
  },
  {
    name: 'LayerNormalization',
    link: () => new L.LayerNormalization(3),
    x: () => [random(2, 3)],
    fn: (p, x) => F.layerNormalization(x, p('/gamma'), p('/beta'), 1e-6),
  },
  {
    name: 'GroupNormalization',
    link: () => new L.GroupNormalization(2, 4),
    x: () => [random(2, 4, 3)],
    fn: (p, x) => F.groupNormalization(x, 2, p('/gamma'), p('/beta'), 1e-5),
  },
  {
    name: 'MLPConvolution2D',
    link: () => new L.MLPConvolution2D(2, [3, 4, 2], 3, 2, 1, { activation: F.tanh }),
    x: () => [random(1, 2, 5, 5)],
    fn: (p, x) => {
      const h = F.tanh(F.convolution2d(x, p('/0/W'), p('/0/b'), 2, 1));
      return F.convolution2d(F.tanh(F.convolution2d(h, p('/1/W'), p('/1/b'))), p('/2/W'), p('/2/b'));
    },
  },
  {
    name: 'Inception',
    link: () => new L.Inception(3, 2, 3, 4, 1, 2, 3),
    x: () => [random(1, 3, 5, 4)],
    fn: (p, x) => {
      const conv = (name: string, h: VariableLike, pad = 0) =>
        F.convolution2d(h, p(`/${name}/W`), p(`/${name}/b`), 1, pad);
      const parts = [
        conv('conv1', x),
        conv('conv3', F.relu(conv('proj3', x)), 1),
        conv('conv5', F.relu(conv('proj5', x)), 2),
        conv('projp', F.maxPooling2d(x, 3, 1, 1)),
      ];
      return F.relu(F.concat(parts, 1));
    },
  },
];

describe('a link computes its function with its parameters', () => {
  test.each(CASES)('$name', ({ link: make, x, fn }) => {
    const link = make();
    const params = filled(link);
    const read = (path: string): Variable => {
      const param = params.get(path);
      if (!param) throw new Error(`there is no parameter ${path}, only ${[...params.keys()]}`);
      return param;
    };
    const xs = x();
    const got = asVariable(Reflect.apply(link, undefined, xs));
    const want = asVariable(fn(read, ...xs));
    expect(got.shape).toEqual(want.shape);
    const far = got.size > 0 ? np.max(np.absolute(got.array.sub(want.array))).item() : 0;
    expect(far).toBeLessThan(1e-5);
  });

  test.each(CASES)('$name computes the same as a copy', ({ link: make, x }) => {
    const link = make();
    filled(link);
    const xs = x();
    const answer = (made: Link) => asVariable(Reflect.apply(made, undefined, xs)).tolist();
    expect(answer(link.copy('copy'))).toEqual(answer(link));
  });

  test.each(CASES)('$name saves and loads itself', ({ link: make }) => {
    const [link, other] = [make(), make()];
    filled(link);
    serializers.fromNpz(serializers.toNpz(link), other);
    const theirs = new Map(other.namedParams());
    for (const [path, param] of link.namedParams()) expect(theirs.get(path)?.tolist()).toEqual(param.tolist());
  });
});

describe('sizes are found at the first call', () => {
  const image = () => random(2, 4, 6, 6);
  test.each<[string, () => Link, () => VariableLike, Record<string, number[]>]>([
    ['Linear', () => new L.Linear(3), () => random(2, 4, 2), { '/W': [3, 8], '/b': [3] }],
    ['Convolution2D', () => new L.Convolution2D(6, 3), image, { '/W': [6, 4, 3, 3], '/b': [6] }],
    ['Convolution1D', () => new L.Convolution1D(null, 6, 3), () => random(1, 4, 5), { '/W': [6, 4, 3], '/b': [6] }],
    ['Deconvolution2D', () => new L.Deconvolution2D(null, 6, 3), image, { '/W': [4, 6, 3, 3], '/b': [6] }],
    [
      'DepthwiseConvolution2D',
      () => new L.DepthwiseConvolution2D(null, 2, 3),
      image,
      { '/W': [2, 4, 3, 3], '/b': [8] },
    ],
    [
      'LocalConvolution2D',
      () => new L.LocalConvolution2D(null, 2, null, 3),
      image,
      { '/W': [2, 4, 4, 4, 3, 3], '/b': [2, 4, 4] },
    ],
    ['Swish', () => new L.Swish(null), image, { '/beta': [4, 6, 6] }],
    ['GroupNormalization', () => new L.GroupNormalization(2), image, { '/beta': [4], '/gamma': [4] }],
    ['LayerNormalization', () => new L.LayerNormalization(), () => random(2, 5), { '/beta': [5], '/gamma': [5] }],
    [
      'BatchNormalization',
      () => new L.BatchNormalization(null, { axis: [0, 1] }),
      image,
      { '/beta': [6, 6], '/gamma': [6, 6] },
    ],
  ])('%s', (_, make, x, shapes) => {
    const link = make();
    Reflect.apply(link, undefined, [x()]);
    expect(Object.fromEntries(Array.from(link.namedParams(), ([path, { shape }]) => [path, shape]))).toEqual(shapes);
  });
});

describe('BatchNormalization', () => {
  const x = np.array([
    [1, 10],
    [3, 30],
  ]);
  const close = (...values: number[]) => values.map((v) => expect.closeTo(v, 4));

  it('uses the batch in training, and the running statistics in test mode', () => {
    const link = new L.BatchNormalization(2, { decay: 0.5, eps: 0 });
    expect(link(x).tolist()).toEqual([close(-1, -1), close(1, 1)]);
    expect(link.avgMean?.tolist()).toEqual(close(1, 10));
    expect(link.avgVar?.tolist()).toEqual(close(1.5, 100.5));
    const y = usingConfig('train', false, () => link(x));
    expect(y.tolist()).toEqual([close(0, 0), close(2 / Math.sqrt(1.5), 20 / Math.sqrt(100.5))]);
    expect(link.avgMean?.tolist()).toEqual(close(1, 10));
  });

  it('is computed again without counting again', () => {
    const link = new L.BatchNormalization(2);
    link(x, { finetune: true });
    const before = [link.N, link.avgMean?.tolist()];
    usingConfig('inRecomputing', true, () => link(x, { finetune: true }));
    expect([link.N, link.avgMean?.tolist()]).toEqual(before);
    link.startFinetuning();
    expect(link.N).toBe(0);
  });

  it('without gamma and beta only normalizes', () => {
    const link = new L.BatchNormalization(2, { useGamma: false, useBeta: false, eps: 0 });
    expect([...link.params()]).toEqual([]);
    expect(link(x).tolist()).toEqual([close(-1, -1), close(1, 1)]);
  });

  it('renormalized, corrects towards the running statistics', () => {
    const link = new L.BatchRenormalization(2, 100, 100, { eps: 0, decay: 0.9 });
    // The running mean is 0 and the running variance 1: normalizing by them changes nothing.
    expect(link(x).tolist()).toEqual([close(1, 10), close(3, 30)]);
    expect(link.avgMean?.tolist()).toEqual(close(0.2, 2));
  });
});

describe('InceptionBN', () => {
  test.each([
    ['max', 1, 5, [1, 2 + 4 + 3 + 5, 6, 6]],
    ['avg', 2, null, [1, 4 + 3 + 2, 3, 3]],
  ] as const)('pools by %s with stride %i', (pooling, stride, projPool, shape) => {
    const link = new L.InceptionBN(2, stride === 1 ? 2 : 0, 3, 4, 2, 3, pooling, { projPool, stride });
    const y = link(random(1, 2, 6, 6));
    expect(y.shape).toEqual(shape);
    expect([...link.children()].length).toBe(stride === 1 ? 14 : 10);
  });

  it('refuses a stride beside 1×1 convolutions', () => {
    expect(() => new L.InceptionBN(2, 2, 1, 1, 1, 1, 'max', { stride: 2, projPool: 1 })).toThrow(ValueError);
  });
});

describe('initial values', () => {
  it('that are null are the default ones', () => {
    const initial = { initialW: null, initialBias: null };
    expect(new L.Linear(2, 2, initial).b?.tolist()).toEqual([0, 0]);
    expect(new L.Convolution2D(1, 2, 1, 1, 0, initial).b?.tolist()).toEqual([0, 0]);
    expect(new L.EmbedID(2, 2, { initialW: null }).W.shape).toEqual([2, 2]);
    const normalization = new L.BatchNormalization(1, { initialGamma: null, initialBeta: null, initialAvgVar: null });
    expect([normalization.gamma?.tolist(), normalization.beta?.tolist(), normalization.avgVar?.tolist()]).toEqual([
      [1],
      [0],
      [1],
    ]);
  });

  it('may be arrays, functions and initializers', () => {
    const W = np.array([[1, 2]]);
    expect(new L.Linear(2, 1, { initialW: W }).W.tolist()).toEqual([[1, 2]]);
    expect(new L.Linear(2, 1, { initialW: (array) => array.set([3, 4]) }).W.tolist()).toEqual([[3, 4]]);
    expect(new L.Highway(1, { initBt: 7 }).transform.b?.tolist()).toEqual([7]);
    expect(new L.DeformableConvolution2D(1, 1, 1).offsetConv.W.tolist()).toEqual([[[[0]]], [[[0]]]]);
    expect(new L.PReLU([2]).W.tolist()).toEqual([0.25, 0.25]);
  });
});

it('invalid arguments of links are refused', () => {
  expect(() => new L.Convolution2D(3, 4, 3, 1, 0, { groups: 2 })).toThrow(ShapeError);
  expect(() => new L.Scale(1, null, { biasTerm: true })).toThrow(ValueError);
  expect(() => new L.Bias(1)(random(2, 3))).toThrow(ValueError);
  expect(() => new L.Bias(1, [3])(random(2, 3), random(3))).toThrow(ValueError);
  expect(new L.Scale()(np.ones([1, 2]), np.array([3, 4])).tolist()).toEqual([[3, 4]]);
});

test('Bilinear starts as its three initial values say, or as the bias alone says', () => {
  const V1 = np.array([[1], [2]]);
  const link = new L.Bilinear(2, 1, 1, { initialBias: [V1, 3, 4] });
  expect([link.V1, link.V2, link.b].map((param) => param?.tolist())).toEqual([[[1], [2]], [[3]], [4]]);
  expect(new L.Bilinear(2, 1, 1, { initialBias: 5 }).b?.tolist()).toEqual([5]);
});

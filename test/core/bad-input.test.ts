/** Mistakes of users. Each error names the operation, what was expected and what came. */
import { describe, expect, it } from 'vitest';
import {
  DeviceError,
  DTypeError,
  F,
  FormatError,
  IndexError,
  init,
  KeyError,
  L,
  MemoryError,
  np,
  RensaError,
  ShapeError,
  scope,
  serializers,
  ValueError,
  Variable,
} from '../../src/index.js';

type ErrorClass = new (message: string) => RensaError;

const x = np.ones([2, 3, 8, 8]);
const labels = (...values: number[]) => np.array(values, 'int32');

const CASES: [what: string, run: () => unknown, error: ErrorClass, message: RegExp][] = [
  [
    'shapes that do not broadcast',
    () => np.add(np.ones([2, 3]), np.ones(2)),
    ShapeError,
    /add: shapes \(2,3\) and \(2,\).*3 and 2/,
  ],
  [
    'channels that do not fit',
    () => F.convolution2d(x, np.ones([6, 1, 5, 5])),
    ShapeError,
    /convolution2d: x has 3 channels but W expects 1/,
  ],
  ['a window larger than the image', () => F.averagePooling2d(x, 20), ShapeError, /averagePooling2d: no window of 20/],
  [
    'features that do not fit',
    () => F.linear(np.ones([2, 3]), np.ones([4, 5])),
    ShapeError,
    /linear: x has 3 features but W expects 5/,
  ],
  [
    'inner sizes that differ',
    () => np.matmul(np.ones([2, 3]), np.ones([4, 5])),
    ShapeError,
    /matmul: inner sizes differ: 3 and 4/,
  ],
  [
    'a shape of another size',
    () => x.reshape(5, -1),
    ShapeError,
    /reshape: 384 elements cannot take the shape \(5,-1\)/,
  ],
  ['an axis out of range', () => np.sum(x, 4), ShapeError, /sum: axis 4 is out of range for an array of 4 dimensions/],
  ['ragged rows', () => np.array([[1, 2], [3]]), ShapeError, /ragged rows: length 1 at depth 1, expected 2/],
  [
    'dtypes that differ',
    () => F.add(np.ones(2), np.ones(2, 'float64')),
    DTypeError,
    /add: dtypes float32 and float64 differ/,
  ],
  [
    'integers where floats are needed',
    () => F.relu(np.ones(2, 'int32')),
    DTypeError,
    /relu: expected float32 or float64, got int32/,
  ],
  [
    'float labels',
    () => F.softmaxCrossEntropy(np.ones([2, 3]), np.ones(2, 'float64')),
    DTypeError,
    /labels are float64, expected int32/,
  ],
  [
    'a label that is not a class',
    () => F.softmaxCrossEntropy(np.ones([2, 3]), labels(0, 3)),
    IndexError,
    /label 3 at position 1 is out of range for 3 classes/,
  ],
  [
    'a negative label',
    () => F.softmaxCrossEntropy(np.ones([2, 3]), labels(-2, 0)),
    IndexError,
    /label -2 at position 0/,
  ],
  ['an index out of range', () => x.at(2), IndexError, /index 2 is out of range for axis 0 of length 2/],
  ['a slice that is none', () => x.at('1-2'), ValueError, /'1-2' is not a slice/],
  [
    'a device that is not ready',
    () => np.zeros(1, { device: 'webgl' }),
    DeviceError,
    /device 'webgl' is not ready: await init/,
  ],
  [
    'a stride of zero',
    () => F.convolution2d(x, np.ones([1, 3, 3, 3]), null, 0),
    ValueError,
    /convolution2d: stride is 0/,
  ],
  [
    'the maximum of an empty array',
    () => np.max(np.zeros([0, 2]), 0),
    ShapeError,
    /max: no elements along axes 0 of \(0,2\)/,
  ],
  [
    'groups that do not divide',
    () => new L.Convolution2D(3, 8, 3, 1, 0, { groups: 2 }),
    ShapeError,
    /3 input and 8 output channels do not divide into 2 groups/,
  ],
];

describe('bad input', () => {
  it.each(CASES)('%s', (_what, run, error, message) => {
    const before = np.memory().arrays;
    expect(() => scope(null, run)).toThrow(message);
    expect(() => scope(null, run)).toThrow(error);
    expect(() => scope(null, run)).toThrow(RensaError);
    expect(np.memory().arrays).toBe(before);
  });

  it('use after free says what to do', () => {
    const escaped: np.NDArray[] = [];
    scope(null, () => {
      escaped.push(np.ones(3));
    });
    const use = () => escaped[0].add(1);
    expect(use).toThrow(MemoryError);
    expect(use).toThrow(/keep\(x\)/);
  });

  it('a missing WebGL2 says what is missing', async () => {
    if (typeof document !== 'undefined') return;
    await expect(init({ device: 'webgl' })).rejects.toThrow(DeviceError);
    await expect(init({ device: 'webgl' })).rejects.toThrow(/WebGL2/i);
    expect(np.zeros(1).device.name).toBe('wasm');
  });

  it('a damaged file leaves the model as it was', () => {
    const [model, other] = [new L.Linear(3, 2), new L.Linear(3, 2)];
    const bytes = serializers.toNpz(other);
    const before = model.W.tolist();
    expect(() => serializers.fromNpz(bytes.slice(0, bytes.length - 40), model)).toThrow(FormatError);
    const flipped = bytes.slice();
    flipped[80] ^= 0xff;
    expect(() => serializers.fromNpz(flipped, model)).toThrow(FormatError);
    expect(() => serializers.fromNpz(serializers.toNpz(new L.Linear(4, 2)), model)).toThrow(ShapeError);
    expect(() => serializers.fromNpz(serializers.toNpz(new L.Linear(3, 2, { nobias: true })), model)).toThrow(KeyError);
    expect(model.W.tolist()).toEqual(before);
  });

  it('a gradient that does not fit is refused', () => {
    const v = new Variable(np.ones(3));
    expect(() => {
      v.grad = np.ones(2);
    }).toThrow(/grad: shape \(2,\) for a variable of \(3,\)/);
  });
});

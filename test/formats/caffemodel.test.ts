/** .caffemodel files. Oracle: the fields written, by caffe.proto's numbers; files that Chainer and Caffe wrote are in the `caffe` group. */
import { describe, expect, test } from 'vitest';
import { FormatError } from '../../src/errors.js';
import { decodeBlob, parseCaffemodel } from '../../src/formats/caffemodel.js';
import { encodeCaffemodel, encodeMessage, type Fields } from '../support/caffemodel.js';

/** A net of one layer of today's kind with these fields. */
const layer = (fields: Fields) => parseCaffemodel(encodeMessage([[100, fields]])).layers[0];
/** The only blob of a net with one. */
const blob = (fields: Fields) => layer([[7, fields]]).blobs[0];

describe('a layer', () => {
  test('has a name, a type, bottoms, tops and blobs', () => {
    const data = Float32Array.of(1, -2, 3, 4, 5, 6);
    const bytes = encodeCaffemodel(
      [{ name: 'ip/1', type: 'InnerProduct', bottoms: ['a', 'b'], tops: ['c'], blobs: [{ shape: [2, 3], data }] }],
      'net',
    );
    const net = parseCaffemodel(bytes);
    expect(net.name).toBe('net');
    const [{ name, type, bottoms, tops, blobs }] = net.layers;
    expect({ name, type, bottoms, tops }).toEqual({
      name: 'ip/1',
      type: 'InnerProduct',
      bottoms: ['a', 'b'],
      tops: ['c'],
    });
    expect(blobs.map(decodeBlob)).toEqual([{ shape: [2, 3], dtype: 'float32', data }]);
  });

  test("has Caffe's defaults for absent fields", () => {
    const { convolution, pooling, lrn, dropout, batchNorm, slice, eltwise } = layer([[1, 'x']]);
    expect(convolution).toMatchObject({ biasTerm: true, group: 1, axis: 1, kernelSize: [], stride: [], padH: 0 });
    expect(pooling).toMatchObject({ pool: 0, kernelSize: 0, stride: 1, pad: 0, globalPooling: false });
    expect(lrn).toEqual({ localSize: 5, alpha: 1, beta: 0.75, normRegion: 0, k: 1 });
    expect(dropout.ratio).toBe(0.5);
    expect(batchNorm).toEqual({
      useGlobalStats: false,
      movingAverageFraction: Math.fround(0.999),
      eps: Math.fround(1e-5),
    });
    expect(slice).toEqual({ axis: null, sliceDim: null, slicePoints: [] });
    expect(eltwise).toEqual({ operation: 1, coeffs: [] });
  });

  test('has the settings of its message, packed or not, in one piece or two', () => {
    const { convolution, slice } = layer([
      [
        106,
        [
          [2, false],
          [4, 3],
          [4, 5],
          [5, 2],
        ],
      ],
      [
        106,
        [
          [18, [2, 4]],
          [5, 4],
        ],
      ],
      [
        126,
        [
          [3, -1],
          [2, [1, 300]],
        ],
      ],
    ]);
    expect(convolution).toMatchObject({ biasTerm: false, kernelSize: [3, 5], group: 4, dilation: [2, 4] });
    expect(slice).toMatchObject({ axis: -1, sliceDim: null, slicePoints: [1, 300] });
  });

  test('of the old kind has its type by number and its messages elsewhere', () => {
    const old: Fields = [
      [2, 'data'],
      [3, 'conv1'],
      [4, 'conv1'],
      [5, 4],
      [10, [[4, 7]]],
      [
        6,
        [
          [1, 1],
          [2, 1],
          [3, 2],
          [4, 3],
          [5, new Float32Array(6)],
        ],
      ],
    ];
    const [found] = parseCaffemodel(encodeMessage([[2, old]])).layers;
    expect(found).toMatchObject({ name: 'conv1', type: 'Convolution', bottoms: ['data'], tops: ['conv1'] });
    expect(found.convolution.kernelSize).toEqual([7]);
    expect(found.reshape.shape.dims).toEqual([]);
    expect(found.blobs[0].shape).toEqual([1, 1, 2, 3]);
    // Where both kinds are there, as in files of the time between, the old ones do not count.
    const both = parseCaffemodel(
      encodeMessage([
        [2, old],
        [100, [[1, 'new']]],
      ]),
    );
    expect(both.layers.map(({ name }) => name)).toEqual(['new']);
  });
});

describe('a blob', () => {
  test('of doubles', () => {
    const data = Float64Array.of(1e300, -0.1);
    expect(
      decodeBlob(
        blob([
          [7, [[1, [2]]]],
          [8, data],
        ]),
      ),
    ).toEqual({ shape: [2], dtype: 'float64', data });
  });

  test('in pieces, packed or single', () => {
    const pieces: Fields = [
      [5, Float32Array.of(1, 2)],
      [5, { float: 3 }],
      [5, new Float32Array(0)],
      [5, { float: 4 }],
    ];
    expect(decodeBlob(blob(pieces))).toEqual({ shape: [4], dtype: 'float32', data: Float32Array.of(1, 2, 3, 4) });
  });

  test('without elements', () => {
    expect(decodeBlob(blob([]))).toEqual({ shape: [0], dtype: 'float32', data: new Float32Array(0) });
  });

  test('without some of the four sizes of old', () => {
    expect(
      blob([
        [4, 2],
        [3, 3],
        [5, new Float32Array(6)],
      ]).shape,
    ).toEqual([1, 1, 3, 2]);
  });
});

test('fields that are not known are skipped, whatever their type', () => {
  const { name } = layer([
    [10, 1],
    [99, 'text'],
    [98, { float: 1 }],
    [97, [[1, 'x']]],
    [1, 'x'],
  ]);
  expect(name).toBe('x');
});

describe('refuses with a FormatError', () => {
  const net = (...bytes: number[]) => Uint8Array.from(bytes);
  test.each<[string, Uint8Array, RegExp]>([
    ['a message longer than the file', net(0xa2, 6, 9, 0), /9 bytes are declared, but 1 follow/],
    ['a string longer than its message', net(0xa2, 6, 2, 0x0a, 5), /5 bytes are declared, but 0 follow/],
    ['a number that ends in the middle', net(0xa2, 6, 2, 0x2a, 0x85), /middle of a number/],
    ['a number of eleven bytes', net(0x28, ...new Array(11).fill(0xff)), /more than ten bytes/],
    ['groups', net(0x0b), /11 is not a field/],
    ['field 0', net(0x00, 0x00), /0 is not a field/],
    ['text', new TextEncoder().encode('name: "net"'), /./],
    ['a name stored as a number', encodeMessage([[100, [[1, 5]]]]), /stored as type 0 instead of 2/],
    ['elements cut in the middle', encodeMessage([[100, [[7, [[5, 'abcde']]]]]]), /5 bytes are not a whole number/],
    [
      'too few elements',
      encodeMessage([
        [
          100,
          [
            [1, 'fc'],
            [
              7,
              [
                [7, [[1, [2, 3]]]],
                [5, new Float32Array(5)],
              ],
            ],
          ],
        ],
      ]),
      /layer 'fc', blob 0: a blob of \(2,3\) takes 6 elements, but 5 come/,
    ],
    [
      'sizes that overflow',
      encodeMessage([
        [
          100,
          [
            [
              7,
              [
                [7, [[1, [2 ** 40, 2 ** 40]]]],
                [5, new Float32Array(1)],
              ],
            ],
          ],
        ],
      ]),
      /elements, but 1 come/,
    ],
    [
      'negative sizes',
      encodeMessage([
        [
          100,
          [
            [
              7,
              [
                [1, -1],
                [2, -1],
                [5, new Float32Array(1)],
              ],
            ],
          ],
        ],
      ]),
      /but 1 come/,
    ],
    ['33 axes', encodeMessage([[100, [[7, [[7, [[1, new Array(33).fill(1)]]]]]]]]), /more than 32/],
  ])('%s', (_, bytes, message) => {
    expect(() => parseCaffemodel(bytes)).toThrow(FormatError);
    expect(() => parseCaffemodel(bytes)).toThrow(message);
  });
});

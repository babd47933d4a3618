/** ONNX models whose weights are in files beside them. Oracle: products worked out by hand. Field numbers are those of onnx.proto. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FormatError, np, serializers } from '../../src/index.js';
import { encodeMessage, type Fields } from '../support/caffemodel.js';
import { FileServer } from '../support/file-server.js';

const FLOAT = 1;

/** A tensor of two float32 elements in another file. */
function external(name: string, entries: Readonly<Record<string, string | number>>): Fields {
  const pairs = Object.entries(entries).map(([key, value]): readonly [number, Fields] => [
    13,
    [
      [1, key],
      [2, String(value)],
    ],
  ]);
  return [[1, [2]], [2, FLOAT], [8, name], ...pairs, [14, 1]];
}

const value = (name: string): Fields => [
  [1, name],
  [
    2,
    [
      [
        1,
        [
          [1, FLOAT],
          [2, [[1, [[1, 2]]]]],
        ],
      ],
    ],
  ],
];

const node = (op: string, inputs: readonly string[], output: string, more: Fields = []): Fields => [
  ...inputs.map((name) => [1, name] as const),
  [2, output],
  [4, op],
  ...more,
];

/** y = x · w + b, b an attribute. */
function model(w: Fields, b: Fields): Uint8Array {
  const constant: Fields = [
    [
      5,
      [
        [1, 'value'],
        [5, b],
        [20, 4],
      ],
    ],
  ];
  const graph: Fields = [
    [1, node('Constant', [], 'b', constant)],
    [1, node('Mul', ['x', 'w'], 'p')],
    [1, node('Add', ['p', 'b'], 'y')],
    [5, w],
    [11, value('x')],
    [12, value('y')],
  ];
  return encodeMessage([
    [1, 8],
    [7, graph],
    [
      8,
      [
        [1, ''],
        [2, 17],
      ],
    ],
  ]);
}

/** Bytes that are of no tensor, then w = (3, 4), then b = (10, 20). */
const data = new Uint8Array(Float32Array.of(-1, 3, 4, 10, 20).buffer);
const inOneFile = (location: string) =>
  model(external('w', { location, offset: 4, length: 8 }), external('b', { location, offset: 12 }));
const x = np.array([1, 2]);
const want = [13, 28];

describe('external data', () => {
  let folder: string;
  const server = new FileServer();
  let address: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rensa-external-'));
    await mkdir(join(folder, 'models', 'parts'), { recursive: true });
    address = await server.start();
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const written = async (name: string, bytes: Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return path;
  };
  const result = async (...args: Parameters<typeof serializers.loadOnnx>): Promise<unknown> => {
    using loaded = await serializers.loadOnnx(...args);
    return loaded(x).tolist();
  };

  test('is read from beside the model, by path and by file URL', async () => {
    await written('models/one.onnx.data', data);
    const path = await written('models/one.onnx', inOneFile('one.onnx.data'));
    expect(await result(path)).toEqual(want);
    expect(await result(pathToFileURL(path))).toEqual(want);
    const before = process.cwd();
    process.chdir(join(folder, 'models'));
    try {
      expect(await result('one.onnx')).toEqual(want);
    } finally {
      process.chdir(before);
    }
  });

  test('may be in several files, in folders below, under names that URLs do not allow', async () => {
    await written('models/parts/w 1#%20.bin', data.subarray(4, 12));
    await written('models/b.bin', data);
    const bytes = model(
      external('w', { location: 'parts/w 1#%20.bin', checksum: 'unused' }),
      external('b', { location: './b.bin', offset: 12, length: 8 }),
    );
    const path = await written('models/two.onnx', bytes);
    expect(await result(path)).toEqual(want);
    expect(await result(pathToFileURL(path))).toEqual(want);
  });

  test('comes from the server that the model comes from', async () => {
    server.files.set('a/net.onnx', inOneFile('net data.bin'));
    server.files.set('a/net%20data.bin', data);
    expect(await result(`${address}/a/net.onnx`)).toEqual(want);
    expect(await result(new URL(`${address}/a/net.onnx`))).toEqual(want);
    server.files.delete('a/net%20data.bin');
    await expect(result(`${address}/a/net.onnx`)).rejects.toMatchObject({ name: 'FileError', code: 'ENOENT' });
  });

  test('is given for bytes and blobs, which have no folder', async () => {
    const bytes = inOneFile('w.data');
    expect(await result(bytes, { externalData: { 'w.data': data } })).toEqual(want);
    expect(await result(new Blob([bytes.slice()]), { externalData: { 'w.data': new Blob([data]) } })).toEqual(want);
    await expect(result(bytes)).rejects.toThrow(/weights are in 'w.data'.*externalData/);
    await expect(result(bytes, { externalData: { other: data } })).rejects.toThrow(FormatError);
  });

  test('outside the folder of the model is not read', async () => {
    const secret = await written('secret.bin', data);
    for (const location of [
      '../secret.bin',
      'parts/../../secret.bin',
      '..\\secret.bin',
      secret,
      pathToFileURL(secret).href,
      '\\\\host\\share\\secret.bin',
      'C:\\secret.bin',
      `${address}/secret.bin`,
      'x\0.bin',
      '',
    ]) {
      server.files.set('m.onnx', inOneFile(location));
      const path = await written('models/bad.onnx', inOneFile(location));
      for (const source of [path, pathToFileURL(path), `${address}/m.onnx`])
        await expect(result(source), location).rejects.toThrow(FormatError);
    }
    // Nor by a link.
    await symlink(secret, join(folder, 'models', 'link.bin'));
    const path = await written('models/linked.onnx', inOneFile('link.bin'));
    await expect(result(path)).rejects.toThrow(/outside the folder/);
  });

  test('is found where the model and its data are links into one folder, as in the caches of hubs', async () => {
    await mkdir(join(folder, 'blobs'));
    await mkdir(join(folder, 'snapshot'));
    await symlink(await written('blobs/0a1b', inOneFile('model.onnx_data')), join(folder, 'snapshot/model.onnx'));
    await symlink(await written('blobs/2c3d', data), join(folder, 'snapshot/model.onnx_data'));
    expect(await result(join(folder, 'snapshot/model.onnx'))).toEqual(want);
  });

  test('that is missing, short or described wrongly is named', async () => {
    const b = external('b', { location: 'short.bin', offset: 0, length: 8 });
    await written('models/short.bin', data.subarray(0, 8));
    const load = async (w: Readonly<Record<string, string | number>>) =>
      result(await written('models/wrong.onnx', model(external('w', w), b)));
    await expect(load({ location: 'none.bin' })).rejects.toThrow(/none\.bin/);
    await expect(load({ location: 'none.bin' })).rejects.toMatchObject({ name: 'FileError', code: 'ENOENT' });
    await expect(load({ location: 'short.bin', offset: 4, length: 8 })).rejects.toThrow(
      /'w' in 'short.bin': bytes 4 to 12 of a file of 8/,
    );
    await expect(load({ location: 'short.bin', length: 4 })).rejects.toThrow(/takes 8 bytes, got 4/);
    await expect(load({ location: 'short.bin', offset: '-4' })).rejects.toThrow(/'-4' is not a number of bytes/);
    await expect(load({ offset: 0 })).rejects.toThrow(/'w' is in another file, which is not named/);
    await expect(load({ location: 'parts' })).rejects.toMatchObject({ name: 'FileError', code: 'EISDIR' });
  });
});

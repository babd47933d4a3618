/** Files that do not exist or cannot be written, for each reader and writer. Oracle: the system's error codes. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packError, unpackError } from '../../src/datasets/messages.js';
import {
  compile,
  datasets,
  FileError,
  iterators,
  KeyError,
  L,
  np,
  optimizers,
  RensaError,
  serializers,
  training,
} from '../../src/index.js';
import { FileServer } from '../support/file-server.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rensa-files-'));
  await writeFile(join(folder, 'plain'), 'x');
  await mkdir(join(folder, 'directory'));
});
afterAll(() => rm(folder, { recursive: true }));

const link = () => new L.Linear(2, 1);

const READERS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  loadNpz: (path) => serializers.loadNpz(path, link()),
  loadSafetensors: (path) => serializers.loadSafetensors(path, link()),
  loadOnnx: (path) => serializers.loadOnnx(path),
  'CaffeFunction.load': (path) => L.CaffeFunction.load(path),
  'VGG16Layers.load': (path) => L.VGG16Layers.load(path),
  readImage: (path) => datasets.readImage(path),
  'ImageDataset.fromList': (path) => datasets.ImageDataset.fromList(path),
  'LabeledImageDataset.fromList': (path) => datasets.LabeledImageDataset.fromList(path),
  'ImageDataset.fetch': (path) => new datasets.ImageDataset([path]).fetch(0),
  'TextDataset.load': (path) => datasets.TextDataset.load([path, path]),
  'ZippedImageDataset.open': (path) => datasets.ZippedImageDataset.open(path),
  'LabeledZippedImageDataset.open': (path) => datasets.LabeledZippedImageDataset.open(path, path),
  'a batch of a MultithreadIterator': async (path) => {
    const iterator = new iterators.MultithreadIterator(new datasets.ImageDataset([path]), 1, { repeat: false });
    for await (const batch of iterator) return batch;
    return null;
  },
};

const compiled = () => {
  const model = new L.Convolution2D(1, 1, 3);
  return compile(model, [np.zeros([1, 1, 4, 4])]);
};

const WRITERS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  saveNpz: (path) => serializers.saveNpz(path, link()),
  saveSafetensors: (path) => serializers.saveSafetensors(path, link()),
  saveOnnx: (path) => serializers.saveOnnx(path, compiled()),
};

describe.each(Object.entries(READERS))('%s', (_, read) => {
  test('of a missing file', async () => {
    const path = join(folder, 'none.bin');
    const error = await read(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FileError);
    expect(error).toBeInstanceOf(RensaError);
    expect(error).not.toBeInstanceOf(KeyError);
    expect(error).toMatchObject({ name: 'FileError', code: 'ENOENT', path });
    expect(String(error)).toContain(`${path}: the file could not be read: there is no such file or directory (ENOENT)`);
  });

  test.each([
    ['a directory', 'directory', 'EISDIR'],
    ['what is below a file', 'plain/x', 'ENOTDIR'],
  ])('of %s', async (__, name, code) => {
    await expect(read(join(folder, name))).rejects.toMatchObject({ code, path: join(folder, name) });
  });
});

describe.each(Object.entries(WRITERS))('%s', (_, write) => {
  test('into a missing directory', async () => {
    const path = join(folder, 'no', 'such', 'model.bin');
    const error = await write(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FileError);
    expect(error).toMatchObject({ code: 'ENOENT', path });
    expect(String(error)).toContain(
      `${path}: the file could not be written: there is no directory '${join(folder, 'no', 'such')}'`,
    );
  });

  test('in the place of a directory, and below a file', async () => {
    await expect(write(join(folder, 'directory'))).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(write(join(folder, 'plain', 'x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});

test.skipIf(process.getuid?.() === 0)('a forbidden access keeps its code', async () => {
  const path = join(folder, 'secret');
  await writeFile(path, 'x');
  await chmod(path, 0);
  await expect(datasets.readImage(path)).rejects.toMatchObject({ code: 'EACCES', path });
});

test('datasets name the directory that lacks a file', async () => {
  for (const get of [
    () => datasets.getMnist({ source: folder }),
    () => datasets.getSvhn({ source: folder }),
    () => datasets.getCifar10({ source: folder }),
  ]) {
    const error = await get().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'FileError', code: 'ENOENT', path: folder });
    expect(String(error)).toMatch(/there is none of .* in it/);
  }
  const cacheDirectory = join(folder, 'plain', 'cache');
  await expect(datasets.getMnist({ cacheDirectory })).rejects.toMatchObject({ code: 'ENOTDIR', path: cacheDirectory });
});

describe('a training', () => {
  const trainer = (out: string, ...extensions: training.Extension[]) => {
    const model = new L.Classifier(link());
    const data = new datasets.TupleDataset(
      [1, 2].map(() => np.zeros([2])),
      Int32Array.of(0, 0),
    );
    const iterator = new iterators.SerialIterator(data, 2);
    const updater = new training.StandardUpdater(iterator, new optimizers.SGD(0.1).setup(model));
    const made = new training.Trainer(updater, [1, 'iteration'], out);
    for (const extension of extensions) made.extend(extension, { trigger: [1, 'iteration'] });
    return made;
  };

  test('whose directory cannot be made', async () => {
    const out = join(folder, 'plain', 'result');
    await expect(trainer(out).run()).rejects.toMatchObject({ name: 'FileError', code: 'ENOTDIR', path: out });
  });

  test('whose files have no directory', async () => {
    const out = join(folder, 'result');
    for (const extension of [
      training.extensions.snapshot({ filename: 'no/snapshot' }),
      new training.extensions.LogReport({ trigger: [1, 'iteration'], filename: 'no/log' }),
    ]) {
      await expect(trainer(out, extension).run()).rejects.toMatchObject({ name: 'FileError', code: 'ENOENT' });
    }
  });
});

describe('URLs', () => {
  const server = new FileServer();
  let address = '';
  beforeAll(async () => {
    address = await server.start();
  });
  afterAll(() => server.stop());

  test('that a server lacks', async () => {
    for (const source of [`${address}/none.npz`, new URL(`${address}/none.npz`)]) {
      const error = await serializers.loadNpz(source, link()).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'FileError', code: 'ENOENT', path: `${address}/none.npz` });
      expect(String(error)).toMatch(/the server answered 404/);
    }
  });

  test('of an unreachable server', async () => {
    const gone = new FileServer();
    const nowhere = await gone.start();
    await gone.stop();
    await expect(serializers.loadOnnx(`${nowhere}/x.onnx`)).rejects.toMatchObject({
      name: 'FileError',
      code: 'ECONNREFUSED',
    });
  });

  test('of files, also as texts', async () => {
    const { href } = pathToFileURL(join(folder, 'none.npz'));
    for (const source of [href, new URL(href)]) {
      await expect(serializers.loadNpz(source, link())).rejects.toMatchObject({ code: 'ENOENT', path: href });
    }
    await serializers.saveNpz(join(folder, 'there.npz'), link());
    await serializers.loadNpz(pathToFileURL(join(folder, 'there.npz')).href, link());
  });
});

test('a value that is not a source is a TypeError that describes it', async () => {
  for (const [source, came] of [
    [undefined, 'undefined'],
    [null, 'null'],
    [42, '42'],
    [{ src: 'cat.jpg' }, 'Object'],
    [new Response('x'), 'Response'],
  ] as const) {
    const reading = datasets.readImage(source as never);
    await expect(reading).rejects.toThrow(TypeError);
    await expect(datasets.readImage(source as never)).rejects.toThrow(`got ${came}`);
    await expect(serializers.loadOnnx(source as never)).rejects.toThrow(`got ${came}`);
  }
});

test('a FileError keeps its code and path between threads', () => {
  const error = unpackError(packError(new FileError('a: b', { code: 'ENOSPC', path: 'a' })));
  expect(error).toBeInstanceOf(FileError);
  expect(error).toMatchObject({ name: 'FileError', message: 'a: b', code: 'ENOSPC', path: 'a' });
});

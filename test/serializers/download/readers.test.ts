/**
 * Every reader of addresses takes the options of transfers and checks what it receives. Oracle: sums by Node's crypto.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compile, datasets, iterators, L, np, serializers } from '../../../src/index.js';
import { ScriptedServer, status, whole } from '../../support/scripted-server.js';

const link = () => new L.Linear(2, 1);
const compiled = () => compile(link(), [np.zeros([1, 2])]).toOnnx();
const text = (content: string) => new TextEncoder().encode(content);

/** What reads one file: takes sums. */
const READERS: Readonly<
  Record<string, [bytes: () => Uint8Array, read: (source: string, o: serializers.TransferOptions) => Promise<unknown>]>
> = {
  loadNpz: [() => serializers.toNpz(link()), (source, o) => serializers.loadNpz(source, link(), o)],
  loadSafetensors: [
    () => serializers.toSafetensors(link()),
    (source, o) => serializers.loadSafetensors(source, link(), o),
  ],
  loadOnnx: [compiled, (source, o) => serializers.loadOnnx(source, o)],
};

/** What reads several: takes no sums. */
const SEVERAL: Readonly<
  Record<string, (source: string, o: datasets.SeveralTransfersOptions) => Promise<{ readonly length: number }>>
> = {
  'TextDataset.load': (source, o) => datasets.TextDataset.load(source, o),
  'ImageDataset.fromList': (source, o) => datasets.ImageDataset.fromList(source, o),
};

let server: ScriptedServer;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rensa-readers-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  server = new ScriptedServer();
  await server.start();
});
afterEach(() => server.stop());

describe.each(Object.entries(READERS))('%s', (name, [make, read]) => {
  const bytes = make();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const wrong = '0'.repeat(64);

  test('of a URL: sums, limits, repetitions, signals', async () => {
    const url = `${server.origin}/model`;
    server.answers.push(status(503), whole(bytes));
    await read(url, { sha256, retryDelay: 1 });
    expect(server.requests.length).toBe(2);
    await expect(read(url, { sha256: wrong })).rejects.toMatchObject({ name: 'FormatError' });
    await expect(read(url, { maxBytes: 10 })).rejects.toMatchObject({ name: 'FileError', code: 'EFBIG' });
    const reason = new Error('mine');
    await expect(read(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(
      read(url, {
        onProgress: () => {
          throw reason;
        },
      }),
    ).rejects.toBe(reason);
    await expect(read(url, { sha256: '' })).rejects.toThrow(`${name}: sha256 is`);
    server.answers.splice(0, 1, () => {});
    await expect(read(url, { timeout: 50, retries: 0 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await server.idle();
  });

  test('of a path: sums and limits, too', async () => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    await read(path, { sha256 });
    await expect(read(path, { sha256: wrong })).rejects.toMatchObject({ name: 'FormatError' });
    await expect(read(path, { md5: '0'.repeat(32) })).rejects.toMatchObject({ name: 'FormatError' });
    await expect(read(path, { maxBytes: 10 })).rejects.toMatchObject({ code: 'EFBIG' });
    await expect(read(path, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    await read(path, { retries: 0, signal: new AbortController().signal });
  });
});

describe.each(Object.entries(SEVERAL))('%s', (_, read) => {
  test('of a URL: limits and repetitions, but no sums', async () => {
    const url = `${server.origin}/list`;
    server.answers.push(status(500), whole(text('a\nb\n')));
    expect((await read(url, { retryDelay: 1 })).length).toBe(2);
    await expect(read(url, { maxBytes: 1 })).rejects.toMatchObject({ code: 'EFBIG' });
    await expect(read(url, { sha256: '0'.repeat(64) } as never)).rejects.toThrow(/sha-?256/i);
  });
});

test('pictures of URLs are fetched by the options of their dataset', async () => {
  server.answers.push(status(500), whole(new Uint8Array(100)));
  const dataset = new datasets.ImageDataset([`${server.origin}/a.png`], { retries: 0 });
  await expect(dataset.fetch(0)).rejects.toThrow(/answered 500/);
  expect(server.requests.length).toBe(1);
  const small = new datasets.ImageDataset([`${server.origin}/a.png`], { maxBytes: 99 });
  const iterator = new iterators.MultithreadIterator(small, 1, { repeat: false });
  const batch = async () => {
    for await (const each of iterator) return each;
    return null;
  };
  await expect(batch()).rejects.toMatchObject({ code: 'EFBIG' });
});

test('sets of pictures pass the options on', async () => {
  server.answers.push(status(500));
  const getters: readonly ((options: datasets.SeveralTransfersOptions & { source?: string }) => Promise<unknown>)[] = [
    (options) => datasets.getMnist(options),
    (options) => datasets.getCifar10(options),
    (options) => datasets.getSvhn(options),
  ];
  for (const get of getters) {
    server.requests.length = 0;
    await expect(get({ source: server.origin, retries: 1, retryDelay: 1 })).rejects.toThrow(/answered 500/);
    // The file that failed first was asked for twice, and none more often.
    const urls = server.requests.map(({ url }) => url);
    expect(Math.max(...urls.map((url) => urls.filter((other) => other === url).length))).toBe(2);
    await expect(get({ sha256: '0'.repeat(64) } as never)).rejects.toThrow(/no option 'sha256'/);
  }
});

test('readImage and CaffeFunction.load', async () => {
  server.answers.push(whole(new Uint8Array(100)));
  const url = `${server.origin}/x`;
  await expect(datasets.readImage(url, { maxBytes: 99 })).rejects.toMatchObject({ code: 'EFBIG' });
  await expect(L.CaffeFunction.load(url, { maxBytes: 99 })).rejects.toMatchObject({ code: 'EFBIG' });
  await expect(L.VGG16Layers.load(url, { maxBytes: 99 })).rejects.toMatchObject({ code: 'EFBIG' });
});

/**
 * ONNX files that are read piece by piece. Oracles: the results for the same bytes in memory, sums in float64, and the
 * known sizes of weights.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseOnnx } from '../../src/formats/onnx/parse.js';
import { decodeTensor } from '../../src/formats/onnx/tensor.js';
import type { StoredBytes } from '../../src/formats/stored-bytes.js';
import {
  Chain,
  compile,
  F,
  FormatError,
  L,
  np,
  readOnnx,
  scope,
  serializers,
  type VariableLike,
} from '../../src/index.js';

class Net extends Chain {
  conv = new L.Convolution2D(2, 6, 3, 1, 1);
  fc = new L.Linear(6 * 8 * 8, 64);
  out = new L.Linear(64, 5);

  forward(x: VariableLike) {
    return this.out(F.relu(this.fc(F.relu(this.conv(x)))));
  }
}

const image = () => np.array(Float32Array.from({ length: 128 }, (_, i) => Math.sin(i))).reshape([1, 2, 8, 8]);

/** Bytes as a file would give them. */
const stored = (bytes: Uint8Array): StoredBytes => ({
  length: bytes.length,
  read(start, into) {
    expect(start + into.length).toBeLessThanOrEqual(bytes.length);
    into.set(bytes.subarray(start, start + into.length));
  },
});

/** All that a file says, or why it says nothing. */
function contentOf(source: Uint8Array | StoredBytes): unknown {
  try {
    const { initializers, ...model } = parseOnnx(source);
    const digests = [...initializers.values()].map((tensor) => {
      const { shape, data } = decodeTensor(tensor);
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      return { shape, digest: createHash('sha1').update(bytes).digest('hex') };
    });
    return { ...model, digests };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return error.message.replace(/\(at byte \d+\)/, '');
  }
}

const bytesInUse = (): number => np.memory().devices.wasm?.bytes ?? 0;

describe('files that stay on the disk', () => {
  let folder: string;
  let bytes: Uint8Array;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rensa-'));
    const compiled = compile(new Net(), [image()]);
    bytes = compiled.toOnnx();
    compiled.free();
  });
  afterAll(() => rm(folder, { recursive: true }));

  const written = async (name: string, content = bytes): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };

  test('give the results of their bytes', async () => {
    const [fromFile, fromBytes] = [await serializers.loadOnnx(await written('net.onnx')), readOnnx(bytes)];
    expect(fromFile(image()).tolist()).toEqual(fromBytes(image()).tolist());
    for (const model of [fromFile, fromBytes]) model.free();
  });

  test('hold the weights that were written', async () => {
    const weight = Float32Array.from({ length: 40_000 }, (_, i) => Math.cos(i));
    const fc = new L.Linear(200, 200, { initialW: np.array(weight).reshape([200, 200]) });
    const compiled = compile(fc, [np.zeros([1, 200])]);
    const loaded = await serializers.loadOnnx(await written('fc.onnx', compiled.toOnnx()));
    const x = Float32Array.from({ length: 200 }, (_, i) => 1 / (1 + i));
    const y = loaded(np.array(x).reshape([1, 200])).dataSync();
    for (let i = 0; i < 200; i++) {
      const want = x.reduce((sum, v, k) => sum + v * weight[200 * i + k], 0);
      expect(Math.abs(y[i] - want)).toBeLessThan(1e-5);
    }
    for (const model of [compiled, loaded]) model.free();
  });

  test('throw the same error as their bytes, however truncated or damaged', () => {
    expect(contentOf(stored(bytes))).toEqual(contentOf(bytes));
    for (let i = 0; i < 60; i++) {
      const cut = bytes.subarray(0, Math.floor((bytes.length * i) / 60));
      expect(contentOf(stored(cut)), `the first ${cut.length} bytes`).toEqual(contentOf(cut));
    }
    // The ends, where the weights are not, which may be anything.
    for (let at = 0; at < 200; at++) {
      for (const place of [at, bytes.length - 1 - at]) {
        const wrong = bytes.slice();
        wrong[place] ^= 1 << (at % 8);
        expect(contentOf(stored(wrong)), `byte ${place}`).toEqual(contentOf(wrong));
      }
    }
  });

  test('take no more memory than the weights, and give it back', async () => {
    const path = await written('large.onnx');
    const before = bytesInUse();
    const x = image();
    const weights = 4 * (384 * 64 + 64 * 5);
    for (let i = 0; i < 20; i++) {
      const model = await serializers.loadOnnx(path);
      const used = bytesInUse() - before;
      expect(used).toBeGreaterThan(weights);
      // Filters, biases, results between layers and room to work in are small here.
      expect(used).toBeLessThan(weights + 100_000);
      scope(null, () => model(x).dataSync());
      model.free();
    }
    expect(bytesInUse()).toBe(before + 512);
  });

  test('that are missing, cut, or changed meanwhile are errors that say so, and leave nothing behind', async () => {
    await expect(serializers.loadOnnx(join(folder, 'none.onnx'))).rejects.toMatchObject({
      name: 'FileError',
      code: 'ENOENT',
    });
    await expect(serializers.loadOnnx(folder)).rejects.toMatchObject({ code: 'EISDIR', path: folder });
    await expect(serializers.loadOnnx(await written('cut.onnx', bytes.subarray(0, 50_000)))).rejects.toThrow(
      FormatError,
    );
    const path = await written('changed.onnx');
    const model = await serializers.loadOnnx(path);
    const before = bytesInUse();
    await truncate(path, 60_000);
    await expect(model.toOnnx([image()])).rejects.toThrow('the file was changed');
    await rm(path);
    await expect(model.toOnnx([image()])).rejects.toMatchObject({ name: 'FileError', code: 'ENOENT' });
    expect(bytesInUse()).toBeLessThan(before + 10_000);
    model.free();
  });
});

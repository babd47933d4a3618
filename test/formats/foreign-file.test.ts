/** The errors of readers for files of other formats. Oracle: the first bytes that the formats' specifications give. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { datasets, FormatError, KeyError, L, np, serializers } from '../../src/index.js';
import { readNpy, readNpz, readSafetensors } from '../../src/inference.js';
import { AVIF, WEBP, YCBCR } from '../support/pictures.js';

const text = (value: string) => new TextEncoder().encode(value);
const bytes = (...values: (number | string)[]) =>
  Uint8Array.from(values.flatMap((v) => (typeof v === 'number' ? [v] : [...text(v)])));
const padded = (start: Uint8Array, length = 600) => {
  const whole = new Uint8Array(length);
  whole.set(start);
  return whole;
};

const LFS = text(`version https://git-lfs.github.com/spec/v1\noid sha256:${'4d7a'.repeat(16)}\nsize 553433881\n`);
const PYTORCH = zipSync({ 'archive/data.pkl': text('\x80\x02}q\x00.'), 'archive/data/0': new Uint8Array(64) });
const NPZ = serializers.toNpz(new L.Linear(2, 1));
const SAFETENSORS = serializers.toSafetensors(new L.Linear(2, 1));

/** Files, and what must be said of them. */
const FOREIGN: readonly (readonly [name: string, file: Uint8Array, message: RegExp])[] = [
  ['nothing', new Uint8Array(), /the file is empty \(0 bytes\)/],
  ['a web page', text('<html><head><title>404</title>'), /a web page: it begins with '<html>'.*open the address/],
  ['a web page of today', text('\n<!DOCTYPE html>\n<html lang="en">'), /begins with '<!DOCTYPE html>'/],
  ['a web page with a byte order mark', bytes(0xef, 0xbb, 0xbf, '<html lang="de">'), /begins with '<html lang="de">'/],
  ['a Git LFS pointer', LFS, /a Git LFS pointer.*git lfs pull/],
  ['JSON', text('{"error": "not found"}'), /JSON text: it begins with '\{"error": "not found"\}'/],
  ['a TensorFlow.js model', text('{"format": "layers-model", "modelTopology": {}}'), /a TensorFlow\.js model/],
  ['XML', text('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'), /an XML text/],
  ['some text', text('conv1 → relu → fc\nand so on'), /a text that begins with 'conv1 → relu → fc'/],
  ['a PyTorch file', PYTORCH, /a PyTorch file: a zip.*safetensors\.torch\.save_file/],
  [
    'an old PyTorch file',
    bytes(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a),
    /a PyTorch file: a pickle/,
  ],
  ['another pickle', bytes(0x80, 4, 0x95, 0, 0, '.'), /a Python pickle/],
  ['a Keras file of old', padded(bytes(0x89, 'HDF\r\n', 0x1a, '\n')), /a Keras file: HDF5.*tf2onnx/],
  ['a Keras file', zipSync({ 'metadata.json': text('{}'), 'config.json': text('{}') }), /a Keras file: a zip/],
  ['a TensorFlow Lite file', padded(bytes(0x1c, 0, 0, 0, 'TFL3')), /a TensorFlow Lite file/],
  ['gzip', gzipSync(text('something')), /compressed by gzip.*gunzip/],
  ['a PDF', text('%PDF-1.7\n'), /a PDF/],
];

const PROTOTXT = text('name: "LeNet"\nlayer {\n  name: "data"\n}\n');
const PLAIN_ZIP = zipSync({ 'README.md': text('hello') });

type Read = (file: Uint8Array) => Promise<unknown>;
const link = () => new L.Linear(2, 1);

const READERS: Readonly<Record<string, Read>> = {
  loadNpz: (file) => serializers.loadNpz(file, link()),
  loadSafetensors: (file) => serializers.loadSafetensors(file, link()),
  loadOnnx: (file) => serializers.loadOnnx(file),
  'CaffeFunction.load': (file) => L.CaffeFunction.load(file),
  'VGG16Layers.load': (file) => L.VGG16Layers.load(file),
  readImage: (file) => datasets.readImage(file),
  readNpy: (file) => readNpy(file),
  readNpz: (file) => readNpz(file),
  readSafetensors: (file) => readSafetensors(file),
  getMnist: (file) =>
    datasets.getMnist({ source: { trainImages: file, trainLabels: file, testImages: file, testLabels: file } }),
  getSvhn: (file) => datasets.getSvhn({ source: { train: file, test: file } }),
  getCifar10: (file) => datasets.getCifar10({ source: file }),
};

describe.each(Object.entries(READERS).filter(([name]) => name !== 'VGG16Layers.load'))('%s', (reader, read) => {
  // What is gzipped they unpack, and what is in it is then no data.
  const unpacks = reader === 'getMnist' || reader === 'getCifar10';
  test.each(FOREIGN.filter(([name]) => !(unpacks && name === 'gzip')))('of %s', async (_, file, message) => {
    const error = await read(file).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FormatError);
    expect(String(error)).toMatch(message);
    expect(String(error)).toMatch(/: expected an? .*, but the file is /);
  });
});

describe('one reader’s file in another’s', () => {
  test.each([
    ['loadSafetensors', NPZ, /expected a safetensors file, but the file is a NumPy archive.*loadNpz/],
    ['loadOnnx', SAFETENSORS, /expected an ONNX model, but the file is a safetensors file.*loadSafetensors/],
    ['loadNpz', SAFETENSORS, /expected a NumPy archive \(\.npz\), but the file is a safetensors file/],
    ['loadNpz', YCBCR, /a JPEG picture.*readImage/],
    ['CaffeFunction.load', PROTOTXT, /a Caffe prototxt.*load the \.caffemodel/],
    ['VGG16Layers.load', PYTORCH, /a PyTorch file/],
    ['VGG16Layers.load', LFS, /expected a Caffe model.*a Git LFS pointer/],
    ['readImage', WEBP, /a WebP picture.*convert it/],
    ['readImage', AVIF, /an AVIF picture/],
    ['readImage', text('<svg xmlns="http://www.w3.org/2000/svg">'), /an SVG drawing/],
    ['getSvhn', padded(text('MATLAB 7.3 MAT-file, Platform: GLNXA64')), /level 7\.3.*-v7/],
  ])('%s', async (reader, file, message) => {
    await expect(READERS[reader](file)).rejects.toThrow(FormatError);
    await expect(READERS[reader](file)).rejects.toThrow(message);
  });

  test('the right kind keeps its own error', async () => {
    await expect(READERS.loadNpz(NPZ.subarray(0, -9))).rejects.toThrow(/not a zip file, or cut short/);
    await expect(READERS.loadSafetensors(SAFETENSORS.subarray(0, -1))).rejects.toThrow(/bytes, but .* follow/);
    await expect(serializers.loadNpz(NPZ, new L.BatchNormalization(2))).rejects.toThrow(KeyError);
    await expect(READERS.loadNpz(PLAIN_ZIP)).rejects.toThrow(/none of the 1 files in it is a \.npy file/);
    await expect(READERS.loadOnnx(bytes(0x08, 7, 0xff, 0xff))).rejects.toThrow(/\(at byte \d+\)/);
    await expect(READERS.readImage(YCBCR.subarray(0, -2))).rejects.toThrow(/the JPEG is cut short/);
    await expect(READERS.readNpy(NPZ)).rejects.toThrow(/a NumPy archive/);
    expect((await readNpz(NPZ)).get('W')).toBeInstanceOf(np.NDArray);
  });

  test('an empty Caffe net is an error', async () => {
    await expect(READERS['CaffeFunction.load'](bytes(0x0a, 1, 'x'))).rejects.toThrow(/there are no layers in it/);
  });
});

describe('files on a disk', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rensa-foreign-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('are named', async () => {
    const path = join(folder, 'model.onnx');
    await writeFile(path, LFS);
    await expect(serializers.loadOnnx(path)).rejects.toThrow(
      `${path}: expected an ONNX model, but the file is a Git LFS`,
    );
    const page = join(folder, 'weights.npz');
    await writeFile(page, '<html>');
    await expect(serializers.loadNpz(page, link())).rejects.toThrow(`${page}: expected a NumPy archive`);
  });

  test('a download of a page in the place of a picture', async () => {
    const path = join(folder, 'cat.jpg');
    await writeFile(path, '<!doctype html><p>Sorry');
    await expect(datasets.readImage(path)).rejects.toThrow(/cat\.jpg: expected a picture, but .*'<!doctype html>'/);
    const dataset = new datasets.ImageDataset([path]);
    await expect(dataset.fetch(0)).rejects.toThrow(/cat\.jpg: expected a picture/);
  });
});

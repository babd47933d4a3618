/** TextDataset: lines of texts as examples. */
import { describe, expect, it } from 'vitest';
import { datasets, ShapeError, ValueError } from '../../src/index.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const all = <T>(dataset: datasets.Dataset<T>) => Array.from({ length: dataset.length }, (_, i) => dataset.get(i));

describe('TextDataset', () => {
  it('has the lines of a file, with their ends', async () => {
    const dataset = await datasets.TextDataset.load(bytes('one\r\ntwo\rthree\n\nlast'));
    expect(all(dataset)).toEqual(['one\n', 'two\n', 'three\n', '\n', 'last']);
    expect(all(await datasets.TextDataset.load(bytes('')))).toEqual([]);
  });

  it('pairs the lines of several files, and filters', async () => {
    const files = [bytes('a\nb\nc\n'), bytes('x\ny\nz\n')];
    const dataset = await datasets.TextDataset.load(files, { filterFunc: (a) => a !== 'b\n' });
    expect(all(dataset)).toEqual([
      ['a\n', 'x\n'],
      ['c\n', 'z\n'],
    ]);
  });

  it('reads other encodings', async () => {
    const latin = Uint8Array.of(0x63, 0x61, 0x66, 0xe9);
    expect(all(await datasets.TextDataset.load(latin, { encoding: 'iso-8859-1' }))).toEqual(['café']);
    expect(all(await datasets.TextDataset.load(latin, { errors: 'replace' }))).toEqual(['caf\ufffd']);
    await expect(datasets.TextDataset.load(latin)).rejects.toThrow(ValueError);
  });

  it('refuses files that do not match, and an empty list', async () => {
    await expect(datasets.TextDataset.load([bytes('a\n'), bytes('a\nb\n')])).rejects.toThrow(ShapeError);
    await expect(datasets.TextDataset.load([])).rejects.toThrow(ValueError);
  });
});

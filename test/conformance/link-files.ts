/** The cases of the `models` group that are about files only: which keys links write, and what loading them does. */
import { F, L, type Link, Parameter, Sequential, serializers } from 'rensa';
import { NpzFile } from '../../src/formats/npz.js';
import { makeArchitecture } from './architectures.js';
import { compareJson, Mismatch } from './compare.js';
import type { Case, Group } from './group.js';
import { construct } from './library.js';

interface FileEntry {
  readonly key: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

export interface LinkFileCase extends Case {
  readonly link?: string;
  readonly file?: string;
  readonly entries?: readonly FileEntry[];
  readonly after_load?: { readonly W_shape: readonly number[] };
}

const make = (name: string, ...args: unknown[]): Link => construct(`L.${name}`, ...args) as Link;
const linear = (nIn: number | null, nOut: number) => new L.Linear(nIn, nOut);

/** The links that the manifest names, in sizes that give entries of the listed shapes. */
const LINKS: Readonly<Record<string, () => Link>> = {
  Linear: () => linear(3, 4),
  'Linear nobias': () => make('Linear', 3, 4, { nobias: true }),
  'Linear not initialized': () => linear(null, 4),
  'Linear(None, 4)': () => linear(null, 4),
  Convolution2D: () => make('Convolution2D', 2, 4, 3),
  Deconvolution2D: () => make('Deconvolution2D', 2, 4, 3),
  EmbedID: () => make('EmbedID', 5, 2),
  BatchNormalization: () => make('BatchNormalization', 3),
  'BatchNormalization no gamma/beta': () => make('BatchNormalization', 3, { useGamma: false, useBeta: false }),
  'BatchNormalization(axis) not initialized': () => make('BatchNormalization', null, { axis: 0 }),
  LayerNormalization: () => make('LayerNormalization', 3),
  GroupNormalization: () => make('GroupNormalization', 2, 4),
  PReLU: () => make('PReLU', [3]),
  Scale: () => make('Scale', 1, [3], { biasTerm: true }),
  Bias: () => make('Bias', 1, [3]),
  Maxout: () => make('Maxout', 3, 2, 2),
  Inception: () => make('Inception', 3, 2, 2, 2, 2, 2, 2),
  MLPConvolution2D: () => make('MLPConvolution2D', 2, [3, 4], 3),
  DepthwiseConvolution2D: () => make('DepthwiseConvolution2D', 2, 3, 3),
  Bilinear: () => make('Bilinear', 2, 3, 4),
  Parameter: () => make('Parameter', new Parameter(0, [2, 3]).array),
  'Classifier(Linear)': () => make('Classifier', linear(3, 4)),
  'Sequential(Linear, relu, Linear)': () => construct('Sequential', linear(3, 4), F.relu, linear(4, 2)) as Link,
  'ChainList(Linear, ChainList(Linear))': () =>
    construct('ChainList', linear(2, 3), construct('ChainList', linear(3, 4))) as Link,
  'BottleNeck(8, 4, 16, proj=True)': () => makeArchitecture('BottleNeck(8, 4, 16, 1, proj=True)'),
  'Sequential.repeat': () => {
    const block = new Sequential(linear(3, 3));
    if (!('repeat' in block) || typeof block.repeat !== 'function')
      throw new Mismatch('Sequential.repeat does not exist');
    return block.repeat(2) as Link;
  },
};

function makeLink(description = ''): Link {
  const link = LINKS[description]?.();
  if (!link) throw new Mismatch(`the link '${description}' has not been written here`);
  return link;
}

/** NumPy's names of the host's dtypes, as the manifest has them. */
const DESCR: Readonly<Record<string, string>> = { float32: '<f4', int64: '<i8', none: 'object' };

/** Compares the entries that a link saves with those of Chainer's link, key by key. */
export function runLinkKeys({ link, entries = [] }: LinkFileCase): void {
  const file = new NpzFile(serializers.toNpz(makeLink(link)));
  const got = file.keys().map((key) => {
    const { shape, dtype } = file.get(key);
    return { key, shape, dtype: DESCR[dtype] ?? dtype };
  });
  const byKey = (a: FileEntry, b: FileEntry) => (a.key < b.key ? -1 : 1);
  const want = entries.map(({ key, shape, dtype }) => ({ key, shape, dtype }));
  compareJson('saved', got.sort(byKey), want.sort(byKey));
}

interface Zoo {
  readonly [name: string]: { readonly params: readonly (readonly [path: string, shape: readonly number[]])[] };
}

/** Runs a case about one file: loading it into a link, or the paths of the large vision models. */
export async function runLinkFile(group: Group, testCase: LinkFileCase): Promise<void> {
  const { file = '', link: description, after_load: after } = testCase;
  const bytes = await group.file(file);
  if (file.endsWith('.json')) {
    const zoo = JSON.parse(new TextDecoder().decode(bytes)) as Zoo;
    for (const [name, { params }] of Object.entries(zoo)) {
      const got = Array.from(make(name).namedParams(), ([path, { shape }]) => [path, shape]);
      const byPath = (a: unknown, b: unknown) => (String(a) < String(b) ? -1 : 1);
      compareJson(name, got.sort(byPath), [...params].sort(byPath));
    }
    return;
  }
  const link = makeLink(description);
  serializers.fromNpz(bytes, link);
  const W = new Map(link.namedParams(true)).get('/W');
  if (!W) throw new Mismatch('there is no parameter /W');
  compareJson('shape of W', W.isInitialized ? W.shape : null, after?.W_shape ?? null);
}

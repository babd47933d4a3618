/** The `caffe` group: .caffemodel files, what Chainer reads from them and what it computes. */
import { L, np, usingConfig } from 'rensa';
import { parseCaffemodel } from '../../src/formats/caffemodel.js';
import { compare, compareJson, Mismatch } from './compare.js';
import { valuesOf } from './function-cases.js';
import type { ArrayEntry, Case, Group } from './group.js';

interface NamedEntry extends ArrayEntry {
  readonly name: string;
}

interface CaffeCase extends Case {
  readonly file: string;
  readonly train: boolean;
  readonly inputs: readonly (NamedEntry & { readonly blob: string })[];
  readonly outputs: readonly (NamedEntry & { readonly blob: string })[];
  readonly disable: readonly string[];
  readonly layers: readonly (readonly [name: string, bottoms: readonly string[], tops: readonly string[]])[];
  readonly params: readonly (NamedEntry & { readonly of: string })[];
  readonly param_order: readonly string[];
}

/** A file that Chainer's exporter wrote: x goes in as the first layer's bottom, y is the last one's top. */
interface FileCase extends Case {
  readonly file: string;
  readonly inputs: readonly NamedEntry[];
  readonly outputs: readonly NamedEntry[];
  readonly layers: readonly {
    readonly name: string;
    readonly type: string;
    readonly bottom: readonly string[];
    readonly top: readonly string[];
    readonly blobs: readonly (readonly number[])[];
  }[];
}

/** The parameters and the persistent arrays of a link, by path. */
function arraysOf(link: L.CaffeFunction): Map<string, np.NDArray> {
  const arrays = new Map(Array.from(link.namedParams(), ([path, param]) => [path, param.array]));
  for (const [path, child] of link.namedLinks()) {
    for (const [name, value] of child.persistents()) {
      if (value instanceof np.NDArray) arrays.set(`${path}/${name}`, value);
    }
  }
  return arrays;
}

async function runFunction(group: Group, testCase: CaffeCase): Promise<void> {
  const { name, file, train, inputs, outputs, disable, layers, params, param_order } = testCase;
  const tolerance = group.tolerance(testCase);
  const link = new L.CaffeFunction(await group.file(file), file, { pooling: 'chainer' });
  const steps = link.layers.map((step) => [step.name, step.bottoms, step.tops]);
  compareJson('layers', steps, layers);
  compareJson(
    'order of the parameters',
    Array.from(link.namedParams(), ([path]) => path),
    param_order,
  );
  const arrays = arraysOf(link);
  for (const entry of params) {
    const array = arrays.get(entry.of);
    if (!array) throw new Mismatch(`there is no ${entry.of}`);
    compare(entry.of, valuesOf(array), group.host(name, entry), tolerance);
  }
  const blobs = Object.fromEntries(inputs.map((entry) => [entry.blob, group.array(name, entry)]));
  const wanted = outputs.map(({ blob }) => blob);
  const results = usingConfig('train', train, () => link(blobs, wanted, { disable }));
  for (const [i, entry] of outputs.entries()) {
    compare(entry.blob, valuesOf(results[i]), group.host(name, entry), tolerance);
  }
}

async function runFile(group: Group, testCase: FileCase): Promise<void> {
  const { name, file, inputs, outputs, layers } = testCase;
  const bytes = await group.file(file);
  const found = parseCaffemodel(bytes, file).layers.map((layer) => ({
    name: layer.name,
    type: layer.type,
    bottom: layer.bottoms,
    top: layer.tops,
    blobs: layer.blobs.map(({ shape }) => shape),
  }));
  compareJson('layers', found, layers);
  const link = new L.CaffeFunction(bytes, file, { pooling: 'chainer' });
  const blobs = { [layers[0].bottom[0]]: group.array(name, inputs[0]) };
  const [y] = usingConfig('train', false, () => link(blobs, layers.slice(-1)[0].top));
  compare('y', valuesOf(y), group.host(name, outputs[0]), group.tolerance(testCase));
}

/** Runs one case. */
export async function runCaffe(group: Group, testCase: Case): Promise<void> {
  return testCase.op === 'caffe_file'
    ? runFile(group, testCase as FileCase)
    : runFunction(group, testCase as CaffeCase);
}

/**
 * The `initializers` group: what initializers, and links by default, fill parameters with. Drawn values are checked by
 * drawing the same ones from the generator; fixed ones are in the reference.
 */

import { type initializers, Link, np, RensaError } from 'rensa';
import type { DeviceReadyArray } from '../../src/formats/host-array.js';
import { sizeOf } from '../../src/ndarray/shape.js';
import { compare, Mismatch, type Values } from './compare.js';
import { valuesOf } from './function-cases.js';
import type { ArrayEntry, Case, Group } from './group.js';
import { construct } from './library.js';
import { bindConstructor, camelCase } from './signatures.js';

interface Draws {
  readonly distribution: string;
  readonly loc?: number;
  readonly scale?: number;
  readonly low?: number;
  readonly high?: number;
}

interface InitializerCase extends Case {
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly shape: readonly number[];
  readonly draws?: Draws;
  readonly outputs?: readonly ArrayEntry[];
  readonly property?: string;
  readonly scale?: number;
  readonly raises?: string;
}

interface LinkParam {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values?: readonly number[];
}

interface LinkCase extends Case {
  readonly link: string;
  readonly draws?: Draws;
  readonly params: readonly LinkParam[];
  readonly b_is?: readonly number[];
  readonly input_shape?: readonly number[];
}

const SEED = 20240229;

/** The generator's numbers for a request, as float32. */
function drawn(
  { distribution, loc = 0, scale = 1, low = 0, high = 1 }: Draws,
  shape: readonly number[],
  drawnBefore = 0,
): DeviceReadyArray {
  const random = new np.random.RandomState(SEED);
  random.normal(0, 1, drawnBefore);
  const size = shape.reduce((n, m) => n * m, 1);
  const values = distribution === 'normal' ? random.normal(loc, scale, size) : random.uniform(low, high, size);
  return { shape, dtype: 'float32', data: Float32Array.from(values) };
}

function isFiller(value: unknown): value is initializers.Initializer {
  return typeof value === 'object' && value !== null && 'fill' in value && typeof value.fill === 'function';
}

/** Values of options that are words of Python. */
const words = (value: unknown): unknown => (typeof value === 'string' ? camelCase(value) : value);

function fill({ op, kwargs, shape }: InitializerCase): Values {
  const given = new Map(Object.entries(kwargs).map(([key, value]) => [key, words(value)] as const));
  const initializer = construct(`initializers.${op}`, ...bindConstructor(op, given));
  if (!isFiller(initializer)) throw new Mismatch(`initializers.${op} fills nothing`);
  const array = np.zeros(shape);
  initializer.fill(array);
  return valuesOf(array);
}

/** Whether rows (or columns, where they are fewer) are orthogonal and of length `scale`. */
function checkOrthogonal({ shape, data }: Values, scale: number, group: Group, testCase: Case): void {
  const rows = shape[0];
  const columns = data.length / rows;
  const byRows = rows <= columns;
  const [n, m] = byRows ? [rows, columns] : [columns, rows];
  const at = (i: number, k: number) => (byRows ? data[i * columns + k] : data[k * columns + i]);
  const got = new Float32Array(n * n);
  const want = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    want[i * n + i] = scale * scale;
    for (let j = 0; j < n; j++) for (let k = 0; k < m; k++) got[i * n + j] += at(i, k) * at(j, k);
  }
  const square = { shape: [n, n], dtype: 'float32' } as const;
  compare('products of rows', { ...square, data: got }, { ...square, data: want }, group.tolerance(testCase));
}

function runFill(group: Group, testCase: InitializerCase): void {
  if (testCase.raises) {
    try {
      fill(testCase);
    } catch (error) {
      if (error instanceof RensaError) return;
      throw error;
    }
    throw new Mismatch(`${testCase.op} accepted what it must refuse`);
  }
  np.random.seed(SEED);
  const got = fill(testCase);
  const { draws, property, scale = 1, outputs = [], shape, name } = testCase;
  if (draws) compare('draws', got, drawn(draws, shape), group.tolerance(testCase));
  else if (property) checkOrthogonal(got, scale, group, testCase);
  else for (const entry of outputs) compare('y', got, group.host(name, entry), group.tolerance(testCase));
}

type Shapes = Readonly<Record<string, readonly number[]>>;

/** The constructor arguments that give parameters of these shapes. */
const LINK_ARGUMENTS: Readonly<Record<string, (shapes: Shapes) => unknown[]>> = {
  BatchNormalization: ({ beta }) => [beta[0]],
  Bias: ({ b }) => [1, b],
  Bilinear: ({ W }) => [W[0], W[1], W[2]],
  Convolution2D: ({ W }) => [W[1], W[0], W.slice(2)],
  Deconvolution2D: ({ W }) => [W[0], W[1], W.slice(2)],
  DepthwiseConvolution2D: ({ W }) => [W[1], W[0], W.slice(2)],
  DilatedConvolution2D: ({ W }) => [W[1], W[0], W.slice(2)],
  EmbedID: ({ W }) => [W[0], W[1]],
  GroupNormalization: ({ beta }) => [1, beta[0]],
  LayerNormalization: ({ beta }) => [beta[0]],
  Linear: ({ W }) => [W[1], W[0]],
  PReLU: ({ W }) => [W],
  Scale: ({ W }) => [1, W, { biasTerm: true }],
  Swish: ({ beta }) => [beta],
};

/** Every element is the one value listed, or the elements are those listed. */
function constant(shape: readonly number[], values: readonly number[]): DeviceReadyArray {
  const size = shape.reduce((n, m) => n * m, 1);
  return { shape, dtype: 'float32', data: Float32Array.from({ length: size }, (_, i) => values[i % values.length]) };
}

function runLink(group: Group, testCase: LinkCase): void {
  const { link: kind, params, draws, b_is: b, input_shape: inputShape } = testCase;
  const shapes = Object.fromEntries(params.map(({ name, shape }) => [name.slice(1), shape]));
  const args = LINK_ARGUMENTS[kind];
  if (!args) throw new Mismatch(`no rule to make an L.${kind} of such parameters`);
  np.random.seed(SEED);
  // If an input is given, the link infers the number of input channels from it.
  const link = construct(`L.${kind}`, ...(inputShape ? [null, ...args(shapes).slice(1)] : args(shapes)));
  if (!(link instanceof Link)) throw new Mismatch(`L.${kind} makes no link`);
  if (inputShape && typeof link === 'function') Reflect.apply(link, undefined, [np.zeros(inputShape)]);
  const found = new Map(link.namedParams());
  for (const { name, shape, values = name === '/b' ? b : undefined } of params) {
    const parameter = found.get(name);
    if (!parameter) throw new Mismatch(`there is no parameter ${name}`);
    const isFirstDrawn = draws && name === params[0].name;
    if (values) compare(name, valuesOf(parameter), constant(shape, values), group.tolerance(testCase));
    else if (isFirstDrawn) {
      // The parameters are listed by name; a Bilinear draws its W first.
      const before = kind === 'Bilinear' ? sizeOf(shapes.W) : 0;
      compare(name, valuesOf(parameter), drawn(draws, shape, before), group.tolerance(testCase));
    } else if (parameter.shape.join() !== shape.join()) throw new Mismatch(`${name} has shape (${parameter.shape})`);
  }
}

/** Runs one case. */
export function runInitializer(group: Group, testCase: Case): void {
  if (testCase.op === 'link_default') runLink(group, testCase as LinkCase);
  else runFill(group, testCase as InitializerCase);
}

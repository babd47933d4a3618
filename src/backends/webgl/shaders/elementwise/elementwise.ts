/**
 * Elementwise operations on up to three operands, which broadcast to the output: unary, binary, where, cast, affine, and the last step of
 * softmax. The shader reads an operand in the cheapest way that its shape allows:
 *
 * - `same`: the operand has the output's shape, so texels correspond, and the shader computes no index;
 * - `number`: the operand is a uniform;
 * - `one`: the operand has one element;
 * - `row`, `splat`: rows are divisible by four, so an output's texel needs one texel, or one element, of the operand;
 * - `view`: the shader reads element by element.
 */

import { broadcastStrides, sizeOf } from '../../../shapes.js';
import type { Painter, Uniform } from '../../painter.js';
import type { Kernel } from '../../program-cache.js';
import { type Kind, kindOf, type TextureMemory, type TextureTensor } from '../../storage.js';
import { collapseToLoop, divisibleBy4 } from '../../views.js';
import { fragment, VECTOR, wrap } from '../glsl.js';
import { type LibraryName, library } from '../math/library.js';

type Operand = TextureTensor | number;
type Access = 'same' | 'number' | 'one' | 'row' | 'splat' | 'view';

export interface ElementwiseOperation {
  /** The name of the operation: unique among all elementwise kernels of the same operand types. */
  readonly name: string;
  /** The body of a GLSL function whose parameters are the operands, and which returns an element of the output. */
  readonly body: string;
  readonly uses?: readonly LibraryName[];
  /** The operands by name. `numbers`: the kind of operands that are numbers. */
  readonly operands: Readonly<Record<string, Operand>>;
  readonly numbers?: Kind;
}

interface Reading {
  readonly name: string;
  readonly kind: Kind;
  readonly access: Access;
}

export function elementwise(painter: Painter, operation: ElementwiseOperation, out: TextureTensor): void {
  const size = sizeOf(out.shape);
  if (size === 0) return;
  const names = Object.keys(operation.operands);
  const strided = names.filter((name) => isStrided(operation.operands[name], size));
  const { shape, strides } = collapseToLoop({
    shape: out.shape,
    strides: strided.map((name) => broadcastStrides((operation.operands[name] as TextureTensor).shape, out.shape)),
  });
  const accesses = accessesOf(shape, strides);

  const inputs: Record<string, TextureMemory> = {};
  const uniforms: Record<string, Uniform> = strided.length > 0 ? { shape } : {};
  const readings = names.map((name): Reading => {
    const operand = operation.operands[name];
    if (typeof operand === 'number') {
      uniforms[name] = operand;
      return { name, kind: operation.numbers ?? kindOf(out.dtype), access: 'number' };
    }
    inputs[name] = operand.memory;
    const kind = kindOf(operand.dtype);
    const place = strided.indexOf(name);
    if (place < 0) return { name, kind, access: sizeOf(operand.shape) === size ? 'same' : 'one' };
    uniforms[`${name}_strides`] = strides[place];
    return { name, kind, access: accesses[place] };
  });
  painter.draw(kernelFor(operation, readings, shape.length, out.dtype), { inputs, uniforms, outputs: [out.memory] });
}

/** Whether an operand is neither a number, nor as large as the output, nor a single element. */
function isStrided(operand: Operand, outSize: number): boolean {
  if (typeof operand === 'number') return false;
  const size = sizeOf(operand.shape);
  return size !== 1 && size !== outSize;
}

function accessesOf(shape: readonly number[], strides: readonly (readonly number[])[]): Access[] {
  const last = shape.length - 1;
  const wide =
    divisibleBy4(shape[last]) &&
    strides.every((view) => view[last] === 0 || (view[last] === 1 && divisibleBy4(...view.slice(0, last))));
  return strides.map((view) => (wide ? (view[last] === 0 ? 'splat' : 'row') : 'view'));
}

function kernelFor(
  { name, body, uses = [] }: ElementwiseOperation,
  readings: readonly Reading[],
  rank: number,
  dtype: TextureTensor['dtype'],
): Kernel {
  const kind = kindOf(dtype);
  const indexed = readings.filter(({ access }) => access === 'row' || access === 'splat' || access === 'view');
  const signature = readings.map((reading) => `${reading.kind}:${reading.access}`).join(',');
  const key = `elementwise ${name} ${signature}${indexed.length > 0 ? ` rank ${rank}` : ''} → ${dtype}`;
  return {
    key,
    fragment: () =>
      fragment({
        inputs: Object.fromEntries(
          readings.filter(({ access }) => access !== 'number').map((reading) => [reading.name, reading.kind]),
        ),
        outputs: [kind],
        body: [
          ...readings.filter(({ access }) => access === 'number').map((r) => `uniform ${r.kind} ${r.name};\n`),
          indexed.length > 0 ? locate(indexed, rank) : '',
          library(uses),
          `${kind} operation(${readings.map((r) => `${r.kind} ${r.name}`).join(', ')}) {\n${body}\n}\n`,
          main(readings, indexed, kind, dtype),
        ].join(''),
      }),
  };
}

/** GLSL of the function that finds each indexed operand's element for element `i` of the output. */
function locate(indexed: readonly Reading[], rank: number): string {
  const step = (axis: number, coordinate: string) =>
    indexed.map(({ name }) => `  ${name}_i += ${coordinate} * ${name}_strides[${axis}];\n`).join('');
  const steps = Array.from({ length: rank }, (_, k) => rank - 1 - k).map((axis) =>
    axis === 0
      ? step(0, 'i')
      : `  q = i / shape[${axis}];\n  c = i - q * shape[${axis}];\n  i = q;\n${step(axis, 'c')}`,
  );
  return `
uniform int shape[${rank}];
${indexed.map(({ name }) => `uniform int ${name}_strides[${rank}];`).join('\n')}
void locate(int i, ${indexed.map(({ name }) => `out int ${name}_i`).join(', ')}) {
  int q, c;
${indexed.map(({ name }) => `  ${name}_i = 0;\n`).join('')}${steps.join('')}}
`;
}

function main(readings: readonly Reading[], indexed: readonly Reading[], kind: Kind, dtype: string): string {
  const vector = (r: Reading) => VECTOR[r.kind];
  const load: Record<Access, (r: Reading) => string> = {
    same: (r) => `${r.name}_here()`,
    number: (r) => `${vector(r)}(${r.name})`,
    one: (r) => `${vector(r)}(${r.name}_at(0))`,
    row: (r) => `${r.name}_texel(${r.name}_i >> 2)`,
    splat: (r) => `${vector(r)}(${r.name}_at(${r.name}_i))`,
    view: (r) => `${vector(r)}(0)`,
  };
  const loads = readings.map((r) => `  ${vector(r)} ${r.name}_v = ${load[r.access](r)};\n`).join('');
  const views = indexed.filter(({ access }) => access === 'view');
  const located = `locate(${['i', ...indexed.map(({ name }) => `${name}_i`)].join(', ')})`;
  const declare =
    indexed.length > 0 ? `  int i = texel() << 2;\n  int ${indexed.map((r) => `${r.name}_i`).join(', ')};\n` : '';
  // A view locates each of the four elements by itself.
  const lanes = ['x', 'y', 'z', 'w'].map(
    (lane) =>
      `  ${located};\n${views.map((r) => `  ${r.name}_v.${lane} = ${r.name}_at(${r.name}_i);\n`).join('')}  ++i;\n`,
  );
  const results = ['x', 'y', 'z', 'w'].map(
    (lane) => `operation(${readings.map((r) => `${r.name}_v.${lane}`).join(', ')})`,
  );
  return `
void main() {
${declare}${indexed.length > 0 && views.length === 0 ? `  ${located};\n` : ''}${loads}${views.length > 0 ? lanes.join('') : ''}
  out0 = ${wrap(dtype, `${VECTOR[kind]}(${results.join(', ')})`)};
}
`;
}

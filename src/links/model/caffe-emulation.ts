/** The emulation of a layer of Caffe, and readers of the layer's arrays. See `caffe-layers.ts` for the types of layers. */
import type { Link } from '../../core/link.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { FormatError } from '../../errors.js';
import { type CaffeBlob, type CaffeLayer, decodeBlob } from '../../formats/caffemodel.js';
import { narrow } from '../../formats/host-array.js';
import type { Budget } from '../../formats/limits.js';
import { quoted, shortened } from '../../formats/quoted.js';
import type { TypedArray } from '../../ndarray/np.js';
import { formatShape, type Shape, sizeOf } from '../../ndarray/shape.js';

type Outputs = Variable | readonly Variable[];

/** The emulation of a layer: a function of its bottoms, and the link with its parameters if it has any. */
export interface Emulation {
  readonly link?: Link;
  /** `link`: the link above, or its copy if the net was copied. */
  run(bottoms: readonly VariableLike[], link: Link | undefined): Outputs;
}

/** The library whose rules poolings follow where the two differ. */
export type CaffePooling = 'caffe' | 'chainer';

/** Settings of a whole net. */
export interface CaffeNetSettings {
  readonly pooling: CaffePooling;
  /** Limits for the file and for a layer's output. */
  readonly budget: Budget;
}

/** Builds the emulation of a layer. */
export type Build = (layer: CaffeLayer, settings: CaffeNetSettings) => Emulation;

/** An emulation without parameters. */
export const pure = (run: (...bottoms: VariableLike[]) => Outputs): Emulation => ({
  run: (bottoms) => run(...bottoms),
});

/** An emulation that calls a link. */
export const calling = <L extends Link>(
  link: L,
  call: (link: L, ...bottoms: VariableLike[]) => Variable,
): Emulation => ({
  link,
  // A copy of a link has the class of the link.
  run: (bottoms, own) => call(own as L, ...bottoms),
});

/** The name of a layer in errors. */
export const named = ({ name, type }: CaffeLayer): string =>
  `CaffeFunction: layer ${quoted(name)} (${shortened(type)})`;

/** @throws FormatError always. */
export function unsupported(layer: CaffeLayer, what: string): never {
  throw new FormatError(`${named(layer)}: ${what} is not supported`);
}

/** The `i`-th array of a layer. @throws FormatError if it has none. */
export function blobOf(layer: CaffeLayer, i: number): CaffeBlob {
  const blob = layer.blobs[i];
  if (!blob) throw new FormatError(`${named(layer)} needs blob ${i}, but has ${layer.blobs.length}`);
  return blob;
}

/**
 * The elements of a blob, which must be as many as those of an array of `shape`. Call it before making an array: a damaged file can
 * declare any size.
 */
export function elementsOf(layer: CaffeLayer, i: number, shape: Shape): TypedArray {
  const blob = blobOf(layer, i);
  if (sizeOf(blob.shape) !== sizeOf(shape)) {
    throw new FormatError(`${named(layer)}: blob ${i} is ${formatShape(blob.shape)}, not ${formatShape(shape)}`);
  }
  return narrow(decodeBlob(blob)).data;
}

/** Outputs up to this many times the bottom's size are always allowed: first convolutions of nets give 32 times as much. */
const USUAL_GROWTH = 64;

/**
 * Refuses a large output that a file of a few bytes asks for by its strides and padding: more than `limits.bytes`, and more than 64 times
 * the bottom x.
 *
 * @param shape the shape of the output
 */
export function checkGrowth(layer: CaffeLayer, budget: Budget, x: { readonly shape: Shape }, shape: Shape): void {
  const size = sizeOf(shape);
  if (size > USUAL_GROWTH * sizeOf(x.shape)) budget.check('bytes', 4 * size, `${named(layer)}: its output`);
}

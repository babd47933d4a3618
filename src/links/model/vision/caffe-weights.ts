/** Copies the arrays of a .caffemodel into links, layer by layer, without making links of the whole net first. */
import type { Parameter } from '../../../core/parameter.js';
import { FormatError } from '../../../errors.js';
import { type CaffeBlob, type CaffeLayer, type CaffeNet, decodeBlob } from '../../../formats/caffemodel.js';
import { narrow } from '../../../formats/host-array.js';
import { quoted } from '../../../formats/quoted.js';
import type { NDArray, TypedArray } from '../../../ndarray/np.js';
import { formatShape, type Shape, sameShape } from '../../../ndarray/shape.js';
import type { BatchNormalization } from '../../normalization/batch-normalization.js';

/** A convolution or a linear layer. */
interface Weighted {
  readonly W: Parameter;
  readonly b: Parameter | null;
}

/** A link, and the layer with its arrays; for a normalization, also the layer with its scale. */
export type CaffeSource =
  | readonly [link: Weighted, layer: string]
  | readonly [link: BatchNormalization, layer: string, scale: string];

/** A shape without leading ones: old files have four sizes. */
const squeezed = (shape: Shape) =>
  shape.slice(
    Math.max(
      0,
      shape.findIndex((size) => size !== 1),
    ),
  );

function layerOf(net: CaffeNet, name: string): CaffeLayer {
  const layer = net.layers.find((candidate) => candidate.name === name);
  if (!layer) throw new FormatError(`caffemodel ${quoted(net.name)}: there is no layer '${name}'`);
  return layer;
}

/** The elements of a blob, which must have this shape. */
function elementsFor(layer: CaffeLayer, i: number, shape: Shape): TypedArray {
  const blob: CaffeBlob | undefined = layer.blobs[i];
  if (!blob || !sameShape(squeezed(blob.shape), squeezed(shape))) {
    const got = blob ? `is ${formatShape(blob.shape)}` : 'is not there';
    throw new FormatError(
      `caffemodel: blob ${i} of layer ${quoted(layer.name)} ${got}, expected ${formatShape(shape)}`,
    );
  }
  return narrow(decodeBlob(blob)).data;
}

function setWeights(net: CaffeNet, { W, b }: Weighted, name: string): void {
  const layer = layerOf(net, name);
  W.array.set(elementsFor(layer, 0, W.shape));
  // A layer without a bias has the bias 0, which is the initial value of b.
  if (b && layer.blobs.length > 1) b.array.set(elementsFor(layer, 1, b.shape));
}

function setStatistics(net: CaffeNet, link: BatchNormalization, name: string, scaleName: string): void {
  const layer = layerOf(net, name);
  const divisor = layer.blobs.length > 2 ? elementsFor(layer, 2, [1])[0] : 1;
  const set = (array: NDArray | null, i: number) =>
    array?.set(elementsFor(layer, i, array.shape).map((v) => (divisor === 0 ? 0 : v / divisor)));
  set(link.avgMean, 0);
  set(link.avgVar, 1);
  const scale = layerOf(net, scaleName);
  for (const [i, param] of [link.gamma, link.beta].entries()) param?.array.set(elementsFor(scale, i, param.shape));
}

/** Sets the arrays of links to those of a net. @throws FormatError if a layer is missing or has arrays of other shapes. */
export function setFromCaffe(net: CaffeNet, sources: Iterable<CaffeSource>): void {
  for (const [link, layer, scale] of sources) {
    if (scale === undefined) setWeights(net, link as Weighted, layer);
    else setStatistics(net, link as BatchNormalization, layer, scale);
  }
}

/**
 * Reading windows over any number of spatial axes out as columns (`unfold`), and adding columns back (`fold`), as differentiable
 * functions. Each is the gradient of the other. Convolution and pooling over three and more axes compute with the columns.
 *
 *   x (N, C, d…) ──pad──▶ (N·C, d′…) ──strided view──▶ (N·C, k…, o…) = columns (N, C, Πk, Πo)
 */
import type { StridedView } from '../../backends/primitives.js';
import { FunctionNode } from '../../core/function-node.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { addToView, readView } from '../../ndarray/manipulation.js';
import { type NDArray, pad as padArray, zeros } from '../../ndarray/np.js';
import { type Shape, sizeOf, stridesOf } from '../../ndarray/shape.js';

/** The sizes and steps of windows: each list has one entry for each spatial axis. */
export interface Windows {
  readonly ksize: readonly number[];
  readonly stride: readonly number[];
  readonly pad: readonly number[];
  readonly dilation: readonly number[];
  /** The number of windows along each axis. */
  readonly counts: readonly number[];
}

/** The padded array in which every window lies, and the view that reads window after window. */
interface Frame {
  /** The padding (before, after) of each axis, batch and channels included. */
  readonly widths: readonly (readonly [number, number])[];
  readonly padded: Shape;
  readonly view: StridedView;
  /** The shape that the view reads: (N·C, k…, o…). */
  readonly viewShape: Shape;
}

function frameOf(shape: Shape, { ksize, stride, pad, dilation, counts }: Windows): Frame {
  const [n, c, ...lengths] = shape;
  const widths: [number, number][] = lengths.map((length, i) => {
    const reach = (counts[i] - 1) * stride[i] + (ksize[i] - 1) * dilation[i] + 1;
    return [pad[i], Math.max(0, reach - pad[i] - length)];
  });
  const padded = [n, c, ...lengths.map((length, i) => length + widths[i][0] + widths[i][1])];
  const [, image, ...steps] = stridesOf(padded);
  const strides = [image, ...steps.map((step, i) => step * dilation[i]), ...steps.map((step, i) => step * stride[i])];
  return {
    widths: [[0, 0], [0, 0], ...widths],
    padded,
    view: { offset: 0, strides },
    viewShape: [n * c, ...ksize, ...counts],
  };
}

class Unfold extends FunctionNode {
  #from: Shape = [];

  constructor(
    private readonly windows: Windows,
    private readonly padding: number,
  ) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.save();
    this.#from = x.shape;
    const { widths, view, viewShape } = frameOf(x.shape, this.windows);
    const columns = readView(padArray(x, widths, this.padding), viewShape, view);
    return [columns.reshape(columnShape(x.shape, this.windows))];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return [fold(gy, this.windows, this.#from)];
  }
}

class Fold extends FunctionNode {
  constructor(
    private readonly windows: Windows,
    private readonly shape: Shape,
  ) {
    super();
  }

  override forward([columns]: readonly NDArray[]): NDArray[] {
    this.save();
    const { widths, padded, view, viewShape } = frameOf(this.shape, this.windows);
    const sums = zeros(padded, { dtype: columns.dtype, device: columns.device.name });
    addToView(columns.reshape(viewShape), sums, view);
    const strides = stridesOf(padded);
    const offset = widths.reduce((at, [before], k) => at + before * strides[k], 0);
    return [readView(sums, this.shape, { offset, strides })];
  }

  override backward(_targets: readonly number[], [gx]: readonly Variable[]): Variable[] {
    return [unfold(gx, this.windows)];
  }
}

function columnShape([n, c]: Shape, { ksize, counts }: Windows): number[] {
  return [n, c, sizeOf(ksize), sizeOf(counts)];
}

/** The elements of each window: x (N, C, d…) → (N, C, Πk, Πo). Elements outside x are `padding`. */
export function unfold(x: VariableLike, windows: Windows, padding = 0): Variable {
  return new Unfold(windows, padding).apply([x])[0];
}

/** Columns (N, C, Πk, Πo) added up to an array of `shape` (N, C, d…), in which windows overlap: the adjoint of {@link unfold}. */
export function fold(columns: VariableLike, windows: Windows, shape: Shape): Variable {
  return new Fold(windows, shape).apply([columns])[0];
}

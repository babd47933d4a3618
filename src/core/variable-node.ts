/** A node of the graph: what backward needs to know of a variable, without its data unless a function retains it. */
import { type Reaching, reach } from '../ndarray/lifetime.js';
import type { DType, NDArray } from '../ndarray/np.js';
import type { Shape } from '../ndarray/shape.js';
import type { FunctionNode } from './function-node.js';
import type { Variable } from './variable.js';

/** One variable of a computational graph; follows chainer.variable.VariableNode. */
export class VariableNode implements Reaching {
  /** The function this is an output of; null for leaves. */
  creator: FunctionNode | null = null;
  /** Longest distance from a leaf; functions run backward in descending order of it. */
  rank = 0;
  grad: Variable | null = null;
  /** The data, once a function has retained it. */
  array: NDArray | null = null;

  constructor(
    readonly shape: Shape,
    readonly dtype: DType,
    readonly requiresGrad: boolean,
    public name: string | null,
  ) {}

  [reach](visit: (value: unknown) => void): void {
    visit(this.array);
    visit(this.grad);
    visit(this.creator);
  }
}

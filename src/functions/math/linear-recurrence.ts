/** The linear recurrence yᵢ = aᵢ·yᵢ₋₁ + bᵢ along the first axis, for gradients of products: it needs no division. */
import { FunctionNode } from '../../core/function-node.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { getItem } from '../../ndarray/indexing.js';
import { add, multiply, type NDArray, pad } from '../../ndarray/np.js';
import { Slice } from '../../ndarray/slice.js';
import { mul } from './multiply.js';

/** The neighbour that yᵢ is computed from: 1 is yᵢ₋₁, -1 is yᵢ₊₁. */
export type Direction = 1 | -1;

/** x moved by some positions along its first axis. Positions that become free are `fill`. */
function shifted(x: NDArray, places: number, fill: number): NDArray {
  const n = x.shape[0];
  const by = Math.min(Math.abs(places), n);
  const kept = getItem(x, [places > 0 ? new Slice(0, n - by, 1) : new Slice(by, n, 1)]);
  const rest = new Array<[number, number]>(x.ndim - 1).fill([0, 0]);
  return pad(kept, [places > 0 ? [by, 0] : [0, by], ...rest], fill);
}

class Shift extends FunctionNode {
  constructor(
    private readonly direction: Direction,
    private readonly fill: number,
  ) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.save();
    return [shifted(x, this.direction, this.fill)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return [shift(gy, this.direction === 1 ? -1 : 1, 0)];
  }
}

/** yᵢ = xᵢ₋₁ (direction 1) or xᵢ₊₁ (direction -1) along the first axis, `fill` at the end. */
export function shift(x: VariableLike, direction: Direction, fill: number): Variable {
  return new Shift(direction, fill).apply([x])[0];
}

class LinearRecurrence extends FunctionNode {
  constructor(private readonly direction: Direction) {
    super();
  }

  /**
   * Each element is a map y ↦ a·y + b of its neighbour. Maps compose, so log n rounds of whole-array operations join spans of 1, 2, 4, …
   * elements (Hillis and Steele, 1986).
   */
  override forward([a, b]: readonly NDArray[]): NDArray[] {
    this.save();
    this.retainInputs(0);
    this.retainOutputs(0);
    let [factor, y] = [a, b];
    for (let span = 1; span < b.shape[0]; span *= 2) {
      const places = span * this.direction;
      y = add(y, multiply(factor, shifted(y, places, 0)));
      factor = multiply(factor, shifted(factor, places, 0));
    }
    return [y];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [a] = this.getRetainedInputs();
    const [y] = this.getRetainedOutputs();
    const opposite = this.direction === 1 ? -1 : 1;
    const gb = linearRecurrence(shift(a, opposite, 0), gy, opposite);
    return targets.map((i) => (i === 0 ? mul(gb, shift(y, this.direction, 0)) : gb));
  }
}

/** yᵢ = aᵢ·yᵢ₋₁ + bᵢ along the first axis, or aᵢ·yᵢ₊₁ + bᵢ; a and b have one shape, and y outside is 0. */
export function linearRecurrence(a: VariableLike, b: VariableLike, direction: Direction): Variable {
  return new LinearRecurrence(direction).apply([a, b])[0];
}

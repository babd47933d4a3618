/**
 * Taking positions of an axis, in any order and any number of times, and adding back to them, as differentiable functions. Each is the
 * gradient of the other. Callers check the positions.
 */
import { FunctionNode } from '../../core/function-node.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { gather } from '../../ndarray/manipulation.js';
import { fromHost } from '../../ndarray/ndarray.js';
import { type NDArray, zeros } from '../../ndarray/np.js';
import { arrayOf } from '../arguments/operands.js';

class TakeAlong extends FunctionNode<readonly NDArray[], [places: NDArray]> {
  #length = 0;

  constructor(
    places: NDArray,
    private readonly axis: number,
  ) {
    super();
    this.save(places);
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    const [places] = this.saved;
    this.#length = x.shape[this.axis];
    return [gather(x, places, this.axis)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return [addAlong(gy, ...this.saved, this.axis, this.#length)];
  }
}

class AddAlong extends FunctionNode<readonly NDArray[], [places: NDArray]> {
  constructor(
    places: NDArray,
    private readonly axis: number,
    private readonly length: number,
  ) {
    super();
    this.save(places);
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    const [places] = this.saved;
    const shape = x.shape.map((n, k) => (k === this.axis ? this.length : n));
    const y = zeros(shape, { dtype: x.dtype, device: x.device.name });
    x.device.scatterAdd(x, places, this.axis, y);
    return [y];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return new TakeAlong(...this.saved, this.axis).apply([gy]);
  }
}

/** y[…, j, …] = x[…, places[j], …] along a non-negative axis; a list of positions is moved to x's device. */
export function takeAlong(x: VariableLike, places: NDArray | readonly number[], axis: number): Variable {
  const held =
    'storage' in places ? places : fromHost(Int32Array.from(places), [places.length], 'int32', arrayOf(x).device);
  return new TakeAlong(held, axis).apply([x])[0];
}

/** y[…, places[j], …] += x[…, j, …], y zeros of `length` along the axis: the adjoint of {@link takeAlong}. */
export function addAlong(x: VariableLike, places: NDArray, axis: number, length: number): Variable {
  return new AddAlong(places, axis, length).apply([x])[0];
}

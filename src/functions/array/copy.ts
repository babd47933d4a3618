import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { type DeviceName, getDevice } from '../../ndarray/device.js';
import { copy as copyArray, type NDArray, toDevice } from '../../ndarray/np.js';
import { type FunctionOperand, input } from '../arguments/operands.js';

class Copy extends FunctionNode {
  readonly #to: DeviceName;
  #from: DeviceName;

  constructor(to: DeviceName) {
    super();
    this.#to = to;
    this.#from = to;
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.#from = x.device.name;
    return [this.#from === this.#to ? copyArray(x) : toDevice(x, this.#to)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return [copy(gy, this.#from)];
  }
}

/**
 * A copy of x on a device. The gradient is copied back to the device of x. A copy from a GPU waits for all work before it. Follows
 * chainer.functions.copy.
 *
 * @throws DeviceError if the device is not ready, DTypeError if it does not hold x's dtype.
 */
export function copy(x: FunctionOperand, dst: DeviceName): Variable {
  x = input('copy', 'x', x);
  getDevice(dst);
  return new Copy(dst).apply([x])[0];
}

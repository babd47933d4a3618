/** The check of `ratio`, the probability that an element is dropped, and random masks. */
import { ValueError } from '../../errors.js';
import type { Device } from '../../ndarray/device.js';
import { greaterEqual, type NDArray, random } from '../../ndarray/np.js';
import type { Shape } from '../../ndarray/shape.js';

/** Refuses a ratio outside [0, 1). */
export function checkRatio(op: string, ratio: number): void {
  if (!(ratio >= 0 && ratio < 1)) throw new ValueError(`${op}: ratio is ${ratio}, expected a number in [0, 1)`);
}

/** A bool array, each element true with probability 1 − ratio, drawn by the device. */
export function drawKept(ratio: number, shape: Shape, device: Device): NDArray {
  return greaterEqual(random.drawOnDevice('uniform', shape, device), ratio);
}

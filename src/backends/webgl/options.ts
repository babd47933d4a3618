/** How to make a WebGL2 backend. */

import { ValueError } from '../../errors.js';
import { inWords } from '../../options.js';
import type { Precision } from '../backend.js';
import type { Canvas } from './context.js';

export interface WebglBackendOptions {
  /**
   * What to take the WebGL2 context from, on a page or in a worker; nothing is drawn on it. Default: a canvas of its
   * own, off screen.
   */
  canvas?: Canvas;
  /**
   * What float32 arrays are stored as. 'float32' needs the extension EXT_color_buffer_float, and is refused without.
   * 'float16' halves memory and traffic: 11 significant bits, numbers up to 65,504; kernels compute in float32 and round when
   * they store. 'auto' takes float32 where the device can, else float16. Which one it is stands in `printRuntimeInfo` and
   * `checkDevice`. Default: 'float32'.
   */
  precision?: Precision | 'auto';
  /**
   * How many bytes textures may take. Beyond it, arrays longest unused move to host memory until they are used again; what
   * a single operation needs at once is not refused. Default: no limit, arrays move when the driver has no more memory.
   */
  memoryBudget?: number;
  /**
   * Keep on the host a copy of each array that was written from there, until a kernel changes it, so that it survives the
   * loss of the context. Default: false; single arrays are kept by `keepHostCopy`.
   */
  keepWritten?: boolean;
}

const PRECISIONS: readonly unknown[] = ['float32', 'float16', 'auto'] satisfies WebglBackendOptions['precision'][];

/** Refuses values that an option does not have: they would silently mean the default. @throws ValueError */
export function checkWebglOptions({
  precision = 'float32',
  memoryBudget = 0,
  keepWritten = false,
}: WebglBackendOptions): void {
  const refuse = (name: string, value: unknown, expected: string) => {
    throw new ValueError(`webgl: ${name} is ${inWords(value)}, expected ${expected}`);
  };
  if (!PRECISIONS.includes(precision)) refuse('precision', precision, "'float32', 'float16' or 'auto'");
  if (typeof memoryBudget !== 'number' || !(memoryBudget >= 0))
    refuse('memoryBudget', memoryBudget, 'a number of bytes');
  if (typeof keepWritten !== 'boolean') refuse('keepWritten', keepWritten, 'true or false');
}

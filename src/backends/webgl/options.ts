/** The options of the WebGL2 backend. */

import { ValueError } from '../../errors.js';
import { inWords } from '../../options.js';
import type { Precision } from '../backend.js';
import type { Canvas } from './context.js';

export interface WebglBackendOptions {
  /**
   * webgl: the canvas that provides the WebGL2 context, on a page or in a worker. The backend never shows anything on it. Default: a
   * new canvas off screen.
   */
  canvas?: Canvas;
  /**
   * webgl: the precision in which float32 arrays are stored. 'float32' needs the extension EXT_color_buffer_float, and throws without it.
   * 'float16' halves memory and traffic: numbers have 11 significant bits and are at most 65,504; kernels compute in float32 and round when
   * they store. 'auto' takes float32 if the device supports it, else float16. `printRuntimeInfo` and `checkDevice` show the precision.
   * Default: 'float32'.
   */
  precision?: Precision | 'auto';
  /**
   * webgl: the most bytes that textures may take. Beyond this budget, the arrays that were unused for the longest time move to host memory
   * until their next use. A single operation may exceed the budget. Default: no limit; arrays move when the driver has no more memory.
   */
  memoryBudget?: number;
  /**
   * webgl: whether each array that the host writes keeps a copy on the host until a kernel changes the array. Such an array survives the
   * loss of the context. Default: false; see `keepHostCopy` for single arrays.
   */
  keepWritten?: boolean;
}

const PRECISIONS: readonly unknown[] = ['float32', 'float16', 'auto'] satisfies WebglBackendOptions['precision'][];

/** Refuses unknown values of options, which would silently mean the default. @throws ValueError */
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

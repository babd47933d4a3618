/** Arrays as text, as NumPy writes them: rows under rows, aligned elements, large arrays without their middle. */

import { INSPECT_IN_DENO, shapeText } from '../printing.js';
import { type ArrayLike, operand } from './conversion.js';
import { elementText } from './element-text.js';
import { isGpu } from './inspection.js';
import { NDArray } from './ndarray.js';
import { getPrintoptions, type PrintOptions, withOptions } from './print-options.js';
import { isRecording } from './recording.js';
import { sizeOf } from './shape.js';

/** The elements on the host, or the reason in words why they cannot be shown now. */
function elementsOf(x: NDArray) {
  if (x.storage.freed) return 'freed';
  if (isRecording()) return 'known when the model that is being compiled runs';
  // Reading waits for all earlier work of the GPU.
  if (isGpu(x.device)) return 'await x.data()';
  try {
    return x.dataSync();
  } catch {
    return 'no memory to show the elements';
  }
}

/** The layout of an array's elements. */
interface Layout {
  readonly separator: string;
  /** The text before the elements. Later lines are indented by its width. */
  readonly prefix: string;
  /** The text after the elements. */
  readonly suffix: string;
}

/** The elements of an array in brackets, or the reason in words why they cannot be shown. */
function layOut(x: NDArray, { separator, prefix, suffix }: Layout, options: Required<PrintOptions>): string {
  const data = elementsOf(x);
  if (typeof data === 'string') return data;
  const { shape, ndim } = x;
  if (x.size === 0) return '[]';
  const { edgeitems: edge, threshold } = options;
  const isSummary = x.size > threshold;
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  /** The indices along each axis that are shown. */
  const indices = shape.map((n) => {
    const isCut = isSummary && n > 2 * edge;
    return Array.from({ length: isCut ? 2 * edge : n }, (_, i) => (isCut && i >= edge ? n - 2 * edge + i : i));
  });
  const visible: number[] = [];
  const collect = (axis: number, at: number): void => {
    if (axis === ndim) visible.push(data[at]);
    else for (const i of indices[axis]) collect(axis + 1, at + i * strides[axis]);
  };
  collect(0, 0);
  const text = elementText(visible, x.dtype, ndim, options);
  const write = (axis: number, at: number, indentation: string, width: number): string => {
    if (axis === ndim) return text(data[at]);
    const isCut = indices[axis].length < shape[axis];
    const words = indices[axis].map((i) => write(axis + 1, at + i * strides[axis], `${indentation} `, width - 1));
    if (isCut) words.splice(edge, 0, '...');
    if (axis < ndim - 1) {
      const between = separator.trimEnd() + '\n'.repeat(ndim - 1 - axis);
      return `[${words.join(between + indentation)}]`;
    }
    return `[${wrapped(words, separator, indentation, width).slice(indentation.length)}]`;
  };
  return write(0, 0, ' '.repeat(prefix.length + 1), options.linewidth - suffix.length);
}

/** Words in lines of limited width, each line with an indentation. */
function wrapped(words: readonly string[], separator: string, indentation: string, width: number): string {
  const most = width - Math.max(separator.trimEnd().length, 1);
  const lines: string[] = [];
  let line = indentation;
  words.forEach((word, i) => {
    if (line.length + word.length > most && line.length > indentation.length) {
      lines.push(line.trimEnd());
      line = indentation;
    }
    line += word + (i < words.length - 1 ? separator : '');
  });
  return [...lines, line].join('\n');
}

/**
 * `array([[1., 2.], [3., 4.]], shape=(2, 2), dtype=float32)`, with another word for `array` and more properties after the dtype.
 * Never throws, and never waits for a GPU.
 */
export function arrayText(word: string, x: NDArray, more: readonly string[] = [], options = getPrintoptions()): string {
  const head = `${word}(${layOut(x, { separator: ', ', prefix: `${word}(`, suffix: ')' }, options)},`;
  const device = x.device.name === 'wasm' ? [] : [`device=${x.device.name}`];
  const tail = `${[`shape=${shapeText(x.shape)}`, `dtype=${x.dtype}`, ...device, ...more].join(', ')})`;
  const lastLine = head.length - (head.lastIndexOf('\n') + 1);
  const isTooLong = lastLine + tail.length + 1 > options.linewidth;
  return head + (isTooLong ? `\n${' '.repeat(word.length + 1)}` : ' ') + tail;
}

/**
 * The text of `console.log(x)` and `String(x)`: `array([1., 2.], shape=(2,), dtype=float32)`. Unlike numpy.array_repr it always names
 * the shape and the dtype, and writes booleans as JavaScript does. Freed arrays and arrays on a GPU say so in place of elements.
 */
export function arrayRepr(x: ArrayLike, options: PrintOptions = {}): string {
  return arrayText('array', operand('arrayRepr', 'x', x), [], withOptions('arrayRepr', options));
}

/** The elements alone, with blanks between them: `[1. 2.]`. Follows numpy.array_str. */
export function arrayStr(x: ArrayLike, options: PrintOptions = {}): string {
  return layOut(
    operand('arrayStr', 'x', x),
    { separator: ' ', prefix: '', suffix: '' },
    withOptions('arrayStr', options),
  );
}

/** Options of {@link array2string}. */
export interface Array2stringOptions extends PrintOptions {
  /** The text between elements. Default: a blank. */
  separator?: string;
  /** The text that the caller writes before the result. Later lines are indented by its width. Default: ''. */
  prefix?: string;
  /** The text that the caller writes after the result. Default: ''. */
  suffix?: string;
}

/** The elements as text, with options for this call alone. Follows numpy.array2string. */
export function array2string(x: ArrayLike, options: Array2stringOptions | null = {}): string {
  const { separator = ' ', prefix = '', suffix = '', ...rest } = options ?? {};
  return layOut(operand('array2string', 'x', x), { separator, prefix, suffix }, withOptions('array2string', rest));
}

declare module './ndarray.js' {
  interface NDArray {
    /** The text that `console.log` prints: that of `String(x)`. */
    print(): void;
  }
}

// Without this file, as in programs that only run models, NDArray has a short text of its own.
const METHODS = {
  toString(this: NDArray) {
    return arrayText('array', this);
  },
  print(this: NDArray) {
    console.log(this.toString());
  },
  [INSPECT_IN_DENO](this: NDArray) {
    return this.toString();
  },
};
Object.assign(NDArray.prototype, METHODS);

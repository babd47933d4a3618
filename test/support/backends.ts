/**
 * The backends that exist where the tests run, and a way to describe a suite once for all of them: wasm everywhere,
 * WebGL2 in the browser.
 */
import { afterEach, describe, expect } from 'vitest';
import type { Backend } from '../../src/backends/backend.js';
import type { DType, Tensor } from '../../src/backends/primitives.js';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { checkAtLoad } from '../../src/ndarray/checked-at-load.js';
import { type FloatDType, type HostArray, isFloat, sizeOf, toTypedArray } from './host-array.js';

const inBrowser = typeof document !== 'undefined';

const backends: readonly Backend[] = [
  createWasmBackend(),
  ...(inBrowser ? [(await import('../../src/backends/webgl/index.js')).createWebglBackend()] : []),
];

for (const backend of backends) checkAtLoad?.(backend);

/** The fill of fresh memory, which shows elements that a primitive forgot. No case expects these numbers. */
const FORGOTTEN = { float32: 1234.5, float64: 1234.5, int32: -123456, uint8: 123, bool: 123 } satisfies Record<
  DType,
  number
>;

/** A backend under test: puts host arrays onto it and takes them back, and remembers what to free. */
export class Subject {
  readonly #tensors: Tensor[] = [];

  constructor(readonly backend: Backend) {}

  /** The dtypes to run a case with: all that the backend holds, or of a list those that it holds. */
  dtypes(among: readonly DType[] = this.backend.dtypes): DType[] {
    return among.filter((dtype) => this.backend.dtypes.includes(dtype));
  }

  /** The floating dtypes that the backend holds. */
  get floats(): FloatDType[] {
    return this.dtypes().filter(isFloat);
  }

  /** A tensor with these elements. */
  put(array: HostArray): Tensor {
    return this.#allocate(array.shape, array.dtype, toTypedArray(array));
  }

  /** A tensor to be filled. */
  blank(shape: readonly number[], dtype: DType): Tensor {
    const typed = toTypedArray({ shape, dtype, values: new Float64Array(sizeOf(shape)) });
    return this.#allocate(shape, dtype, typed.fill(FORGOTTEN[dtype]));
  }

  /** The elements of a tensor. */
  get({ shape, dtype, memory }: Tensor): HostArray {
    const values = this.backend.readSync(memory);
    return { shape, dtype, values: Float64Array.from(values) };
  }

  /** Allocates a tensor for `like`'s shape and dtype, lets `compute` fill it, and reads it. */
  result(like: { shape: readonly number[]; dtype: DType }, compute: (out: Tensor) => void): HostArray {
    const out = this.blank(like.shape, like.dtype);
    compute(out);
    return this.get(out);
  }

  /** Frees all that was put or allocated since the last time. */
  release(): void {
    for (const { memory } of this.#tensors.splice(0)) this.backend.free(memory);
  }

  #allocate(shape: readonly number[], dtype: DType, data: ReturnType<typeof toTypedArray>): Tensor {
    const memory = this.backend.alloc(data.length, dtype);
    const tensor = { shape, dtype, memory };
    this.#tensors.push(tensor);
    this.backend.write(memory, data);
    return tensor;
  }
}

/** Describes a suite for each backend; after each of its tests, what the test allocated is freed and nothing else is left. */
export function describeBackends(title: string, define: (subject: Subject) => void): void {
  for (const backend of backends) {
    describe(`${title} on ${backend.name}`, () => {
      const subject = new Subject(backend);
      const { blocks } = backend.stats();
      afterEach(() => {
        subject.release();
        expect(backend.stats().blocks, 'blocks left by a primitive').toBe(blocks);
      });
      define(subject);
    });
  }
}

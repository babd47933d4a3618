/**
 * The layout of elements in textures. An array is flat: element i is channel i & 3 of texel i >> 2, and texel t is at
 * (t & (width − 1), t >> shift), with width = 2^shift.
 *
 *     elements   0 1 2 3 | 4 5 6 7 | …        row 0
 *     texel         0         1      …  width − 1
 */

import { MemoryError } from '../../errors.js';
import type { Precision } from '../backend.js';
import type { DType, Memory, TypedArray } from '../primitives.js';

/** The dtypes of this backend. WebGL2 has no float64. */
export const WEBGL_DTYPES = ['float32', 'int32', 'uint8', 'bool'] as const satisfies readonly DType[];
export type WebglDType = (typeof WEBGL_DTYPES)[number];

/** The GLSL types in which shaders compute. */
export type Kind = 'float' | 'int';

type FormatName = 'RGBA32F' | 'RGBA16F' | 'RGBA32I' | 'RGBA16I';

export interface Format {
  readonly internalFormat: FormatName;
  readonly bytesPerTexel: number;
  /** The `format`, the `type` and the array of a transfer into a texture. */
  readonly transfer: 'RGBA' | 'RGBA_INTEGER';
  readonly uploadType: 'FLOAT' | 'INT' | 'SHORT';
  readonly Upload: Float32ArrayConstructor | Int32ArrayConstructor | Int16ArrayConstructor;
  /** The type and the array of a read. WebGL2 promises INT for every signed format. */
  readonly readType: 'FLOAT' | 'INT';
  readonly Read: Float32ArrayConstructor | Int32ArrayConstructor;
}

const FLOATS: Format = {
  internalFormat: 'RGBA32F',
  bytesPerTexel: 16,
  transfer: 'RGBA',
  uploadType: 'FLOAT',
  Upload: Float32Array,
  readType: 'FLOAT',
  Read: Float32Array,
};

/** Half floats have the transfers of floats: the driver converts. */
const HALF_FLOATS: Format = { ...FLOATS, internalFormat: 'RGBA16F', bytesPerTexel: 8 };

const INTEGERS: Format = {
  internalFormat: 'RGBA32I',
  bytesPerTexel: 16,
  transfer: 'RGBA_INTEGER',
  uploadType: 'INT',
  Upload: Int32Array,
  readType: 'INT',
  Read: Int32Array,
};

/**
 * Bytes are stored as signed 16-bit integers: shaders read them as int32, by isampler2D and ivec4, from half the memory. Unsigned 8-bit
 * textures would need a third variant of every shader.
 */
const BYTES: Format = {
  ...INTEGERS,
  internalFormat: 'RGBA16I',
  bytesPerTexel: 8,
  uploadType: 'SHORT',
  Upload: Int16Array,
};

/** The texture format of each dtype. */
export type Formats = Readonly<Record<WebglDType, Format>>;

export const formatsFor = (precision: Precision): Formats => ({
  float32: precision === 'float16' ? HALF_FLOATS : FLOATS,
  int32: INTEGERS,
  uint8: BYTES,
  bool: BYTES,
});

const KINDS = { float32: 'float', int32: 'int', uint8: 'int', bool: 'int' } satisfies Record<WebglDType, Kind>;

/** The GLSL type in which shaders compute `dtype`. */
export const kindOf = (dtype: WebglDType): Kind => KINDS[dtype];

export const isWebglDType = (dtype: DType): dtype is WebglDType => dtype !== 'float64';

/** The element that stores a number, as in the host's arrays: integers wrap, a bool is 0 or 1. */
export function toElement(value: number, dtype: WebglDType): number {
  if (dtype === 'float32') return value;
  if (dtype === 'bool') return Number(value !== 0);
  return dtype === 'uint8' ? value & 255 : value | 0;
}

/** A texture with its measures, in texels. */
export interface Block {
  readonly texture: WebGLTexture;
  readonly framebuffer: WebGLFramebuffer;
  readonly format: Format;
  readonly width: number;
  readonly height: number;
  /** log₂ width. */
  readonly shift: number;
  /** The number of layers. A draw that fills several textures at once fills the layers of one. */
  readonly layers: number;
}

/** The size of a texture for `size` elements: as square as powers of two allow, so that both sides stay below the limit. */
export function blockSize(size: number, maxTextureSize: number): { width: number; height: number; shift: number } {
  const texels = Math.max(1, Math.ceil(size / 4));
  const shift = Math.min(Math.ceil(Math.log2(texels) / 2), Math.log2(maxTextureSize));
  const width = 2 ** shift;
  return { width, height: Math.ceil(texels / width), shift };
}

export const bytesOf = ({ width, height, layers, format }: Omit<Block, 'texture' | 'framebuffer'>): number =>
  width * height * layers * format.bytesPerTexel;

/**
 * Device memory. Its texture changes when an operation in place renders its result into another texture; while the values are on the host,
 * there is no texture.
 */
export class TextureMemory implements Memory {
  readonly bytes: number;
  /** The values on the host. With a texture, the texture holds the same; without one, this is the only copy. */
  copy: TypedArray | null = null;
  /** The values that come back after a loss of the context, even if kernels have changed them since. */
  kept: TypedArray | null = null;
  /** Whether the memory has a texture that a kernel is about to overwrite, and has not yet. */
  isHollow = false;
  #block: Block | null;

  constructor(
    readonly dtype: WebglDType,
    readonly size: number,
    block: Block,
  ) {
    this.#block = block;
    this.bytes = bytesOf(block);
  }

  get resident(): boolean {
    return this.#block !== null;
  }

  get block(): Block {
    if (this.#block) return this.#block;
    throw new MemoryError(`webgl: ${this.size} elements of ${this.dtype} have no texture now`);
  }

  set block(block: Block) {
    this.#block = block;
  }

  /** Drops the texture. */
  evict(): void {
    this.#block = null;
  }

  /** Notes that a kernel has changed the texture: the host's copy is out of date. */
  changed(): void {
    this.isHollow = false;
    this.copy = null;
  }
}

/** Device memory with a shape: an argument of shaders. */
export interface TextureTensor {
  readonly shape: readonly number[];
  readonly dtype: WebglDType;
  readonly memory: TextureMemory;
}

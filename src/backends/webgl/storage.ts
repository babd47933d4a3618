/**
 * How elements lie in textures. An array is flat: element i is channel i & 3 of texel i >> 2, and texel t is at
 * (t & (width − 1), t >> shift), with width = 2^shift.
 *
 *     elements   0 1 2 3 | 4 5 6 7 | …        row 0
 *     texel         0         1      …  width − 1
 *
 * It knows the formats and the sizes; it makes no texture.
 */

import { MemoryError } from '../../errors.js';
import type { Precision } from '../backend.js';
import type { DType, Memory, TypedArray } from '../primitives.js';

/** What this backend holds: float64 exists on no GPU that WebGL2 can reach. */
export const WEBGL_DTYPES = ['float32', 'int32', 'uint8', 'bool'] as const satisfies readonly DType[];
export type WebglDType = (typeof WEBGL_DTYPES)[number];

/** The GLSL type that a dtype is computed in. */
export type Kind = 'float' | 'int';

type FormatName = 'RGBA32F' | 'RGBA16F' | 'RGBA32I' | 'RGBA16I';

export interface Format {
  readonly internalFormat: FormatName;
  readonly bytesPerTexel: number;
  /** `format` and `type` of transfers into a texture, and the array that such a transfer takes. */
  readonly transfer: 'RGBA' | 'RGBA_INTEGER';
  readonly uploadType: 'FLOAT' | 'INT' | 'SHORT';
  readonly Upload: Float32ArrayConstructor | Int32ArrayConstructor | Int16ArrayConstructor;
  /** What reading back gives; WebGL2 promises INT for every signed format. */
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

/** Transfers are the same: the driver converts. */
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
 * Bytes are signed 16-bit integers: the same isampler2D and ivec4 as int32, hence the same shaders, in half the memory.
 * An unsigned 8-bit texture would halve it again, and need a third variant of every shader.
 */
const BYTES: Format = {
  ...INTEGERS,
  internalFormat: 'RGBA16I',
  bytesPerTexel: 8,
  uploadType: 'SHORT',
  Upload: Int16Array,
};

/** What each dtype is held in. */
export type Formats = Readonly<Record<WebglDType, Format>>;

export const formatsFor = (precision: Precision): Formats => ({
  float32: precision === 'float16' ? HALF_FLOATS : FLOATS,
  int32: INTEGERS,
  uint8: BYTES,
  bool: BYTES,
});

const KINDS = { float32: 'float', int32: 'int', uint8: 'int', bool: 'int' } satisfies Record<WebglDType, Kind>;

/** The GLSL type that `dtype` is computed in. */
export const kindOf = (dtype: WebglDType): Kind => KINDS[dtype];

export const isWebglDType = (dtype: DType): dtype is WebglDType => dtype !== 'float64';

/** What an element of a dtype makes of a number that is stored in it, as the host's arrays do: integers wrap, a bool is 0 or 1. */
export function toElement(value: number, dtype: WebglDType): number {
  if (dtype === 'float32') return value;
  if (dtype === 'bool') return Number(value !== 0);
  return dtype === 'uint8' ? value & 255 : value | 0;
}

/** A texture of the pool, with its measures. */
export interface Block {
  readonly texture: WebGLTexture;
  readonly framebuffer: WebGLFramebuffer;
  readonly format: Format;
  readonly width: number;
  readonly height: number;
  /** log₂ width. */
  readonly shift: number;
  /** More than one where a draw fills as many textures at once: then all are layers of one. */
  readonly layers: number;
}

/** A texture's size: as square as powers of two allow, so that neither side meets the limit early. */
export function blockSize(size: number, maxTextureSize: number): { width: number; height: number; shift: number } {
  const texels = Math.max(1, Math.ceil(size / 4));
  const shift = Math.min(Math.ceil(Math.log2(texels) / 2), Math.log2(maxTextureSize));
  const width = 2 ** shift;
  return { width, height: Math.ceil(texels / width), shift };
}

export const bytesOf = ({ width, height, layers, format }: Omit<Block, 'texture' | 'framebuffer'>): number =>
  width * height * layers * format.bytesPerTexel;

/**
 * Device memory: a handle whose texture changes when an operation in place renders its result into another one, and which
 * has none while its values are on the host.
 */
export class TextureMemory implements Memory {
  readonly bytes: number;
  /** The values on the host: what the texture holds too, or, without a texture, all that there is. */
  copy: TypedArray | null = null;
  /** The values that come back when the context is lost, whatever they are by then. */
  kept: TypedArray | null = null;
  /** It got a texture to be overwritten in, and nothing has been written yet. */
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

  /** Takes the texture away. */
  evict(): void {
    this.#block = null;
  }

  /** What the host has is no longer what the texture holds. */
  changed(): void {
    this.isHollow = false;
    this.copy = null;
  }
}

/** Device memory with a shape, as the kernels of this backend take it. */
export interface TextureTensor {
  readonly shape: readonly number[];
  readonly dtype: WebglDType;
  readonly memory: TextureMemory;
}

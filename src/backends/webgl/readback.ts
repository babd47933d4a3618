/**
 * Copies elements from the host to a texture and back. A synchronous copy to the host waits for all earlier work; an asynchronous one
 * goes through a buffer and a fence, and does not block.
 */

import { DeviceError } from '../../errors.js';
import type { TypedArray } from '../primitives.js';
import type { Context } from './context.js';
import { Pause } from './pause.js';
import type { TextureMemory, WebglDType } from './storage.js';

/** The value at both ends of a buffer before the GPU fills it. A GPU that is gone leaves the value there, without an error. */
const SENTINEL = -1_729_573;

const HOST_ARRAYS = {
  float32: Float32Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} satisfies Record<WebglDType, new (values: ArrayLike<number>) => TypedArray>;

/** Copies `data` into the memory's texture; both have one length. */
export function upload({ gl }: Context, { block }: TextureMemory, data: TypedArray): void {
  const { format, width } = block;
  const elements = data instanceof format.Upload ? data : new format.Upload(data);
  gl.activeTexture(gl.TEXTURE0);
  gl.bindTexture(gl.TEXTURE_2D, block.texture);
  const put = (y: number, w: number, h: number, part: typeof elements) =>
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, y, w, h, gl[format.transfer], gl[format.uploadType], part);

  const rows = Math.floor(elements.length / (4 * width));
  if (rows > 0) put(0, width, rows, elements.subarray(0, rows * 4 * width));
  const rest = elements.subarray(rows * 4 * width);
  if (rest.length === 0) return;
  // The last row ends with the data, filled up to a whole texel.
  const padded = new format.Upload(Math.ceil(rest.length / 4) * 4);
  padded.set(rest);
  put(rows, padded.length / 4, 1, padded);
}

/**
 * Copies the memory's values to the host at once.
 *
 * @throws as {@link Context.assertSound}.
 */
export function downloadSync(context: Context, memory: TextureMemory): TypedArray {
  const { gl } = context;
  const { format, width, height, framebuffer } = memory.block;
  const elements = withSentinels(new format.Read(4 * width * height));
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.readPixels(0, 0, width, height, gl[format.transfer], gl[format.readType], elements);
  context.assertSound('readSync', isFilled(elements));
  return toHost(memory, elements);
}

/**
 * Copies to the host the values that the memory holds at the time of the call.
 *
 * @throws as {@link Context.assertSound}; DeviceLostError also if the context is lost and restored in the meantime.
 */
export async function download(context: Context, memory: TextureMemory): Promise<TypedArray> {
  const { gl, era } = context;
  const { format, width, height, framebuffer } = memory.block;
  const elements = withSentinels(new format.Read(4 * width * height));
  const buffer = gl.createBuffer();
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
  gl.bufferData(gl.PIXEL_PACK_BUFFER, elements.byteLength, gl.STREAM_READ);
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.readPixels(0, 0, width, height, gl[format.transfer], gl[format.readType], 0);
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
  try {
    await finished(context);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, elements);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    context.assertSound('read', isFilled(elements));
    context.assertEra(era, 'read');
  } finally {
    gl.deleteBuffer(buffer);
  }
  return toHost(memory, elements);
}

/** Waits, without blocking, until the GPU has done all earlier commands. */
async function finished(context: Context): Promise<void> {
  const { gl, era } = context;
  const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  const pause = new Pause();
  for (;;) {
    // A restored context does not know earlier fences.
    context.assertEra(era, 'read');
    const status = sync ? gl.clientWaitSync(sync, 0, 0) : gl.WAIT_FAILED;
    if (status === gl.ALREADY_SIGNALED || status === gl.CONDITION_SATISFIED) break;
    if (status === gl.WAIT_FAILED) {
      context.assertSound('read', false);
      throw new DeviceError('webgl: read: the driver gave no fence, or the wait for the fence failed');
    }
    await pause.next();
  }
  gl.deleteSync(sync);
}

function withSentinels<A extends Float32Array | Int32Array>(elements: A): A {
  elements[0] = SENTINEL;
  elements[elements.length - 1] = SENTINEL;
  return elements;
}

/** Whether the GPU wrote both ends. An array may hold the sentinel by chance, so `false` proves nothing: the caller asks the GPU. */
const isFilled = (elements: Float32Array | Int32Array): boolean =>
  elements[0] !== SENTINEL && elements[elements.length - 1] !== SENTINEL;

/** The elements of the memory, without the rest of the texture, in the array type of the dtype. */
function toHost({ dtype, size }: TextureMemory, elements: Float32Array | Int32Array): TypedArray {
  if (elements.length === size && elements instanceof HOST_ARRAYS[dtype]) return elements;
  return new HOST_ARRAYS[dtype](elements.subarray(0, size));
}

/**
 * Elements from the host into a texture and back: at once, which waits for all work before it, or through a buffer and
 * a fence, which does not. It knows nothing of who owns the memory.
 */

import { DeviceError } from '../../errors.js';
import type { TypedArray } from '../backend.js';
import type { Context } from './context.js';
import type { TextureMemory, WebglDType } from './storage.js';

/** How long to wait before the fence is asked again: at first often, later so that a long computation is not disturbed. */
const FIRST_WAIT_MS = 0;
const LONGEST_WAIT_MS = 8;

const HOST_ARRAYS = {
  float32: Float32Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} satisfies Record<WebglDType, new (values: ArrayLike<number>) => TypedArray>;

/** Copies `data`, of the memory's length, into its texture. */
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
  // The last row ends where the data does, filled up to a whole texel.
  const padded = new format.Upload(Math.ceil(rest.length / 4) * 4);
  padded.set(rest);
  put(rows, padded.length / 4, 1, padded);
}

/** A fresh host copy, now. */
export function downloadSync(context: Context, memory: TextureMemory): TypedArray {
  const { gl } = context;
  const { format, width, height, framebuffer } = memory.block;
  const elements = new format.Read(4 * width * height);
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.readPixels(0, 0, width, height, gl[format.transfer], gl[format.readType], elements);
  context.assertAlive('readSync');
  return toHost(memory, elements);
}

/** A fresh host copy of what the memory holds at the time of the call. */
export async function download(context: Context, memory: TextureMemory): Promise<TypedArray> {
  const { gl } = context;
  const { format, width, height, framebuffer } = memory.block;
  const elements = new format.Read(4 * width * height);
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
  } finally {
    gl.deleteBuffer(buffer);
  }
  return toHost(memory, elements);
}

/** Waits, without blocking, until all commands given so far are done. */
async function finished(context: Context): Promise<void> {
  const { gl } = context;
  const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait + 1, LONGEST_WAIT_MS)) {
    context.assertAlive('read');
    if (!sync) throw new DeviceError('webgl: read: the driver gave no fence to wait for');
    const status = gl.clientWaitSync(sync, 0, 0);
    if (status === gl.ALREADY_SIGNALED || status === gl.CONDITION_SATISFIED) break;
    if (status === gl.WAIT_FAILED) throw new DeviceError('webgl: read: waiting for the GPU failed');
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  gl.deleteSync(sync);
}

/** Without the tail of the texture, in the array type of the dtype. */
function toHost({ dtype, size }: TextureMemory, elements: Float32Array | Int32Array): TypedArray {
  if (elements.length === size && elements instanceof HOST_ARRAYS[dtype]) return elements;
  return new HOST_ARRAYS[dtype](elements.subarray(0, size));
}

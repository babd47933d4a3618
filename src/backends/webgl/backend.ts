/**
 * The WebGL2 backend: memory in textures, and primitives that fragment shaders compute. See `shaders/` for what they compute, and
 * `../kernel-table.ts` for what happens around each.
 */

import { DTypeError } from '../../errors.js';
import type { Backend, DeviceMemory } from '../backend.js';
import { primitivesOf } from '../kernel-table.js';
import type { Tensor } from '../primitives.js';
import { Context } from './context.js';
import type { WebglBackendOptions } from './options.js';
import { Painter } from './painter.js';
import { preparedCall } from './prepared.js';
import { Residency } from './residency.js';
import { SHADERS } from './shaders/index.js';
import { isWebglDType, type TextureMemory, type TextureTensor, WEBGL_DTYPES } from './storage.js';
import { TexturePool } from './texture-pool.js';

/** What every backend tells of its memory, and how many textures exist and how many programs are compiled. */
interface WebglMemory extends DeviceMemory {
  paged: number;
  textures: number;
  programs: number;
}

/** A backend on WebGL2. It has no threads, no addresses and one format of weights; a budget limits its textures. */
export interface WebglBackend extends Required<Omit<Backend, 'threads' | 'slice' | 'weightFormats' | 'maxMemory'>> {
  readonly name: 'webgl';
  stats(): WebglMemory;
}

/** Makes a backend that draws on the canvas, or on one of its own. */
export function webglBackend({
  canvas,
  precision,
  memoryBudget = Number.POSITIVE_INFINITY,
  keepWritten = false,
}: WebglBackendOptions): WebglBackend {
  const context = new Context(canvas, precision);
  const pool = new TexturePool(context, memoryBudget);
  const residency = new Residency(context, pool, keepWritten);
  const painter = new Painter(context, pool);
  context.onRestored = () => {
    residency.forgetTextures();
    pool.forgetAll();
    painter.forgetAll();
  };
  context.onFailed = () => residency.giveUpTextures();

  const run = (operation: string, work: () => void): void => {
    try {
      painter.run(operation, work);
    } finally {
      residency.unpin();
    }
  };
  const textured = (shape: Tensor['shape'], memory: TextureMemory): TextureTensor => ({
    shape,
    dtype: memory.dtype,
    memory,
  });
  const primitives = primitivesOf(SHADERS, {
    machine: painter,
    use: ({ shape, memory }, operation) => textured(shape, residency.use(memory, operation)),
    useToOverwrite: ({ shape, memory }, operation) => textured(shape, residency.useToOverwrite(memory, operation)),
    run,
  });

  return {
    name: 'webgl',
    dtypes: WEBGL_DTYPES,
    precision: context.precision,
    ...primitives,

    alloc(size, dtype) {
      context.assertAlive('alloc');
      if (!isWebglDType(dtype)) {
        throw new DTypeError(`webgl: alloc: this device holds ${WEBGL_DTYPES.join(', ')}, not ${dtype}`);
      }
      return residency.alloc(size, dtype);
    },
    free: (memory) => residency.free(memory),
    write: (memory, data) => run('write', () => residency.write(memory, data)),
    read: (memory) => residency.read(memory),
    readSync: (memory) => residency.readSync(memory),
    keepHostCopies: (memories) => residency.keepCopies(memories),
    stats() {
      const { reservedBytes, textures } = pool.stats;
      return { ...residency.stats, reserved: reservedBytes, textures, programs: painter.programs.size };
    },

    warmUp: (work) => painter.programs.prepare(painter.collect(work)),
    restored: () => context.restored(),
    /** Waits for the GPU process: takes the GL errors, and checks the framebuffer that was drawn to and each texture's size. */
    verify(primitive) {
      context.assertDrawn(primitive);
      residency.verifyReach(primitive);
    },

    prepareConv2d: (x, w, bias, geometry, out, epilogue) =>
      preparedCall(painter, residency, () => primitives.conv2d(x, w, bias, geometry, out, epilogue)),
    prepareMatmul: (a, b, out, options) =>
      preparedCall(painter, residency, () => primitives.matmul(a, b, out, options)),
  };
}

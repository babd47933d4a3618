/** The limit of wasm memory: an allocation beyond it throws a MemoryError, and smaller ones work as before. */
import { describe, expect, it } from 'vitest';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { startThreads } from '../../../src/backends/wasm/start-threads.js';
import { MemoryError } from '../../../src/errors.js';

const MIB = 2 ** 20;

describe('maxMemory', () => {
  it('limits the memory that is taken from the system, and reports it', () => {
    const backend = createWasmBackend();
    expect(backend.maxMemory).toBe(4096 * MIB);
    backend.maxMemory = 8 * MIB;
    expect(backend.maxMemory).toBe(8 * MIB);
    const held = Array.from({ length: 6 }, () => backend.alloc(MIB / 4, 'float32'));
    expect(() => backend.alloc(4 * MIB, 'float32')).toThrow(MemoryError);
    expect(() => backend.alloc(MIB, 'float32')).toThrow(/of at most 8\.0 MiB/);
    expect(backend.stats().reserved).toBeLessThanOrEqual(8 * MIB);
    for (const memory of held) backend.free(memory);
    backend.free(backend.alloc(MIB, 'float32'));
  });

  it('can be raised, and lowered down to the memory in use', () => {
    const backend = createWasmBackend();
    backend.maxMemory = 2 * MIB;
    expect(() => backend.alloc(3 * MIB, 'uint8')).toThrow(MemoryError);
    backend.maxMemory = 16 * MIB;
    backend.free(backend.alloc(3 * MIB, 'uint8'));
    const { reserved } = backend.stats();
    expect(() => {
      backend.maxMemory = reserved - 1;
    }).toThrow(/cannot be limited to .* are taken already/);
    expect(backend.maxMemory).toBe(16 * MIB);
    backend.maxMemory = reserved;
    expect(() => backend.alloc(8 * MIB, 'uint8')).toThrow(MemoryError);
  });

  it('whole pages count, and no more than 4 GiB', () => {
    const backend = createWasmBackend();
    backend.maxMemory = 8 * MIB + 65_535;
    expect(backend.maxMemory).toBe(8 * MIB);
    backend.maxMemory = Number.MAX_SAFE_INTEGER;
    expect(backend.maxMemory).toBe(4096 * MIB);
  });

  it('holds for the memory of threads', async () => {
    const backend = createWasmBackend();
    backend.maxMemory = 24 * MIB;
    const { count } = await startThreads(backend, 2);
    expect(() => backend.alloc(32 * MIB, 'uint8')).toThrow(/of at most 24\.0 MiB/);
    expect(backend.stats().reserved).toBeLessThanOrEqual(24 * MIB);
    if (count > 1) await startThreads(backend, 1);
  });
});

/** Checked mode finds calls that break the seam's rules, and kernels that write where they should not. */
import { describe, expect, it } from 'vitest';
import { checkCalls } from '../../../src/backends/checked/index.js';
import type { DType, Tensor } from '../../../src/backends/primitives.js';
import { Gemm } from '../../../src/backends/wasm/generated/records.js';
import { HeapGuards } from '../../../src/backends/wasm/guarded-heap.js';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import type { WasmMemory } from '../../../src/backends/wasm/memory.js';
import { DTypeError, MemoryError, RensaError } from '../../../src/errors.js';

function checkedBackend() {
  const backend = createWasmBackend();
  const guards = new HeapGuards(backend);
  checkCalls(backend, guards);
  const tensor = (shape: readonly number[], dtype: DType = 'float32'): Tensor => {
    const size = shape.reduce((count, n) => count * n, 1);
    return { shape, dtype, memory: backend.alloc(size, dtype) };
  };
  const { heap } = backend.machine;
  const addressOf = ({ memory }: Tensor): number => (memory as WasmMemory).address;
  return { backend, guards, heap, tensor, addressOf };
}

describe('calls that break the rules of the seam', () => {
  const { backend, tensor } = checkedBackend();
  const [a, b, c] = [tensor([2, 3]), tensor([2, 3]), tensor([2, 3])];
  const whole = { offset: 0, strides: [3, 1] };
  const image = tensor([1, 2, 4, 4]);
  const window = { ksize: [2, 2], stride: [2, 2], pad: [0, 0] } as const;
  const conv = { stride: [1, 1], pad: [0, 0], dilation: [1, 1], groups: 1 } as const;

  const cases: Record<string, [run: () => void, message: RegExp]> = {
    'a result that is too short': [
      () => backend.unary('exp', a, tensor([5])),
      /unary: out is float32 \(5,\), expected 6/,
    ],
    'a shape that is larger than its memory': [
      () => backend.cast({ ...a, shape: [200, 3], memory: a.memory }, b),
      /cast: x is float32 \(200,3\), but its memory has 6 elements/,
    ],
    'a negative length': [
      () => backend.fill({ ...a, shape: [-2, -3], memory: a.memory }, 1),
      /fill: out has no shape: -2,-3/,
    ],
    'an operation that does not exist': [
      () => backend.binary('constructor' as 'add', a, b, c),
      /there is no operation 'constructor'/,
    ],
    'operands that do not broadcast': [
      () => backend.binary('add', a, tensor([2]), c),
      /b is float32 \(2,\), which does not/,
    ],
    'a view that ends behind its block': [
      () => backend.copy(a, { offset: 1, strides: [3, 1] }, b, whole, [2, 3]),
      /copy: from reaches from element 1 to 6 of a block of 6/,
    ],
    'a view that begins before its block': [
      () => backend.copy(a, whole, b, { offset: 0, strides: [3, -1] }, [2, 3]),
      /copy: to reaches from element -2 to 3/,
    ],
    'an adjoint that reaches too far': [
      () => backend.addToView(a, b, { offset: 0, strides: [4, 1] }),
      /addToView: to reaches from element 0 to 6/,
    ],
    'an axis that there is not': [
      () => backend.cumulative('cumsum', a, 2, b),
      /cumulative: axis is 2, and there are 2/,
    ],
    'axes out of order': [
      () => backend.reduce('sum', a, [1, 0], tensor([])),
      /reduce: axes are 1,0, expected them sorted/,
    ],
    'a gathered result of the wrong shape': [
      () => backend.gather(a, tensor([4], 'int32'), 1, tensor([2, 3])),
      /gather: out is float32 \(2,3\), expected the shape \(2,4\)/,
    ],
    'inner sizes of a product': [
      () => backend.matmul(tensor([1, 2, 3]), tensor([1, 2, 3]), tensor([1, 2, 3])),
      /matmul: b is float32 \(1,2,3\), expected the shape \(1,3,3\)/,
    ],
    'a bias of the wrong length': [
      () => backend.conv2d(image, tensor([3, 2, 1, 1]), tensor([2]), conv, tensor([1, 3, 4, 4])),
      /conv2d: bias is float32 \(2,\), expected the shape \(3,\)/,
    ],
    'channels of a convolution': [
      () => backend.conv2d(image, tensor([3, 1, 1, 1]), null, conv, tensor([1, 3, 4, 4])),
      /conv2d: x float32 \(1,2,4,4\), w .* with 1 groups/,
    ],
    'positions of a pooling': [
      () => backend.maxPool2d(image, window, tensor([1, 2, 2, 2]), tensor([1, 2, 2, 3], 'int32')),
      /maxPool2d: indices is int32 \(1,2,2,3\)/,
    ],
    'a window that does not move': [
      () => backend.averagePool2d(image, { ...window, stride: [0, 2] }, tensor([1, 2, 2, 2])),
      /averagePool2d: stride is 0,2/,
    ],
    'states that are missing': [() => backend.update('adam', a, b, [c], []), /update: adam has 1 states and 0/],
    'a result over its input': [
      () => backend.softmax(a, 1, false, a),
      /softmax: out fills bytes 0 to 24 of a block of which x reads 0 to 24/,
    ],
    'a result that overlaps a part': [
      () => {
        const block = backend.alloc(64, 'float32');
        const part = (offset: number): Tensor => ({
          shape: [32],
          dtype: 'float32',
          memory: backend.slice(block, offset, 32, 'float32'),
        });
        backend.unary('exp', part(0), part(64));
      },
      /unary: out fills bytes 64 to 192 of a block of which x reads 0 to 128/,
    ],
    'a part that ends behind its block': [
      () => {
        const memory = backend.slice(backend.alloc(64, 'float32'), 128, 64, 'float32');
        backend.fill({ shape: [64], dtype: 'float32', memory }, 0);
      },
      /fill: out is float32 \(64,\) and ends at byte 384 of a block of 256/,
    ],
    'memory that was freed': [
      () => {
        const gone = tensor([2, 3]);
        backend.free(gone.memory);
        backend.unary('exp', gone, a);
      },
      /unary: x is float32 \(2,3\), whose memory was freed/,
    ],
  };
  for (const [name, [run, message]] of Object.entries(cases)) {
    it(name, () => {
      expect(run).toThrow(RensaError);
      expect(run).toThrow(message);
    });
  }

  it('dtypes without a kernel', () => {
    expect(() => backend.unary('exp', tensor([3], 'int32'), tensor([3], 'int32'))).toThrow(DTypeError);
    expect(() => backend.gather(a, tensor([4], 'uint8'), 1, tensor([2, 4]))).toThrow(
      /indices is uint8 \(4,\), expected int32/,
    );
    expect(() => backend.where(a, b, c, tensor([2, 3]))).toThrow(/condition is float32 \(2,3\), expected bool/);
  });

  it('correct calls give correct results', () => {
    backend.write(a.memory, Float32Array.of(1, 2, 3, 4, 5, 6));
    backend.binary('multiply', a, 2, a);
    expect([...backend.readSync(a.memory)]).toEqual([2, 4, 6, 8, 10, 12]);
  });
});

describe('guards of the heap', () => {
  it('find a byte that changed before or behind an array', () => {
    for (const at of [-1, -64, 24, 24 + 63]) {
      const { backend, guards, heap, tensor, addressOf } = checkedBackend();
      const x = tensor([2, 3]);
      heap.u8[addressOf(x) + at] ^= 1;
      expect(() => guards.verifyAll()).toThrow(MemoryError);
      expect(() => backend.free(x.memory)).toThrow(/memory was overwritten outside an array: byte/);
    }
  });

  it('find a kernel that writes behind its result, after the call that did it', () => {
    const { backend, heap, tensor, addressOf } = checkedBackend();
    const [x, out] = [tensor([6]), tensor([6])];
    const { machine } = backend;
    const honest = machine.kernels.unaryF32;
    machine.kernels = {
      ...machine.kernels,
      unaryF32(op, from, to, n) {
        honest(op, from, to, n);
        heap.f32[to / 4 + n] = 7;
      },
    };
    expect(() => backend.unary('exp', x, out)).toThrow(
      new RegExp(
        `unary: memory was overwritten outside an array: byte 1 behind its end.*24 bytes at address ${addressOf(out)}`,
      ),
    );
  });

  it('find a kernel that writes behind its workspace, or beside a part of a block', () => {
    const { backend, heap, tensor } = checkedBackend();
    const { machine } = backend;
    const honest = machine.kernels;
    machine.kernels = {
      ...honest,
      gemm(record) {
        const bytes = honest.gemm(record);
        const workspace = heap.u32[(record >> 2) + Gemm.workspace];
        // Without a workspace, the call only asks for its size.
        if (workspace > 0) heap.u8[workspace - 1] ^= 1;
        return bytes;
      },
      unaryF32(op, from, to, n) {
        honest.unaryF32(op, from, to, n);
        heap.f32[to / 4 + n] = 7;
      },
    };
    const [a, b, c] = [tensor([1, 5, 6]), tensor([1, 6, 7]), tensor([1, 5, 7])];
    expect(() => backend.matmul(a, b, c)).toThrow(/matmul: memory was overwritten outside a workspace of kernels/);
    const block = backend.alloc(256, 'float32');
    const part = (offset: number): Tensor => ({
      shape: [16],
      dtype: 'float32',
      memory: backend.slice(block, offset, 16, 'float32'),
    });
    expect(() => backend.unary('exp', part(0), part(256))).toThrow(
      /unary: memory was overwritten outside a part of a block/,
    );
  });

  it('are not counted among the bytes of arrays', () => {
    const { backend, tensor } = checkedBackend();
    const before = backend.stats();
    const x = tensor([100]);
    expect(backend.stats().bytes - before.bytes).toBe(400);
    backend.free(x.memory);
    expect(backend.stats().bytes).toBe(before.bytes);
    expect(backend.stats().blocks).toBe(before.blocks);
  });

  it('surround blocks allocated from now on; older blocks can be freed', () => {
    const backend = createWasmBackend();
    const old = backend.alloc(10, 'float32');
    const guards = new HeapGuards(backend);
    checkCalls(backend, guards);
    backend.fill({ shape: [10], dtype: 'float32', memory: old }, 1);
    backend.free(old);
    guards.verifyAll();
  });
});

describe('prepared calls', () => {
  it('are checked at each run, with the memory at that time', () => {
    const { backend, tensor } = checkedBackend();
    const [x, w, y] = [tensor([1, 2, 3]), tensor([1, 3, 40]), tensor([1, 2, 40])];
    for (const { memory } of [x, w]) backend.write(memory, new Float32Array(memory.size).fill(2));
    const slot = { shape: x.shape, dtype: x.dtype, memory: x.memory };
    const call = backend.prepareMatmul(slot, w, y, {}, 'float32');
    call.run();
    expect(backend.readSync(y.memory)[79]).toBe(12);
    if (!call.readsWeight) backend.free(w.memory);
    call.run();
    slot.memory = tensor([5]).memory;
    expect(() => call.run()).toThrow(/matmul: a is float32 \(1,2,3\), but its memory has 5 elements/);
    slot.memory = x.memory;
    backend.free(x.memory);
    expect(() => call.run()).toThrow(/matmul: a is float32 \(1,2,3\), whose memory was freed/);
  });
});

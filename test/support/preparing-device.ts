/**
 * A device that prepares products, made from one that does not. It copies weight and bias, rounds the weight to its
 * format, and calls the plain product on the copies. Tests see which weights are still read, and what was freed.
 */

import type { Backend, PreparedCall, WeightFormat } from '../../src/backends/backend.js';
import type { Tensor } from '../../src/backends/primitives.js';

/** Rounds weights as a format keeps them; int8 with one scale for all. */
function rounded(values: Float32Array, format: WeightFormat): Float32Array {
  if (format === 'float32') return values;
  if (format === 'float16') return values.map((v) => Math.round(v * 1024) / 1024);
  const scale = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0) / 127 || 1;
  return values.map((v) => Math.round(v / scale) * scale);
}

/** Lets `device` prepare products while `fn` runs. `calls` counts prepared calls that are not freed. */
export function withPreparing<T>(device: Backend, fn: (calls: { count: number }) => T): T {
  const calls = { count: 0 };
  const copyOf = (x: Tensor, format: WeightFormat): Tensor => {
    const copy = { ...x, memory: device.alloc(x.memory.size, 'float32') };
    device.write(copy.memory, rounded(device.readSync(x.memory) as Float32Array, format));
    return copy;
  };
  const prepare = (
    w: Tensor,
    bias: Tensor | null,
    format: WeightFormat,
    call: (packed: Tensor, bias: Tensor | null) => void,
  ): PreparedCall => {
    const packed = copyOf(w, format);
    const ownBias = bias && copyOf(bias, 'float32');
    calls.count++;
    return {
      algorithm: `copied ${format}`,
      bytes: w.memory.size * { float32: 4, float16: 2, int8: 1 }[format],
      readsWeight: false,
      readsBias: false,
      run: () => call(packed, ownBias),
      free: () => {
        calls.count--;
        device.free(packed.memory);
        if (ownBias) device.free(ownBias.memory);
      },
    };
  };
  const before = [device.prepareConv2d, device.prepareMatmul] as const;
  device.prepareConv2d = (x, w, bias, geometry, out, epilogue, format) =>
    prepare(w, bias, format, (packed, own) => device.conv2d(x, packed, own, geometry, out, epilogue));
  device.prepareMatmul = (a, b, out, options, format) =>
    prepare(b, options.bias ?? null, format, (packed, bias) => device.matmul(a, packed, out, { ...options, bias }));
  try {
    return fn(calls);
  } finally {
    [device.prepareConv2d, device.prepareMatmul] = before;
  }
}

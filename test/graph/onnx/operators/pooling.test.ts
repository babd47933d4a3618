/**
 * Pooling written as ONNX where some windows lie entirely in the padding. Oracle: a naive loop over windows. ONNX and
 * onnxruntime want each padding to be smaller than the window.
 */
import { describe, expect, test } from 'vitest';
import { parseOnnx } from '../../../../src/formats/onnx/parse.js';
import { compile, F, np, readOnnx, type VariableLike } from '../../../../src/index.js';

interface Pool {
  readonly length: number;
  readonly size: number;
  readonly stride: number;
  readonly pad: number;
  readonly coverAll: boolean;
}

/** The maxima or sums of windows over one row of pixels. */
function naive(kind: 'max' | 'average', pixels: readonly number[], { size, stride, pad, coverAll }: Pool): number[] {
  const steps = (pixels.length + 2 * pad - size) / stride;
  const count = (coverAll ? Math.ceil(steps) : Math.floor(steps)) + 1;
  return Array.from({ length: count }, (_, i) => {
    const seen = pixels.slice(Math.max(0, i * stride - pad), Math.max(0, i * stride - pad + size));
    return kind === 'max' ? Math.max(...seen) : seen.reduce((sum, v) => sum + v, 0) / size;
  });
}

const pools: Pool[] = [1, 3, 4, 5].flatMap((length) =>
  [1, 2, 3].flatMap((size) =>
    [1, 2, 3].flatMap((stride) =>
      [0, 1, 2, 3, 4].flatMap((pad) => [true, false].map((coverAll) => ({ length, size, stride, pad, coverAll }))),
    ),
  ),
);

describe.each(['max', 'average'] as const)('%s pooling', (kind) => {
  test('is written as a valid file with the same numbers', () => {
    let beyond = 0;
    for (const pool of pools) {
      const { length, size, stride, pad, coverAll } = pool;
      if (length + 2 * pad < size || (kind === 'average' && coverAll)) continue;
      if (pad >= size) beyond++;
      const pixels = Array.from({ length }, (_, i) => Math.fround(Math.sin(5 * i)) - 1);
      const x = np.array(pixels).reshape([1, 1, 1, length]);
      const f = (v: VariableLike) =>
        kind === 'max'
          ? F.maxPooling2d(v, [1, size], [1, stride], [0, pad], { coverAll })
          : F.averagePooling2d(v, [1, size], [1, stride], [0, pad]);
      using compiled = compile(f, [x]);
      const bytes = compiled.toOnnx();
      for (const { op, attributes } of parseOnnx(bytes).nodes) {
        if (!op.endsWith('Pool')) continue;
        const [kernel, pads] = ['kernel_shape', 'pads'].map((name) => attributes.get(name)?.value as number[]);
        pads.forEach((n, k) => {
          expect(n, JSON.stringify(pool)).toBeLessThan(kernel[k % 2]);
          expect(n).toBeGreaterThanOrEqual(0);
        });
      }
      using loaded = readOnnx(bytes);
      const got = [...loaded(x).dataSync()];
      const want = naive(kind, pixels, pool);
      expect(got.length, JSON.stringify(pool)).toBe(want.length);
      for (const [i, v] of want.entries())
        if (Number.isFinite(v)) expect(got[i], `${JSON.stringify(pool)}, window ${i}`).toBeCloseTo(v, 5);
        else expect(got[i], `${JSON.stringify(pool)}, window ${i}`).toBe(v);
    }
    expect(beyond).toBeGreaterThan(50);
  });
});

/**
 * ONNX operators that are composed of primitives give the same on the GPU as on the CPU. Oracle: JavaScript's typed
 * arrays.
 */
import { expect, it } from 'vitest';
import { init, np, readOnnx, usingDevice } from '../../../src/index.js';
import { floats, modelOf, node, value } from '../../support/onnx-model.js';

await init({ device: 'webgl' });

const run = (one: ReturnType<typeof node>, values: readonly number[], dtype: 'float32' | 'int32' = 'float32') =>
  usingDevice('webgl', () => {
    using model = readOnnx(modelOf({ nodes: [one], inputs: [value('x', [values.length], dtype)], outputs: ['y'] }));
    return Array.from(model(np.array([...values], dtype)).dataSync());
  });

it('Cast keeps the low bits', () => {
  const whole = [0, 1, -1, 127, 128, 200, 256, 300, -128, -129, -200, 32768, 40000, 65535, 65536, -32769];
  for (const [to, Held] of [
    [2, Uint8Array],
    [3, Int8Array],
    [4, Uint16Array],
    [5, Int16Array],
  ] as const) {
    const cast = node('Cast', ['x'], ['y'], { to });
    const want = [...Held.from(whole)];
    expect(run(cast, whole, 'int32')).toEqual(want);
    expect(run(cast, whole)).toEqual(want);
    expect(run(cast, [1.9, -1.9, 200.7, 3e9, -3e9])).toEqual([...Held.of(1, -1, 200, 0, 0)]);
  }
});

it('IsInf tells signs apart', () => {
  const values = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 3];
  expect(run(node('IsInf', ['x'], ['y'], { detect_negative: 0 }), values)).toEqual([1, 0, 0, 0]);
  expect(run(node('IsInf', ['x'], ['y'], { detect_positive: 0 }), values)).toEqual([0, 1, 0, 0]);
});

it('constants may be results', () => {
  usingDevice('webgl', () => {
    const nodes = [node('Relu', ['x'], ['y']), node('Shape', ['x'], ['s'])];
    const bytes = modelOf({
      nodes,
      inputs: [value('x', [2])],
      outputs: ['y', 's', 'w'],
      tensors: { w: floats([2], [3, 4]) },
    });
    using model = readOnnx(bytes);
    for (let i = 0; i < 2; i++) {
      const { y, s, w } = model.run({ x: np.array([-1, 2]) });
      expect([y, s, w].map((a) => Array.from(a.dataSync()))).toEqual([[0, 2], [2], [3, 4]]);
    }
  });
});

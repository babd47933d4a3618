/**
 * ONNX's random operators on arrays. Each run draws new numbers from the kernels' generator, which `np.random.seed` restarts. `seed`
 * attributes are ignored.
 */
import type { RandomKind } from '../../../backends/ops.js';
import { full } from '../../../ndarray/creation.js';
import { astype, binary } from '../../../ndarray/elementwise.js';
import { drawOnDevice } from '../../../ndarray/kernel-streams.js';
import type { NDArray } from '../../../ndarray/ndarray.js';
import type { OnnxCall, Operator } from '../call.js';

/** Numbers from N(mean, scale²), or from [low, high). */
function drawn(call: OnnxCall, kind: RandomKind, shape: readonly number[], dtype: NDArray['dtype']): NDArray {
  const numbers = drawOnDevice(kind, shape, call.device);
  const [shift, scale] =
    kind === 'normal'
      ? [call.float('mean', 0), call.float('scale', 1)]
      : [call.float('low', 0), call.float('high', 1) - call.float('low', 0)];
  return astype(binary('add', binary('multiply', numbers, scale), shift), dtype);
}

const ofShape =
  (kind: RandomKind): Operator =>
  (call) => {
    const shape = call.ints('shape', null) ?? call.fail('its shape is missing');
    return drawn(call, kind, shape, call.dtype('dtype', 'float32').computed);
  };

const likeInput =
  (kind: RandomKind): Operator =>
  (call) => {
    const { shape, dtype } = call.input(0);
    return drawn(call, kind, shape, call.hasAttribute('dtype') ? call.dtype('dtype', 'float32').computed : dtype);
  };

/** Drops elements in training mode. The mode is an input since version 12. */
const dropout: Operator = (call) => {
  const x = call.input(0);
  const isTraining = call.has(2) && call.numbers(2)[0];
  const ratio = isTraining && call.has(1) ? call.numbers(1)[0] : 0.5;
  if (!isTraining || ratio === 0)
    return call.reads(1) ? [x, full(x.shape, 1, { dtype: 'bool', device: x.device.name })] : x;
  const kept = binary('greaterEqual', drawOnDevice('uniform', x.shape, x.device), ratio);
  return [binary('multiply', x, binary('multiply', astype(kept, x.dtype), 1 / (1 - ratio))), kept];
};

export const RANDOM = {
  Dropout: dropout,
  RandomNormal: ofShape('normal'),
  RandomNormalLike: likeInput('normal'),
  RandomUniform: ofShape('uniform'),
  RandomUniformLike: likeInput('uniform'),
} satisfies Record<string, Operator>;

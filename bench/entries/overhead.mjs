/** What one call costs when there is next to nothing to compute: adding 8 floats, without gradients. */
import { np, scope } from 'rensa';
import { tf, useBackend } from '../peers/tfjs.mjs';

const CALLS = 1000;

export async function prepare() {
  const a = np.arange(0, 8, 1, 'float32');
  const b = np.ones(8);
  const ours = () =>
    scope(null, () => {
      for (let i = 0; i < CALLS; i++) np.add(a, b);
    });
  const peer = (name) => async () => {
    await useBackend(name);
    tf.tidy(() => {
      const [x, y] = tensors[name];
      for (let i = 0; i < CALLS; i++) tf.add(x, y);
    });
  };
  const tensors = {};
  for (const name of ['cpu', 'wasm']) {
    await useBackend(name);
    tensors[name] = [tf.range(0, 8), tf.ones([8])];
  }
  return {
    title: `${CALLS} additions of 8 floats (milliseconds a thousand = microseconds a call)`,
    contestants: [
      { name: 'rensa', run: ours },
      { name: 'tfjs cpu 4.22', run: peer('cpu') },
      { name: 'tfjs wasm 4.22', run: peer('wasm') },
    ],
  };
}

/** The cost of a call that computes next to nothing: adding 8 floats, without gradients. */
import { np, scope } from '#rensa';
import { jax, NAMES, tfjs } from '../peers/index.mjs';

const CALLS = 1000;

function* ofTfjs() {
  for (const backend of ['cpu', 'wasm']) {
    const name = backend === 'cpu' ? NAMES.tfjsCpu : NAMES.tfjsWasm;
    yield {
      name,
      async prepare() {
        const tf = await tfjs(backend);
        const [x, y] = [tf.range(0, 8), tf.ones([8])];
        const run = async () => {
          await tf.setBackend(backend);
          tf.tidy(() => {
            for (let i = 0; i < CALLS; i++) tf.add(x, y);
          });
        };
        return { run };
      },
    };
  }
}

export async function* cases() {
  const a = np.arange(0, 8, 1, 'float32');
  const b = np.ones(8);
  const ours = () =>
    scope(null, () => {
      for (let i = 0; i < CALLS; i++) np.add(a, b);
    });
  const ofJax = async () => {
    const { numpy } = await jax();
    const [x, y] = [numpy.ones([8]), numpy.ones([8])];
    const run = async () => {
      let sum = x.ref;
      for (let i = 0; i < CALLS; i++) sum = numpy.add(sum, y.ref);
      await sum.data();
    };
    return { run };
  };
  yield {
    title: 'One addition of 8 floats, no gradient',
    calls: CALLS,
    contestants: [{ name: 'rensa', prepare: () => ({ run: ours }) }, ...ofTfjs(), { name: NAMES.jax, prepare: ofJax }],
  };
}

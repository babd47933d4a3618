/** Matrix products: squares of 32 to 2048, and skinny ones. */
import { np, scope } from '#rensa';
import { jax, NAMES, tfjs } from '../peers/index.mjs';

/** M, K, N. */
const SIZES = [
  ...[32, 64, 128, 256, 512, 1024, 2048].map((n) => [n, n, n]),
  [1, 4096, 1000],
  [1, 1024, 1024],
  [1024, 1024, 1],
  [32, 4096, 1000],
  [8, 512, 4096],
  [2048, 64, 2048],
];

export async function* cases() {
  np.random.seed(1);
  for (const [m, k, n] of SIZES) {
    const [a, b] = [np.random.rand(m, k), np.random.rand(k, n)];
    // The result is returned, as the peers return theirs; a scope keeps only the result of its function.
    const ours = () =>
      scope(null, () => {
        np.matmul(a, b);
      });
    const ofTfjs = async () => {
      const tf = await tfjs('wasm');
      const tensors = [tf.tensor(a.dataSync(), [m, k]), tf.tensor(b.dataSync(), [k, n])];
      return {
        run: () => tf.matMul(...tensors).dispose(),
        read: () => tf.tidy(() => tf.matMul(...tensors).dataSync()),
        free: () => tf.dispose(tensors),
      };
    };
    const ofJax = async () => {
      const { numpy } = await jax();
      const [x, y] = [numpy.array(a.dataSync()).reshape([m, k]), numpy.array(b.dataSync()).reshape([k, n])];
      // Reading the result waits for it, and copies it once.
      const read = () => numpy.matmul(x.ref, y.ref).data();
      return { run: read, read };
    };
    yield {
      title: m === k && k === n ? `${n}³` : `${m}×${k} · ${k}×${n}`,
      flops: 2 * m * k * n,
      bytes: 4 * (m * k + k * n + m * n),
      budgetMs: 600,
      contestants: [
        { name: 'rensa', prepare: () => ({ run: ours, read: () => scope(null, () => np.matmul(a, b).dataSync()) }) },
        { name: NAMES.tfjsWasm, prepare: ofTfjs },
        { name: NAMES.jax, prepare: ofJax },
      ],
    };
    for (const array of [a, b]) array[Symbol.dispose]();
  }
}

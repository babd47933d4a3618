/** 1024³ matrix product, one thread, beside what one tile of the product reaches when all it reads is in the first cache. */
import { np, scope } from 'rensa';
import { expectAgreement } from '../measure.mjs';
import { tileAlone } from '../peak.mjs';
import { tf, useBackend } from '../peers/tfjs.mjs';

const N = 1024;
const FLOPS = 2 * N ** 3;

export async function prepare() {
  np.random.seed(1);
  const [a, b] = [np.random.rand(N, N), np.random.rand(N, N)];
  const ours = () => scope(null, () => np.matmul(a, b));

  await useBackend('wasm');
  const [ta, tb] = [a, b].map((x) => tf.tensor(x.dataSync(), [N, N]));
  const tfjs = () => tf.matMul(ta, tb).dispose();

  const got = scope(null, () => np.matmul(a, b).dataSync());
  const theirs = tf.tidy(() => tf.matMul(ta, tb).dataSync());
  expectAgreement('matmul, tfjs wasm', got, theirs);
  return {
    title: `${N}³ matrix product, one thread`,
    contestants: [
      { name: 'rensa', run: ours },
      { name: 'the tile alone (peak)', run: await tileAlone(FLOPS) },
      { name: 'tfjs wasm 4.22', run: tfjs },
    ],
    notesOf: ([rensa, peak, ...rest]) => [
      ...[rensa, peak, ...rest].map(({ name, min }) => `${name}: ${(FLOPS / min / 1e6).toFixed(1)} GFLOP/s at best`),
      `share of the peak: ${((100 * peak.min) / rensa.min).toFixed(0)} %`,
    ],
  };
}

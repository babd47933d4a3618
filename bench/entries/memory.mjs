/**
 * Work that is limited by memory: elementwise functions, reductions and softmax over 4M floats. The results go into
 * memory that exists already.
 */
import { compile, F, np } from '#rensa';
import { jax, NAMES, tfjs } from '../peers/index.mjs';

const N = 1 << 22;
const FLOAT = 4;

/**
 * The call in every library, the shape of its operand, and the number of arrays of 4M floats that pass through memory.
 */
const WORK = {
  'sigmoid, 4M': { ours: (x) => F.sigmoid(x), tfjs: 'sigmoid', jax: ({ nn }, x) => nn.sigmoid(x), moved: 2 },
  'exp, 4M': { ours: (x) => F.exp(x), tfjs: 'exp', jax: ({ numpy }, x) => numpy.exp(x), moved: 2 },
  'tanh, 4M': { ours: (x) => F.tanh(x), tfjs: 'tanh', jax: ({ numpy }, x) => numpy.tanh(x), moved: 2 },
  'relu, 4M': { ours: (x) => F.relu(x), tfjs: 'relu', jax: ({ nn }, x) => nn.relu(x), moved: 2 },
  'add, 4M': {
    ours: (x, y) => F.add(x, y),
    tfjs: 'add',
    jax: ({ numpy }, x, y) => numpy.add(x, y),
    inputs: 2,
    moved: 3,
  },
  'sum, 4M': { ours: (x) => F.sum(x), tfjs: 'sum', jax: ({ numpy }, x) => numpy.sum(x), moved: 1 },
  'max, 4M': { ours: (x) => F.max(x), tfjs: 'max', jax: ({ numpy }, x) => numpy.max(x), moved: 1 },
  'softmax, 4096 × 1024': {
    ours: (x) => F.softmax(x),
    tfjs: 'softmax',
    jax: ({ nn }, x) => nn.softmax(x),
    shape: [4096, 1024],
    moved: 2,
  },
};

export async function* cases() {
  np.random.seed(3);
  const flat = [np.random.randn(N), np.random.randn(N)];
  for (const [title, work] of Object.entries(WORK)) {
    const { shape = [N], inputs = 1, moved } = work;
    const arrays = flat.slice(0, inputs).map((x) => x.reshape(shape));
    const predict = compile(work.ours, arrays, { reuse: true });
    const ofTfjs = async () => {
      const tf = await tfjs('wasm');
      const tensors = arrays.map((x) => tf.tensor(x.dataSync(), shape));
      const apply = () => tf[work.tfjs](...tensors);
      const read = () => tf.tidy(() => apply().dataSync());
      return { run: () => apply().dispose(), read, free: () => tf.dispose(tensors) };
    };
    const ofJax = async () => {
      const library = await jax();
      const values = arrays.map((x) => library.numpy.array(x.dataSync()).reshape(shape));
      const compiled = library.jit((...given) => work.jax(library, ...given));
      const apply = () => compiled(...values.map((value) => value.ref));
      const run = () => library.blockUntilReady(apply());
      return { run: async () => (await run()).dispose(), read: () => apply().data() };
    };
    yield {
      title,
      bytes: moved * FLOAT * N,
      tolerance: 1e-3,
      budgetMs: 500,
      contestants: [
        {
          name: 'rensa',
          prepare: () => ({ run: () => predict(...arrays), read: () => predict(...arrays).dataSync() }),
        },
        { name: NAMES.tfjsWasm, prepare: ofTfjs },
        { name: NAMES.jax, prepare: ofJax },
      ],
    };
    predict.free();
  }
}

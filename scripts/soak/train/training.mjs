// @ts-check
/** A training of many steps, in Node or in a page, with samples of its memory. scripts/soak/train.mjs judges them. */

/** @typedef {typeof import('../../../src/index.js')} Rensa */

/**
 * The memory of some steps. The samples follow several steps in a row, because arrays come in waves.
 * @typedef {object} Sample
 * @property {number} step
 * @property {number} arrays the most arrays that were alive
 * @property {number} bytes the most bytes of arrays on the device
 * @property {number} reserved bytes that the device took from the system
 * @property {number} loss the mean loss since the sample before
 */

/**
 * @typedef {object} Task
 * @property {'loop' | 'trainer' | 'replicas'} how a loop written by hand; a Trainer; a Trainer with a ParallelUpdater
 * @property {'wasm' | 'webgl'} device
 * @property {number} threads of kernels, or of the ParallelUpdater
 * @property {number} steps
 * @property {number} samples how often memory is looked at
 */

const CLASSES = 10;
const EXAMPLES = 320;
const BATCH = 32;

/** Convolutions, normalization, dropout and a product: each keeps other arrays between steps. @param {Rensa} rensa */
export const makeModel = ({ Chain, F, L }) => {
  class Net extends Chain {
    conv1 = new L.Convolution2D(1, 8, 5);
    bn = new L.BatchNormalization(8);
    conv2 = new L.Convolution2D(8, 16, 3);
    fc1 = new L.Linear(16 * 4 * 4, 32);
    fc2 = new L.Linear(32, CLASSES);

    /** @param {import('../../../src/index.js').VariableLike} x */
    forward(x) {
      let h = F.maxPooling2d(F.relu(this.bn(this.conv1(x))), 2, 2);
      h = F.maxPooling2d(F.relu(this.conv2(h)), 2, 2);
      return this.fc2(F.dropout(F.relu(this.fc1(h)), 0.1));
    }
  }
  return new L.Classifier(new Net());
};

/** Noise, with a bright square where the class says. @param {Rensa} rensa @returns {[import('../../../src/index.js').NDArray, number][]} */
function makeExamples({ np }) {
  return Array.from({ length: EXAMPLES }, (_, k) => {
    const label = k % CLASSES;
    const pixels = np.random.rand(1, 24, 24).dataSync();
    const [top, left] = [8 * Math.floor(label / 4) + 1, 6 * (label % 4)];
    for (let i = 0; i < 36; i++) pixels[24 * (top + Math.floor(i / 6)) + left + (i % 6)] += 2;
    return [np.array(pixels, 'float32').reshape([1, 24, 24]), label];
  });
}

/** Collects garbage, and lets finalizers run. */
async function collect() {
  for (let round = 0; round < 3; round++) {
    // Node and Chromium are started so that there is one.
    Reflect.get(globalThis, 'gc')?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Trains, and reports each sample.
 * @param {Rensa} rensa
 * @param {Task} task
 * @param {string} replica the address of the module that makes replicas
 * @param {(sample: Sample) => unknown} report
 */
export async function train(rensa, { how, device, threads, steps, samples }, replica, report) {
  const { datasets, init, iterators, np, optimizers, training } = rensa;
  await init(how === 'replicas' ? { device } : { device, threads });
  np.random.seed(0);
  const model = makeModel(rensa);
  const optimizer = new optimizers.Adam({ alpha: 1e-3 }).setup(model);
  const iterator = new iterators.SerialIterator(makeExamples(rensa), BATCH);
  /** @typedef {[import('../../../src/index.js').NDArray, import('../../../src/index.js').NDArray]} Arrays */
  const every = Math.max(1, Math.floor(steps / samples));
  /** @type {number[]} */
  let losses = [];

  let peak = { arrays: 0, bytes: 0 };
  /** After each step. @param {number} step */
  const look = async (step) => {
    const { arrays, devices } = np.memory();
    const use = devices[device];
    peak = { arrays: Math.max(peak.arrays, arrays), bytes: Math.max(peak.bytes, use?.bytes ?? 0) };
    if (step % every !== 0) return;
    const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
    await collect();
    await report({ step, ...peak, reserved: use?.reserved ?? 0, loss });
    losses = [];
    peak = { arrays: 0, bytes: 0 };
  };

  if (how === 'loop') {
    for (let step = 1; step <= steps; step++) {
      const [x, t] = /** @type {Arrays} */ (datasets.concatExamples([...(iterator.next().value ?? [])]));
      const loss = model(x, t);
      model.cleargrads();
      loss.backward();
      optimizer.update();
      // A page must respond between steps. In Node, steps follow each other without a pause.
      if (step % 10 === 0) losses.push(device === 'webgl' ? (await loss.data())[0] : loss.item());
      const looked = look(step);
      if (step % every === 0) await looked;
    }
  } else {
    const updater =
      how === 'replicas'
        ? new training.ParallelUpdater(iterator, optimizer, { model: replica, threads })
        : new training.StandardUpdater(iterator, optimizer);
    const trainer = new training.Trainer(updater, [steps, 'iteration'], null);
    trainer.extend(new training.extensions.LogReport({ trigger: [every, 'iteration'], filename: null }));
    const watch = training.makeExtension({ trigger: [1, 'iteration'] }, async ({ observation }) => {
      const { iteration } = updater;
      if (iteration % 10 === 0) losses.push(Number(observation['main/loss']));
      await look(iteration);
    });
    await trainer.extend(watch, { name: 'watch' }).run();
    if (how === 'replicas' && updater instanceof training.ParallelUpdater && updater.threads.reason !== null)
      throw new Error(`replicas: ${updater.threads.reason}`);
  }
}

// @ts-check
/**
 * The computations of a page on WebGL2 while its context or the GPU process is taken away. Each workload compares
 * every value that it reads with the expected one: whole numbers exactly, networks with the same steps on wasm.
 * page.mjs makes the losses.
 */

/** @typedef {typeof import('../../../src/index.js')} Rensa */
/** @typedef {import('../../../src/backends/backend.js').DeviceName} DeviceName */

/** A value that was read without an error and is wrong. */
export class WrongValue extends Error {}

/**
 * @param {string} what
 * @param {ArrayLike<number>} got
 * @param {(i: number) => number} want
 * @param {number} tolerance relative to the larger of 1 and the value
 */
function check(what, got, want, tolerance = 0) {
  for (let i = 0; i < got.length; i++) {
    const expected = want(i);
    // Written so that NaN is wrong.
    if (!(Math.abs(got[i] - expected) <= tolerance * Math.max(1, Math.abs(expected)))) {
      throw new WrongValue(`${what}: element ${i} is ${got[i]}, expected ${expected}`);
    }
  }
}

/** The tolerance of losses and weights after a few steps on two devices. */
const TOLERANCE = 1e-3;

/**
 * The workloads by name. A workload may be called again after it failed.
 * @param {Rensa} rensa
 * @returns {Promise<Record<string, () => void | Promise<void>>>}
 */
export async function makeWorkloads(rensa) {
  const { Chain, compile, datasets, F, iterators, L, np, optimizers, scope, serializers, training, usingDevice } =
    rensa;

  class Net extends Chain {
    conv = new L.Convolution2D(1, 4, 3);
    fc = new L.Linear(4 * 3 * 3, 5);

    /** @param {import('../../../src/index.js').VariableLike} x */
    forward(x) {
      return this.fc(F.maxPooling2d(F.relu(this.conv(x)), 2, 2));
    }
  }

  const pixels = Float32Array.from({ length: 8 * 64 }, (_, i) => Math.sin(i * 0.7) + (i % 5) * 0.1);
  const labels = Int32Array.from({ length: 8 }, (_, i) => i % 5);
  const batch = () => ({ x: np.array(pixels).reshape(8, 1, 8, 8), t: np.array(labels) });

  /** A network with the same weights every time, on the device that is current. */
  function makeNet() {
    np.random.seed(5);
    const model = new L.Classifier(new Net());
    return { model, optimizer: new optimizers.MomentumSGD(0.05).setup(model) };
  }

  /** @param {InstanceType<typeof L.Classifier>} model */
  const weightsOf = (model) => [...model.params()].map((parameter) => parameter.array.dataSync().slice());

  const STEPS = 6;
  /** @param {boolean} reads whether each loss is read at once */
  function train(reads) {
    const { model, optimizer } = makeNet();
    const { x, t } = batch();
    /** @type {number[]} */
    const losses = [];
    for (let i = 0; i < STEPS; i++) {
      optimizer.update(() => {
        const loss = model(x, t);
        if (reads) losses.push(loss.array.item());
        return loss;
      });
    }
    return { losses, model };
  }

  const right = usingDevice('wasm', () => {
    const { losses, model } = train(true);
    const weights = weightsOf(model);
    const { model: fresh } = makeNet();
    const answers = rensa.usingConfig('train', false, () => fresh.predictor(batch().x).array.dataSync().slice());
    return { losses, weights, answers };
  });

  /** @param {InstanceType<typeof L.Classifier>} model */
  const checkWeights = (model) => {
    const parameters = [...model.params()];
    for (const [k, parameter] of parameters.entries()) {
      check(`weights ${k}`, parameter.array.dataSync(), (i) => right.weights[k][i], TOLERANCE);
    }
  };

  return {
    sums() {
      scope(null, () => {
        for (let k = 1; k <= 20; k++) {
          const a = np.full([64, 64], k);
          check('sum', [np.sum(np.add(a, 3)).item()], () => 4096 * (k + 3));
        }
      });
    },

    paging() {
      scope(null, () => {
        // Four times the memory budget.
        const arrays = Array.from({ length: 32 }, (_, k) => np.full([256, 64], k));
        const changed = arrays.map((a) => np.add(np.add(a, 1), 2));
        for (const [k, a] of changed.entries()) check('paged', a.dataSync(), () => k + 3);
      });
    },

    training() {
      const { losses, model } = train(true);
      check('losses', losses, (i) => right.losses[i], TOLERANCE);
      checkWeights(model);
    },

    'training without reads'() {
      checkWeights(train(false).model);
    },

    'saved weights'() {
      const { model } = train(false);
      const again = new L.Classifier(new Net());
      // Reads what was written on wasm, so that the file is judged and not the device.
      usingDevice('wasm', () => {
        serializers.fromNpz(serializers.toNpz(model), again);
        checkWeights(again);
      });
    },

    async 'reads under way'() {
      for (let round = 0; round < 5; round++) {
        const arrays = Array.from({ length: 8 }, (_, k) => np.full([100, 10 + k], k));
        const results = await Promise.allSettled(arrays.map((array) => array.data()));
        for (const [k, result] of results.entries()) {
          if (result.status === 'fulfilled') check('read', result.value, () => k);
        }
        for (const result of results) if (result.status === 'rejected') throw result.reason;
      }
    },

    async compiled() {
      const { model } = makeNet();
      const { x } = batch();
      const predict = compile(model.predictor, [x]);
      await predict.warmUp(x);
      check('answers', await predict(x).data(), (i) => right.answers[i], TOLERANCE);
      check('answers again', predict(x).dataSync(), (i) => right.answers[i], TOLERANCE);
    },

    async trainer() {
      const { model, optimizer } = makeNet();
      const examples = new datasets.TupleDataset(new datasets.ArrayDataset(pixels, [1, 8, 8]), labels);
      const iterator = new iterators.SerialIterator(examples, 8, { shuffle: false });
      const updater = new training.StandardUpdater(iterator, optimizer);
      const trainer = new training.Trainer(updater, [STEPS, 'iteration'], null);
      await trainer.run();
      checkWeights(model);
    },
  };
}

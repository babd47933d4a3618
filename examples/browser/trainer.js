/**
 * The worker: trains LeNet5 and reads digits with it, also while it trains. The page asks by messages `{ type, … }`:
 *
 *     train   { device, data, epochs, images }   answered by `status`, `progress`, `tested`, and `trained` or `failed`
 *     stop                                       the training ends after the update under way
 *     predict { pixels }                         answered by `prediction` with ten probabilities
 *     save                                       answered by `saved` with the bytes of an .npz file
 *     load    { bytes }                          answered by `loaded` or `failed`
 */
import { LeNet5 } from './lenet5.js';
import {
  cuda,
  datasets,
  init,
  iterators,
  L,
  noBackpropMode,
  np,
  optimizers,
  scope,
  serializers,
  training,
  usingConfig,
} from './rensa.js';

const BATCH = 32;
const REPORT_EVERY = 20; // iterations

/** The page's choices: options of `init`. */
const DEVICES = {
  wasm: { device: 'wasm', threads: 1 },
  threads: { device: 'wasm', threads: 'auto' },
  webgl: { device: 'webgl' },
};

const model = new LeNet5();
/** The device of the model. */
let device = 'wasm';
let stopping = false;

const tell = (type, content = {}) => postMessage({ type, ...content });

async function train({ device: choice, data, epochs, images }) {
  stopping = false;
  await init(DEVICES[choice]);
  ({ device } = DEVICES[choice]);
  model.toDevice(device);

  tell('status', { text: 'loading MNIST …' });
  const [all, test] = await datasets.getMnist({ ndim: 3, source: data });
  const digits = images < all.length ? new datasets.SubDataset(all, 0, images) : all;

  const classifier = new L.Classifier(model);
  const optimizer = new optimizers.Adam(0.004).setup(classifier);
  const updater = new training.StandardUpdater(new iterators.SerialIterator(digits, BATCH), optimizer, { device });
  const trainer = new training.Trainer(updater, ({ updater }) => stopping || updater.epochDetail >= epochs, null);

  const { Evaluator, ExponentialShift, LogReport } = training.extensions;
  const progress = (entry) =>
    tell('progress', {
      epoch: updater.epochDetail,
      loss: entry['main/loss'],
      accuracy: entry['main/accuracy'],
      imagesPerSecond: (updater.iteration * BATCH) / entry.elapsed_time,
    });
  const tested = (entry) => tell('tested', { epoch: updater.epoch, accuracy: entry['validation/main/accuracy'] });
  const testIterator = new iterators.SerialIterator(test, 500, { repeat: false, shuffle: false });
  trainer
    .extend(new Evaluator(testIterator, classifier, { device }))
    .extend(new ExponentialShift('alpha', 0.6), { trigger: [1, 'epoch'] })
    .extend(new LogReport({ trigger: [REPORT_EVERY, 'iteration'], filename: null, postprocess: progress }), {
      name: 'curves',
    })
    .extend(new LogReport({ trigger: [1, 'epoch'], filename: null, postprocess: tested }), { name: 'tests' });

  tell('status', { text: `training on ${choice}` });
  await trainer.run();
  tell('trained', { seconds: trainer.elapsedTime });
}

async function predict({ pixels }) {
  const probabilities = scope(null, () => {
    const x = cuda.toDevice(np.array(pixels, 'float32').reshape([1, 1, 28, 28]), device);
    return usingConfig('train', false, () => noBackpropMode(() => model(x).dataSync()));
  });
  tell('prediction', { probabilities: Array.from(probabilities) });
}

const ACTIONS = {
  train,
  predict,
  stop: () => {
    stopping = true;
  },
  save: () => tell('saved', { bytes: serializers.toNpz(model) }),
  load: ({ bytes }) => {
    serializers.fromNpz(bytes, model);
    tell('loaded');
  },
};

self.onmessage = async ({ data }) => {
  try {
    await ACTIONS[data.type](data);
  } catch (error) {
    tell('failed', { action: data.type, message: error.message });
  }
};

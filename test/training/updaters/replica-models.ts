/** Modules of replicas, as text. They import the library from its build folder. */

/** LeNet5; with `trouble`, what its loss does before it is computed. */
export const lenet5 = (library: string, trouble = '') => `
import { Chain, F, L, training } from ${JSON.stringify(library)};
class LeNet5 extends Chain {
  conv1 = new L.Convolution2D(1, 6, 5);
  conv2 = new L.Convolution2D(6, 16, 5);
  conv3 = new L.Convolution2D(16, 120, 4);
  fc4 = new L.Linear(null, 84);
  fc5 = new L.Linear(84, 10);
  forward(x) {
    let h = F.maxPooling2d(F.relu(this.conv1(x)), 2, 2);
    h = F.maxPooling2d(F.relu(this.conv2(h)), 2, 2);
    return this.fc5(F.relu(this.fc4(F.relu(this.conv3(h)))));
  }
}
const lossFunc = (model, ...inputs) => { ${trouble}; return model(...inputs); };
export default training.replica(() => new L.Classifier(new LeNet5()), { lossFunc });
`;

/** A small model with dropout, of 6 inputs, which reports how many arrays its thread has. */
export const dropout = (library: string) => `
import { Chain, F, L, np, report, training } from ${JSON.stringify(library)};
class Net extends Chain {
  fc = new L.Linear(6, 8);
  bn = new L.BatchNormalization(8);
  out = new L.Linear(8, 3);
  forward(x) {
    report({ arrays: np.memory().arrays }, this);
    return this.out(F.dropout(this.bn(this.fc(x)), 0.5));
  }
}
export default training.replica(() => new L.Classifier(new Net()));
`;

/**
 * Two layers of 6 inputs. `atStart` runs when the module is loaded in a worker, `inStep` before each loss there; both see
 * `threads`, which is node:worker_threads, and `isOdd`, which differs between workers that started one after the other;
 * `inStep` also sees `step`, which counts from 0.
 */
export const troubled = (library: string, { atStart = '', inStep = '' }: { atStart?: string; inStep?: string }) => `
import * as threads from 'node:worker_threads';
import { Chain, F, L, training } from ${JSON.stringify(library)};
const isOdd = threads.threadId % 2 === 1;
if (!threads.isMainThread) { ${atStart} }
class Net extends Chain {
  fc = new L.Linear(6, 8);
  out = new L.Linear(8, 3);
  forward(x) { return this.out(F.relu(this.fc(x))); }
}
let step = -1;
const lossFunc = (model, ...inputs) => { step++; ${inStep}; return model(...inputs); };
export default training.replica(() => new L.Classifier(new Net()), { lossFunc });
`;

/**
 * The module of a replica in a page. In its third step it gets into the trouble that the query of its address names.
 */
import { Chain, F, L, training, type VariableLike } from 'rensa';

const trouble = new URL(import.meta.url).searchParams.get('trouble');

class Net extends Chain {
  fc = new L.Linear(6, 8);
  out = new L.Linear(8, 3);
  forward(x: VariableLike) {
    return this.out(F.relu(this.fc(x)));
  }
}

let step = 0;
const lossFunc = (model: L.Classifier, x: VariableLike, t: VariableLike) => {
  if (++step === 3) {
    if (trouble === 'close') globalThis.close(); // no event tells a page of it
    if (trouble === 'post') globalThis.postMessage('hello');
    if (trouble === 'compute') for (;;);
    if (trouble === 'throw')
      setTimeout(() => {
        throw new TypeError('too late');
      });
  }
  return model(x, t);
};

export default training.replica(() => new L.Classifier(new Net()), { lossFunc });

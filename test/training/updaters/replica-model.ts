/** The module of a replica in a page: a small model. */
import { Chain, F, L, training, type VariableLike } from 'rensa';

class Net extends Chain {
  fc = new L.Linear(6, 8);
  out = new L.Linear(8, 3);
  forward(x: VariableLike) {
    return this.out(F.relu(this.fc(x)));
  }
}

export default training.replica(() => new L.Classifier(new Net()));

/** The module of replicas of a small model. */
import { L, training } from 'rensa';

export default training.replica(() => new L.Classifier(new L.Linear(4, 3)));

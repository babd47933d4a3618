/** The module of the replicas of a `ParallelUpdater`: LeNet5. */
import { L, training } from '#rensa';
import { LeNet5 } from './lenet5.mjs';

export default training.replica(() => new L.Classifier(new LeNet5()));

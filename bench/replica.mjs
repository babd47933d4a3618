/** LeNet5 as the threads of a `ParallelUpdater` get it. */
import { L, training } from '#rensa';
import { LeNet5 } from './lenet5.mjs';

export default training.replica(() => new L.Classifier(new LeNet5()));

/** A replica: a model in a worker that computes the gradients of its share of each batch. The optimizer stays in the program's thread. */

import { config, usingConfig } from '../../core/config.js';
import type { Link } from '../../core/link.js';
import { type Observation, Reporter } from '../../core/reporter.js';
import type { Variable } from '../../core/variable.js';
import { packError } from '../../datasets/messages.js';
import { init } from '../../ndarray/device.js';
import { release, scope } from '../../ndarray/lifetime.js';
import { random } from '../../ndarray/np.js';
import { asLoss } from '../../optimizers/loss.js';
import { checkOptions } from '../../options.js';
import { DictionaryDeserializer } from '../../serializers/dictionary.js';
import { type Answer, type ReplicaPort, type Start, type Step, unpack, WELCOME, type Welcome } from './messages.js';
import { paramsAt, viewsOf } from './shared-parameters.js';

/** Options of {@link replica}. */
export interface ReplicaOptions<M extends Link> {
  /**
   * Computes the loss of a share of a batch, as the updater's `lossFunc` does in the program's thread. Default: calls the model.
   */
  lossFunc?: (model: M, ...inputs: never[]) => Variable;
}

/** The names of {@link ReplicaOptions}. */
const OPTIONS: Readonly<Record<keyof ReplicaOptions<Link>, unknown>> = { lossFunc: null };

/**
 * Defines the replicas of a {@link ParallelUpdater}. A module calls it once and exports its result, which is `make` itself: the
 * program makes its own model with it.
 *
 *     // model.js
 *     export default training.replica(() => new L.Classifier(new LeNet5()));
 *
 * In a worker that an updater started, the module thereby becomes a replica; in the program's thread this only returns `make`.
 */
export function replica<M extends Link>(make: () => M, options: ReplicaOptions<M> = {}): () => M {
  checkOptions('replica', options, OPTIONS);
  const welcome: Welcome | undefined = Reflect.get(globalThis, WELCOME);
  if (welcome) {
    Reflect.deleteProperty(globalThis, WELCOME);
    void serve(welcome, make, options);
  } else if ('WorkerGlobalScope' in globalThis) {
    // The module may be the worker's own script; then the start comes after it has run.
    const listen = (event: Event & { readonly data?: Partial<Start> | null }) => {
      if (event.data?.kind !== 'rensa.replica') return;
      globalThis.removeEventListener('message', listen);
      // Its kind says that the message is a start. In a worker of a page, the global object is the port.
      void serve({ start: event.data as Start, port: globalThis as unknown as ReplicaPort }, make, options);
    };
    globalThis.addEventListener('message', listen);
  }
  return make;
}

/** Makes the model, and then answers steps. */
async function serve<M extends Link>({ start, port }: Welcome, make: () => M, options: ReplicaOptions<M>) {
  try {
    await init();
    const step = prepare(start, make(), options);
    port.onmessage = ({ data }) => {
      port.postMessage(attempt(() => step(data)));
    };
    port.postMessage({ kind: 'ready' });
  } catch (error) {
    port.postMessage({ kind: 'failed', error: packError(error) });
  }
}

function attempt(fn: () => Answer): Answer {
  try {
    return fn();
  } catch (error) {
    return { kind: 'failed', error: packError(error) };
  }
}

function prepare<M extends Link>(start: Start, model: M, { lossFunc }: ReplicaOptions<M>): (step: Step) => Answer {
  model.serialize(new DictionaryDeserializer(start.state));
  const params = paramsAt(start.places, model);
  const parameters = viewsOf(start.parameters, start.places);
  const gradients = viewsOf(start.gradients, start.places);
  const reporter = new Reporter();
  reporter.addObservers(start.name, model.namedLinks());
  let reported: Observation = {};

  const lossOf = (inputs: readonly unknown[]): Variable => {
    const loss: unknown = lossFunc
      ? Reflect.apply(lossFunc, undefined, [model, ...inputs])
      : Reflect.apply(model, undefined, inputs);
    return asLoss('replica', loss);
  };

  return ({ number, inputs, weight, seed, train, inRecomputing }) =>
    usingConfig('train', train, () =>
      scope(model, () => {
        config.inRecomputing = inRecomputing;
        random.seed(seed);
        for (const [k, param] of params.entries()) param.array.set(parameters[k]);
        const observation: Observation = {};
        const loss = reporter.scope(observation, () => lossOf(inputs.map(unpack)));
        // Not earlier: until this step, fields of the model held the values of its last reports.
        release(reported, [model, observation]);
        reported = observation;
        model.cleargrads();
        loss.backward({ lossScale: weight });
        const without: number[] = [];
        for (const [k, { grad }] of params.entries()) {
          if (grad) gradients[k].set(grad.array.dataSync());
          else without.push(k);
        }
        return { kind: 'done', number, values: numbersOf(observation), without };
      }),
    );
}

/** The reported values that are single numbers. */
export function numbersOf(observation: Observation): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const [name, value] of Object.entries(observation)) {
    if (typeof value === 'number') numbers.set(name, value);
    else if (value.size === 1) numbers.set(name, value.item());
  }
  return numbers;
}

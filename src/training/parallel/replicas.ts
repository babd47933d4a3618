/** The replicas of a model in workers: their start, their steps and their end. updaters/parallel-updater.ts has the batches and the optimizer. */
import { config } from '../../core/config.js';
import type { Link } from '../../core/link.js';
import { unpackError } from '../../datasets/messages.js';
import { DeviceError, ValueError } from '../../errors.js';
import { fromHost } from '../../ndarray/ndarray.js';
import { inWords } from '../../options.js';
import { limitTime } from '../../platform/time-limit.js';
import { DictionarySerializer } from '../../serializers/dictionary.js';
import { type Answer, isAnswer, pack } from './messages.js';
import { type ReplicaSource, type ReplicaWorker, startWorker } from './replica-worker.js';
import { placedBytes, placesOf, viewsOf } from './shared-parameters.js';

/** What a replica tells of a step. */
export type Done = Extract<Answer, { kind: 'done' }>;

/** The start, or a step, that a replica has not answered yet. */
interface Waiting {
  /** That of the step; null for the start. */
  readonly number: number | null;
  /** With null if the replica was lost. */
  resolve(done: Done | null): void;
  reject(error: unknown): void;
  /** Stops the clock. */
  readonly stop: () => void;
}

/** A replica, and who waits for it. */
interface Member {
  readonly worker: ReplicaWorker;
  readonly gradients: readonly (Float32Array | Float64Array)[];
  /** How many steps it was given. */
  steps: number;
  waiting: Waiting | null;
}

/** A share of a batch, for a replica to compute. */
export interface Work {
  /** The arguments of the model. */
  readonly inputs: readonly unknown[];
  /** The share's part of the batch. */
  readonly weight: number;
  /** Of the random numbers that are drawn for it. */
  readonly seed: number;
}

/** A step on its way: what a replica answers, and what its gradients are. */
export interface Share {
  /** Null if the replica was lost, and its share is still to be computed. */
  readonly done: Promise<Done | null>;
  /** Adds its gradients to those of the model, once it is done; `without` are the places that have none. */
  addGradients(without: readonly number[]): void;
}

/** What {@link Replicas} are started with. */
export interface ReplicasOptions {
  readonly count: number;
  readonly source: ReplicaSource;
  /** How long a replica may take to start, and to answer a step, in seconds. */
  readonly timeout: number;
  /** The model's name in reports. */
  readonly name: string;
}

/** Replicas of a model whose parameters all have their shapes. One that is lost is ended; the others go on. */
export class Replicas {
  readonly #model: Link;
  readonly #parameters: readonly (Float32Array | Float64Array)[];
  readonly #timeout: number;
  #members: Member[] = [];
  readonly #losses = new Set<string>();
  /**
   * Fulfilled when each replica is there or lost; rejected with what a replica's module throws, after all were ended.
   */
  readonly started: Promise<void>;

  /** Starts replicas. @throws what `source` throws. */
  constructor(model: Link, { count, source, timeout, name }: ReplicasOptions) {
    const places = placesOf(model);
    const parameters = new SharedArrayBuffer(placedBytes(places));
    const state = new DictionarySerializer();
    model.serialize(state);
    this.#model = model;
    this.#parameters = viewsOf(parameters, places);
    this.#timeout = timeout;
    const answers: Promise<unknown>[] = [];
    try {
      for (let k = 0; k < count; k++) {
        const gradients = new SharedArrayBuffer(placedBytes(places));
        const start = { kind: 'rensa.replica', places, parameters, gradients, state: state.target, name } as const;
        const worker = startWorker(source, start, {
          received: (answer) => this.#answered(member, answer),
          lost: (reason) => this.#lost(member, reason),
        });
        const member: Member = { gradients: viewsOf(gradients, places), steps: 0, waiting: null, worker };
        this.#members.push(member);
        answers.push(this.#answerOf(member, null));
      }
    } catch (error) {
      for (const answer of answers) answer.catch(() => {});
      this.end();
      throw error;
    }
    this.started = this.#startOf(answers);
  }

  async #startOf(answers: readonly Promise<unknown>[]): Promise<void> {
    try {
      await Promise.all(answers);
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /** How many there are now. */
  get size(): number {
    return this.#members.length;
  }

  /** Why there are fewer than there were; null if there are not. */
  get lostBecause(): string | null {
    return this.#losses.size > 0 ? [...this.#losses].join('; ') : null;
  }

  /** Lets as many replicas as there is work each compute the gradients of a share, with the model's parameters as they are. */
  give(work: readonly Work[]): Share[] {
    const params = [...this.#model.params()];
    for (const [k, { array }] of params.entries()) this.#parameters[k].set(array.dataSync());
    const { train, inRecomputing } = config;
    const members = this.#members.slice(0, work.length);
    return members.map((member, k) => {
      const { inputs, weight, seed } = work[k];
      const number = member.steps++;
      const done = this.#answerOf(member, number);
      // Whoever waits for all of them sees the error.
      done.catch(() => {});
      const moved: ArrayBuffer[] = [];
      try {
        const packed = inputs.map((input) => pack(input, moved));
        member.worker.send({ number, inputs: packed, weight, seed, train, inRecomputing }, moved);
      } catch (error) {
        this.#release(member)?.reject(
          new ValueError(`ParallelUpdater: the batch cannot be sent: ${String(error)}`, { cause: error }),
        );
      }
      const addGradients = (without: readonly number[]) => {
        const missing = new Set(without);
        for (const [at, param] of params.entries()) {
          if (missing.has(at)) continue;
          const { shape, dtype, device } = param.array;
          const gradient = fromHost(member.gradients[at], shape, dtype, device);
          param.grad = param.grad ? param.grad.array.add(gradient) : gradient;
        }
      };
      return { done, addGradients };
    });
  }

  /** Ends the workers. Steps on their way are refused. */
  end(): void {
    for (const member of this.#members.splice(0)) {
      void member.worker.end();
      this.#release(member)?.reject(new DeviceError('ParallelUpdater: a worker was ended before it was done'));
    }
  }

  /** The next answer of a replica, or null if it is lost; until then the process waits for it. */
  #answerOf(member: Member, number: number | null): Promise<Done | null> {
    return new Promise((resolve, reject) => {
      const what = number === null ? 'start' : 'answer';
      const stop = limitTime(this.#timeout, () => this.#lost(member, `it did not ${what} within ${this.#timeout} s`));
      member.waiting = { number, resolve, reject, stop };
      member.worker.hold(true);
    });
  }

  /** Nobody waits for the replica any more; who did. */
  #release(member: Member): Waiting | null {
    const { waiting } = member;
    member.waiting = null;
    waiting?.stop();
    member.worker.hold(false);
    return waiting;
  }

  #answered(member: Member, answer: unknown): void {
    const { waiting } = member;
    const isExpected =
      waiting !== null &&
      isAnswer(answer) &&
      (answer.kind === 'failed' || (answer.kind === 'done' ? answer.number : null) === waiting.number);
    if (!isExpected) {
      this.#lost(member, `it sent ${inWords(answer)} where an answer of rensa was expected`);
      return;
    }
    this.#release(member);
    if (answer.kind === 'failed') waiting.reject(unpackError(answer.error));
    else waiting.resolve(answer.kind === 'done' ? answer : null);
  }

  #lost(member: Member, reason: string): void {
    if (!this.#members.includes(member)) return;
    this.#members = this.#members.filter((other) => other !== member);
    void member.worker.end();
    const loss = `a worker was lost: ${reason}`;
    this.#losses.add(loss);
    const left = this.size === 0 ? 'this thread goes on alone' : `${1 + this.size} threads go on`;
    console.warn(`ParallelUpdater: ${loss}; ${left}`);
    this.#release(member)?.resolve(null);
  }
}

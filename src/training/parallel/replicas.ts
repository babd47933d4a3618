/** The replicas of a model in workers: their start, their steps and their end. `updaters/parallel-updater.ts` gives them batches. */
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

/** A replica's answer to a step. */
export type Done = Extract<Answer, { kind: 'done' }>;

/** A start, or a step, that a replica has not answered yet. */
interface Waiting {
  /** The number of the step; null for the start. */
  readonly number: number | null;
  /** Takes the answer to a step; null for the answer to a start, and for a replica that was lost. */
  resolve(done: Done | null): void;
  reject(error: unknown): void;
  /** Stops the clock of the time limit. */
  readonly stop: () => void;
}

/** A replica and its open question. */
interface Member {
  readonly worker: ReplicaWorker;
  readonly gradients: readonly (Float32Array | Float64Array)[];
  /** The number of steps that it was given. */
  steps: number;
  waiting: Waiting | null;
}

/** A share of a batch, for a replica to compute. */
export interface Work {
  /** The arguments of the model. */
  readonly inputs: readonly unknown[];
  /** The share's number of examples divided by the batch's. */
  readonly weight: number;
  /** The seed of the random numbers that the model draws for the share. */
  readonly seed: number;
}

/** A step that a replica computes. */
export interface PendingStep {
  /** The replica's answer; null if the replica was lost, so that another has to compute the share. */
  readonly done: Promise<Done | null>;
  /** After `done`: adds the gradients to the model's. `without`: indices of parameters without a gradient. */
  addGradients(without: readonly number[]): void;
}

/** Options of {@link Replicas}. */
export interface ReplicasOptions {
  readonly count: number;
  readonly source: ReplicaSource;
  /** The time that a replica may take to start, and to answer a step, in seconds. */
  readonly timeout: number;
  /** The model's name in reports. */
  readonly name: string;
}

/** Replicas of a model whose parameters all have their shapes. A replica that is lost is ended; the others go on. */
export class Replicas {
  readonly #model: Link;
  readonly #parameters: readonly (Float32Array | Float64Array)[];
  readonly #timeout: number;
  #members: Member[] = [];
  readonly #losses = new Set<string>();
  /** Fulfilled when each replica has started or is lost. Rejected with what a replica's module throws, after all were ended. */
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

  /** The number of replicas that run. */
  get size(): number {
    return this.#members.length;
  }

  /** The reasons of all losses; null if there was none. */
  get lostBecause(): string | null {
    return this.#losses.size > 0 ? [...this.#losses].join('; ') : null;
  }

  /** Gives one share each to as many replicas. They compute its gradients with the current parameters of the model. */
  give(work: readonly Work[]): PendingStep[] {
    const params = [...this.#model.params()];
    for (const [k, { array }] of params.entries()) this.#parameters[k].set(array.dataSync());
    const { train, inRecomputing } = config;
    const members = this.#members.slice(0, work.length);
    return members.map((member, k) => {
      const { inputs, weight, seed } = work[k];
      const number = member.steps++;
      const done = this.#answerOf(member, number);
      // The caller, who waits for all steps, sees the error.
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

  /** Ends the workers, and rejects starts and steps without an answer. */
  end(): void {
    for (const member of this.#members.splice(0)) {
      void member.worker.end();
      this.#release(member)?.reject(new DeviceError('ParallelUpdater: a worker was ended before it was done'));
    }
  }

  /** The next answer of a replica, or null if it is lost. The process stays alive until then. */
  #answerOf(member: Member, number: number | null): Promise<Done | null> {
    return new Promise((resolve, reject) => {
      const what = number === null ? 'start' : 'answer';
      const stop = limitTime(this.#timeout, () => this.#lost(member, `it did not ${what} within ${this.#timeout} s`));
      member.waiting = { number, resolve, reject, stop };
      member.worker.hold(true);
    });
  }

  /** Ends the waiting for a replica, and returns its open question. */
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

/** The replicas of a model in workers: their start, their steps and their end. updaters/parallel-updater.ts has the batches and the optimizer. */
import { config } from '../../core/config.js';
import type { Link } from '../../core/link.js';
import { unpackError } from '../../datasets/messages.js';
import { DeviceError, ValueError } from '../../errors.js';
import { fromHost } from '../../ndarray/ndarray.js';
import { DictionarySerializer } from '../../serializers/dictionary.js';
import { type Answer, pack } from './messages.js';
import { bytesOf, placesOf, viewsOf } from './shared-parameters.js';
import { type ReplicaSource, type ReplicaWorker, startWorker } from './worker.js';

/** What a replica tells of a step. */
export type Done = Extract<Answer, { kind: 'done' }>;

/** A replica, and who waits for it. */
interface Member {
  readonly worker: ReplicaWorker;
  readonly gradients: readonly (Float32Array | Float64Array)[];
  waiting: { resolve(answer: Answer): void; reject(error: unknown): void } | null;
}

/** A step on its way: what each replica answers, and what its gradients are. */
export interface Share {
  readonly weight: number;
  readonly done: Promise<Done>;
  /** Adds its gradients to those of the model, once it is done; `without` are the places that have none. */
  addGradients(without: readonly number[]): void;
}

/** Replicas of a model whose parameters all have their shapes. */
export class Replicas {
  readonly #model: Link;
  readonly #parameters: readonly (Float32Array | Float64Array)[];
  #members: Member[] = [];
  /** Why there are fewer than there were; null if there are not. */
  lostBecause: string | null = null;

  private constructor(model: Link, parameters: readonly (Float32Array | Float64Array)[]) {
    this.#model = model;
    this.#parameters = parameters;
  }

  /**
   * Starts `count` replicas, and waits until they are there.
   *
   * @param name the model's name in reports.
   * @throws what a replica's module throws, DeviceError if a worker does not start.
   */
  static async start(model: Link, count: number, source: ReplicaSource, name: string): Promise<Replicas> {
    const places = placesOf(model);
    const parameters = new SharedArrayBuffer(bytesOf(places));
    const state = new DictionarySerializer();
    model.serialize(state);
    const replicas = new Replicas(model, viewsOf(parameters, places));
    const started = Array.from({ length: count }, () => {
      const gradients = new SharedArrayBuffer(bytesOf(places));
      const start = { kind: 'rensa.replica', places, parameters, gradients, state: state.target, name } as const;
      const member: Member = {
        gradients: viewsOf(gradients, places),
        waiting: null,
        worker: startWorker(source, start, {
          answered: (answer) => replicas.#answered(member, answer),
          lost: (reason) => replicas.#lost(member, reason),
        }),
      };
      replicas.#members.push(member);
      return replicas.#answerOf(member);
    });
    try {
      await Promise.all(started);
    } catch (error) {
      await Promise.allSettled(started);
      replicas.end();
      throw error;
    }
    return replicas;
  }

  /** How many there are now. */
  get size(): number {
    return this.#members.length;
  }

  /**
   * Lets each replica compute the gradients of a share, with the model's parameters as they are.
   *
   * @param shares for each replica the arguments of the model, their part of the batch, and a seed.
   */
  give(
    shares: readonly { readonly inputs: readonly unknown[]; readonly weight: number; readonly seed: number }[],
  ): Share[] {
    const params = [...this.#model.params()];
    for (const [k, { array }] of params.entries()) this.#parameters[k].set(array.dataSync());
    const { train, inRecomputing } = config;
    return shares.map(({ inputs, weight, seed }, k) => {
      const member = this.#members[k];
      const done = this.#answerOf(member);
      // Whoever waits for all of them sees the error.
      done.catch(() => {});
      const moved: ArrayBuffer[] = [];
      try {
        member.worker.send(
          { inputs: inputs.map((input) => pack(input, moved)), weight, seed, train, inRecomputing },
          moved,
        );
      } catch (error) {
        member.waiting?.reject(
          new ValueError(`ParallelUpdater: the batch cannot be sent: ${String(error)}`, { cause: error }),
        );
        this.#release(member);
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
      return { weight, done, addGradients };
    });
  }

  /** Ends the workers. Steps on their way are refused. */
  end(): void {
    for (const member of this.#members.splice(0)) {
      member.worker.end();
      member.waiting?.reject(new DeviceError('ParallelUpdater: a worker was ended before it was done'));
    }
  }

  /** The next answer of a replica; until then the process waits for it. */
  async #answerOf(member: Member): Promise<Done> {
    const answer = await new Promise<Answer>((resolve, reject) => {
      member.waiting = { resolve, reject };
      member.worker.hold(true);
    });
    if (answer.kind === 'failed') throw unpackError(answer.error);
    // Of `ready`, nobody reads what it lacks.
    return answer.kind === 'done' ? answer : { kind: 'done', values: new Map(), without: [] };
  }

  #release(member: Member): void {
    member.waiting = null;
    member.worker.hold(false);
  }

  #answered(member: Member, answer: Answer): void {
    member.waiting?.resolve(answer);
    this.#release(member);
  }

  #lost(member: Member, reason: string): void {
    if (!this.#members.includes(member)) return;
    this.#members = this.#members.filter((other) => other !== member);
    member.worker.end();
    this.lostBecause = `a worker was lost: ${reason}`;
    member.waiting?.reject(new DeviceError(`ParallelUpdater: ${this.lostBecause}`));
  }
}

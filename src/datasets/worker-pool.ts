/** A pool of workers with a queue of tasks. See `tasks.ts` for the tasks. */
import { DeviceError } from '../errors.js';
import { inWords } from '../options.js';
import { limitTime } from '../platform/time-limit.js';
import { openWorker, type WorkerThread } from '../platform/worker.js';
import { isAnswer, type Order, unpackError } from './messages.js';
import { type RunTask, runHere, type TaskArgs, type TaskName, type TaskResult } from './tasks.js';
import { DATASET_WORKER } from './worker-script.js';

/**
 * The time that a worker may take to start, in seconds. A bundler that does not know the worker's script may serve another file in its
 * place, which never answers.
 */
const STARTING = 30;

/** The default time limit of a task, in seconds. A task may load large files. */
export const TASK_TIMEOUT = 600;

/** A task, and the promise of its result. */
interface Job {
  readonly name: TaskName;
  readonly args: readonly unknown[];
  /** Runs the task in this thread. */
  readonly here: () => Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** A worker of the pool. */
interface Member {
  thread: WorkerThread<Order>;
  /** Its current job, and the number of its order. */
  job: Job | null;
  id: number;
  /** Stops the clock of its start, or of its job. */
  stop: () => void;
  /** Whether it has said that it has started. */
  isReady: boolean;
}

/**
 * Up to `size` workers, which start when the first tasks come. A process does not wait for idle workers, and {@link end} ends them.
 * Where there are no workers, tasks run in the caller's thread, with the same results.
 */
export class WorkerPool {
  /** The largest number of workers. */
  #size: number;
  #members: Member[] = [];
  #queue: Job[] = [];
  #nextId = 0;
  /** Whether no worker can be had. */
  #isAlone = false;
  readonly #timeout: number;

  /** @param timeout the time that a worker may take for a task, in seconds. */
  constructor(size: number, timeout = TASK_TIMEOUT) {
    this.#size = size;
    this.#timeout = timeout;
    this.#isAlone = size === 0;
  }

  /** The number of workers that run. */
  get size(): number {
    return this.#members.length;
  }

  /**
   * Runs a task in a worker.
   *
   * @throws what the task throws; DeviceError if the worker ended before it answered, took too long, or was ended.
   */
  readonly run: RunTask = <K extends TaskName>(name: K, ...args: TaskArgs<K>) => {
    const here = () => runHere(name, ...args);
    if (this.#isAlone) return here();
    return new Promise<TaskResult<K>>((resolve, reject) => {
      // A worker answers a task with the result of that task.
      const job: Job = { name, args, here, resolve: (value) => resolve(value as TaskResult<K>), reject };
      this.#queue.push(job);
      this.#dispatch();
    });
  };

  /** Ends the workers, and rejects the tasks that were not done. Later tasks start workers again. */
  end(): void {
    const members = this.#members;
    const jobs = [...members.flatMap(({ job }) => job ?? []), ...this.#queue];
    this.#members = [];
    this.#queue = [];
    for (const member of members) retire(member);
    for (const { reject } of jobs) reject(new DeviceError('worker: it was ended before the task was done'));
  }

  /** Gives waiting tasks to idle workers, and starts workers for the others. */
  #dispatch(): void {
    while (this.#queue.length > 0) {
      const member = this.#members.find(({ job }) => job === null) ?? this.#start();
      if (!member) break;
      const job = this.#queue.shift();
      if (job) this.#give(member, job);
    }
    if (this.#isAlone) for (const job of this.#queue.splice(0)) doHere(job);
  }

  #start(): Member | null {
    if (this.#members.length >= this.#size) return null;
    let thread: WorkerThread<Order>;
    try {
      thread = openWorker(DATASET_WORKER, {
        received: (answer) => this.#answered(member, answer),
        lost: (reason) => this.#failed(member, reason),
      });
    } catch {
      // No workers here, no module URL in this bundle, or a policy that forbids workers.
      this.#mayHaveNoMore();
      return null;
    }
    const stop = limitTime(STARTING, () => this.#failed(member, `it did not start within ${STARTING} s`));
    const member: Member = { thread, job: null, id: -1, isReady: false, stop };
    this.#members.push(member);
    return member;
  }

  /** Starts no more workers, because one could not be started. */
  #mayHaveNoMore(): void {
    this.#size = this.#members.length;
    this.#isAlone = this.#size === 0;
  }

  #give(member: Member, job: Job): void {
    member.job = job;
    member.id = this.#nextId++;
    if (member.isReady) this.#limit(member);
    // Sending a view copies its whole buffer, and moving that would take it from its owner. So a copy of the view moves.
    const moved: ArrayBuffer[] = [];
    const args = job.args.map((arg) => {
      if (!(arg instanceof Uint8Array)) return arg;
      const copy = new Uint8Array(arg);
      moved.push(copy.buffer);
      return copy;
    });
    try {
      member.thread.hold(true);
      member.thread.send({ id: member.id, name: job.name, args }, moved);
    } catch (error) {
      this.#finish(member);
      job.reject(new DeviceError(`worker: the task cannot be sent: ${error}`, { cause: error }));
    }
  }

  /** Starts the clock of a worker's task. */
  #limit(member: Member): void {
    const { job } = member;
    if (!job) return;
    const reason = `'${job.name}' was not done within ${this.#timeout} s, and the worker was ended; see timeout`;
    member.stop = limitTime(this.#timeout, () => this.#failed(member, reason));
  }

  #finish(member: Member): Job | null {
    const { job } = member;
    member.job = null;
    member.stop();
    member.thread.hold(false);
    return job;
  }

  #answered(member: Member, answer: unknown): void {
    if (!isAnswer(answer) || (answer.id !== null && !(member.job && answer.id === member.id))) {
      this.#failed(member, `it sent ${inWords(answer)} where an answer of rensa was expected`);
      return;
    }
    if (answer.id === null) {
      if (member.isReady) return;
      member.isReady = true;
      member.stop();
      this.#limit(member);
      return;
    }
    const job = this.#finish(member);
    if ('error' in answer) job?.reject(unpackError(answer.error));
    else job?.resolve(answer.value);
    this.#dispatch();
  }

  /** If the worker never started, no worker can be had, and its task waits again. If it had started, its task is lost. */
  #failed(member: Member, reason: string): void {
    if (!this.#members.includes(member)) return;
    this.#members = this.#members.filter((other) => other !== member);
    retire(member);
    const { job } = member;
    if (member.isReady) job?.reject(new DeviceError(`worker: ${reason}`));
    else {
      this.#mayHaveNoMore();
      if (job) this.#queue.unshift(job);
    }
    this.#dispatch();
  }
}

/** Ends a worker, also in the middle of a task. */
function retire({ thread, stop }: Member): void {
  stop();
  void thread.end();
}

function doHere({ here, resolve, reject }: Job): void {
  here().then(resolve, reject);
}

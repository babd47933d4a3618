/** Some workers that share a queue of tasks. tasks.ts lists the tasks; datasets wait for their results. */
import { DeviceError } from '../errors.js';
import { type Answer, unpackError } from './messages.js';
import { type RunTask, runHere, type TaskArgs, type TaskName, type TaskResult } from './tasks.js';
import { startThread, type Thread } from './thread.js';

/** A task, and who waits for it. */
interface Job {
  readonly name: TaskName;
  readonly args: readonly unknown[];
  /** Does it in this thread. */
  readonly here: () => Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** A worker of the pool. */
interface Member {
  thread: Thread;
  /** What it does now. */
  job: Job | null;
  /** Whether it has said that it is there. */
  isReady: boolean;
}

/**
 * Up to `size` workers, started when the first tasks come. A process does not wait for idle ones, and {@link end} ends them.
 * Where workers cannot be had, tasks are done in the caller's thread, with the same results.
 */
export class WorkerPool {
  /** How many there may be. */
  #size: number;
  #members: Member[] = [];
  #queue: Job[] = [];
  #nextId = 0;
  /** Whether workers have turned out not to be had. */
  #isAlone = false;

  constructor(size: number) {
    this.#size = size;
    this.#isAlone = size === 0;
  }

  /** How many workers there are now. */
  get size(): number {
    return this.#members.length;
  }

  /**
   * Does a task in a worker. @throws what the task throws, DeviceError if the worker ended before it answered, or was ended.
   */
  readonly run: RunTask = <K extends TaskName>(name: K, ...args: TaskArgs<K>) => {
    const here = () => runHere(name, ...args);
    if (this.#isAlone) return here();
    return new Promise<TaskResult<K>>((resolve, reject) => {
      // What a worker answers to a task is that task's result.
      const job: Job = { name, args, here, resolve: (value) => resolve(value as TaskResult<K>), reject };
      this.#queue.push(job);
      this.#dispatch();
    });
  };

  /** Ends the workers. Tasks that were not done are refused; later ones start workers again. */
  end(): void {
    const members = this.#members;
    const jobs = [...members.flatMap(({ job }) => job ?? []), ...this.#queue];
    this.#members = [];
    this.#queue = [];
    for (const { thread } of members) thread.end();
    for (const { reject } of jobs) reject(new DeviceError('worker: it was ended before the task was done'));
  }

  /** Gives waiting tasks to idle workers, and starts workers while there are more tasks than those. */
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
    const thread = startThread({
      answered: (answer) => this.#answered(member, answer),
      failed: (reason) => this.#failed(member, reason),
    });
    if (!thread) {
      this.#mayHaveNoMore();
      return null;
    }
    const member: Member = { thread, job: null, isReady: false };
    this.#members.push(member);
    return member;
  }

  /** A worker could not be started, and so none is tried again. */
  #mayHaveNoMore(): void {
    this.#size = this.#members.length;
    this.#isAlone = this.#size === 0;
  }

  #give(member: Member, job: Job): void {
    member.job = job;
    // A view's whole buffer would be copied, and its owner goes on using it: the bytes in question move.
    const moved: ArrayBuffer[] = [];
    const args = job.args.map((arg) => {
      if (!(arg instanceof Uint8Array)) return arg;
      const copy = new Uint8Array(arg);
      moved.push(copy.buffer);
      return copy;
    });
    try {
      member.thread.hold(true);
      member.thread.send({ id: this.#nextId++, name: job.name, args }, moved);
    } catch (error) {
      this.#finish(member);
      job.reject(new DeviceError(`worker: the task cannot be sent: ${error}`, { cause: error }));
    }
  }

  #finish(member: Member): Job | null {
    const { job } = member;
    member.job = null;
    member.thread.hold(false);
    return job;
  }

  #answered(member: Member, answer: Answer): void {
    member.isReady = true;
    if (answer.id === null) return;
    const job = this.#finish(member);
    if ('error' in answer) job?.reject(unpackError(answer.error));
    else job?.resolve(answer.value);
    this.#dispatch();
  }

  /** One that never came means that there are none; of one that was there, the task is lost. */
  #failed(member: Member, reason: string): void {
    if (!this.#members.includes(member)) return;
    this.#members = this.#members.filter((other) => other !== member);
    member.thread.end();
    const { job } = member;
    if (member.isReady) job?.reject(new DeviceError(`worker: ${reason}`));
    else {
      this.#mayHaveNoMore();
      if (job) this.#queue.unshift(job);
    }
    this.#dispatch();
  }
}

function doHere({ here, resolve, reject }: Job): void {
  here().then(resolve, reject);
}

/** Cases of SerialIterator: batches, the state after each, orders, and the state in files. */
import { iterators } from 'rensa';
import { compareJson } from './compare.js';
import type { Case, Group } from './group.js';
import { compareEntries, type Entry, restore, saved } from './saved-entries.js';

interface State {
  readonly current_position: number;
  readonly epoch: number;
  readonly is_new_epoch: boolean;
  readonly epoch_detail: number;
  readonly previous_epoch_detail: number | null;
}
type Step = State & { readonly batch?: readonly number[]; readonly stop?: boolean };

interface IteratorCase extends Case {
  readonly n: number;
  readonly batch_size: number;
  readonly repeat: boolean;
  readonly order_sampler?: string;
  readonly initial: State;
  readonly steps: readonly Step[];
  readonly after_reset?: State;
}

interface SavedCase extends Case {
  readonly n: number;
  readonly batch_size: number;
  readonly after_steps: number;
  readonly entries: readonly Entry[];
}

interface ResumeCase extends SavedCase {
  readonly state: State;
  readonly steps: readonly Step[];
}

interface OrderCase extends SavedCase {
  readonly order: readonly number[];
}

type Numbers = iterators.SerialIterator<number>;

/** The tolerance of epochs and fractions of them. */
const RTOL = 1e-12;

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** The order sampler of all cases: the last index comes first. */
const roll = (order: Int32Array): Int32Array => order.map((_, i) => order[(i + order.length - 1) % order.length]);

function compareState(what: string, iterator: Numbers, want: State): void {
  const got: State = {
    current_position: iterator.currentPosition,
    epoch: iterator.epoch,
    is_new_epoch: iterator.isNewEpoch,
    epoch_detail: iterator.epochDetail,
    previous_epoch_detail: iterator.previousEpochDetail,
  };
  const { current_position, epoch, is_new_epoch, epoch_detail, previous_epoch_detail } = want;
  compareJson(what, got, { current_position, epoch, is_new_epoch, epoch_detail, previous_epoch_detail }, RTOL);
}

function compareSteps(iterator: Numbers, steps: readonly Step[]): void {
  for (const [i, step] of steps.entries()) {
    const { done = false, value } = iterator.next();
    compareJson(`end at step ${i}`, done, step.stop ?? false);
    compareJson(`batch ${i}`, value ? [...value] : [], step.batch ?? []);
    compareState(`state after step ${i}`, iterator, step);
  }
}

function advance(iterator: Numbers, steps: number): Numbers {
  for (let i = 0; i < steps; i++) iterator.next();
  return iterator;
}

export function runSerialIterator(_: Group, testCase: Case): void {
  const { n, batch_size, repeat, order_sampler, initial, steps, after_reset } = testCase as IteratorCase;
  const order = order_sampler ? { orderSampler: roll } : { shuffle: false };
  const iterator = new iterators.SerialIterator(range(n), batch_size, { repeat, ...order });
  compareState('state at first', iterator, initial);
  compareSteps(iterator, steps);
  if (!after_reset) return;
  iterator.reset();
  compareState('state after a reset', iterator, after_reset);
}

/** Saved amid an epoch, loaded into another iterator. */
export function runIteratorResume(_: Group, testCase: Case): void {
  const { n, batch_size, after_steps, entries, state, steps } = testCase as ResumeCase;
  const make = () => new iterators.SerialIterator(range(n), batch_size, { shuffle: false });
  const written = saved(advance(make(), after_steps));
  compareEntries(written, entries);
  const resumed = make();
  restore(resumed, written);
  compareState('state after a resume', resumed, state);
  compareSteps(resumed, steps);
}

/** An iterator that shuffles saves its order, and another one goes on in it. */
export function runIteratorEntries(_: Group, testCase: Case): void {
  const { n, batch_size, after_steps, entries, order } = testCase as OrderCase;
  const orderSampler = () => Int32Array.from(order);
  const iterator = advance(new iterators.SerialIterator(range(n), batch_size, { orderSampler }), after_steps);
  const written = saved(iterator);
  compareEntries(written, entries);
  compareJson('order', Array.from(written.get('order')?.data ?? [], Number), order);
  const resumed = new iterators.SerialIterator(range(n), batch_size);
  restore(resumed, written);
  compareJson('next batch', [...(resumed.next().value ?? [])], [...(iterator.next().value ?? [])]);
}

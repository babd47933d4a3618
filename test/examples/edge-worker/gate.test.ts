/** The limit on the requests that the example server handles at once. */
import { expect, it } from 'vitest';
import { makeGate } from '../../../examples/edge-worker/gate.js';

/** A task that is under way until it is told to end. */
function task() {
  const { promise, resolve, reject } = deferred();
  let isRunning = false;
  const run = () => {
    isRunning = true;
    return promise;
  };
  return { run, end: resolve, fail: reject, isRunning: () => isRunning };
}

function deferred() {
  let resolve!: (value?: unknown) => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('runs so many at once, keeps so many waiting in order, and refuses the rest with 503', async () => {
  const gate = makeGate({ atOnce: 2, waiting: 2 });
  const tasks = Array.from({ length: 5 }, task);
  const results = tasks.map(({ run }) => gate(run));
  await expect(results[4]).rejects.toMatchObject({ status: 503, headers: { 'Retry-After': '1' } });
  const running = () => tasks.map(({ isRunning }) => isRunning());
  expect(running()).toEqual([true, true, false, false, false]);
  tasks[1].end('second');
  expect(await results[1]).toBe('second');
  await turn();
  expect(running()).toEqual([true, true, true, false, false]);
  tasks[0].end('first');
  tasks[2].end('third');
  tasks[3].end('fourth');
  expect(await Promise.all(results.slice(0, 4))).toEqual(['first', 'second', 'third', 'fourth']);
});

it('gives the next task its turn when one fails', async () => {
  const gate = makeGate({ atOnce: 1, waiting: 5 });
  const [first, second, third] = [task(), task(), task()];
  const results = [gate(first.run), gate(second.run)];
  first.fail(new Error('damaged'));
  await expect(results[0]).rejects.toThrow('damaged');
  const late = gate(third.run);
  await turn();
  expect([second.isRunning(), third.isRunning()]).toEqual([true, false]);
  second.end();
  third.end();
  await Promise.all([results[1], late]);
});

it('forgets a waiting client that leaves', async () => {
  const gate = makeGate({ atOnce: 1, waiting: 1 });
  const [first, second, third, fourth] = [task(), task(), task(), task()];
  const result = gate(first.run);
  const gone = new AbortController();
  const left = gate(second.run, gone.signal);
  gone.abort();
  await expect(left).rejects.toMatchObject({ status: 400 });
  const waiting = gate(third.run, new AbortController().signal); // there is room again
  first.end();
  await result;
  await turn();
  expect([second.isRunning(), third.isRunning()]).toEqual([false, true]);
  await expect(gate(fourth.run, gone.signal)).rejects.toMatchObject({ status: 400 });
  third.end();
  await waiting;
});

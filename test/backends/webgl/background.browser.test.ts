/**
 * Pages in the background: the browser holds timers and animation frames back, and reads from the GPU still complete.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createWebglBackend } from '../../../src/backends/webgl/index.js';
import { Pause } from '../../../src/backends/webgl/pause.js';
import { datasets, init, iterators, L, np, optimizers, training } from '../../../src/index.js';
import { present } from '../../support/present.js';

/** What pages see of being in the background. */
function setHidden(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'requestAnimationFrame'] }); // none fires by itself
});

afterEach(() => {
  vi.useRealTimers();
  Reflect.deleteProperty(document, 'hidden');
});

describe.each([
  ['in the background', true],
  ['in view, but with timers held back', false],
])('a page %s', (_, hidden) => {
  beforeEach(() => setHidden(hidden));

  test('reads back', async () => {
    const backend = createWebglBackend();
    const memory = backend.alloc(256 * 256, 'float32');
    const x = { shape: [1, 256, 256], dtype: 'float32' as const, memory };
    const out = { ...x, memory: backend.alloc(256 * 256, 'float32') };
    backend.fill(x, 1);
    backend.matmul(x, x, out);
    expect((await backend.read(out.memory))[0]).toBe(256);
  });

  test('compiles shaders', async () => {
    const backend = createWebglBackend();
    const x = { shape: [4], dtype: 'float32' as const, memory: backend.alloc(4, 'float32') };
    await backend.warmUp(() => backend.unary('tanh', x, x));
    expect(backend.stats().programs).toBe(1);
  });

  test('trains', async () => {
    await init({ device: 'webgl' });
    const model = new L.Classifier(new L.Linear(3, 2));
    const optimizer = new optimizers.SGD(0.5).setup(model);
    const x = np.array([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [1, 1, 0],
    ]);
    const data = new datasets.TupleDataset(x, np.array([0, 1, 0, 1], 'int32'));
    const iterator = new iterators.SerialIterator(data, 4);
    const trainer = new training.Trainer(new training.StandardUpdater(iterator, optimizer), [20, 'iteration']);
    const losses: number[] = [];
    const record = async () => void losses.push((await present(model.loss).array.data())[0]);
    trainer.extend(record, { name: 'record', trigger: [1, 'iteration'] });
    await trainer.run();
    expect(losses.length).toBe(20);
    expect(losses[19]).toBeLessThan(losses[0]);
  });
});

describe('a pause', () => {
  test('by a timer ends when the page goes to the background', async () => {
    setHidden(false);
    const pause = new Pause();
    await vi.advanceTimersByTimeAsync(1); // a timer has fired: timers are trusted
    let ended = false;
    const pausing = pause.next().then(() => {
      ended = true;
    });
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    });
    expect(ended).toBe(false); // it waits for a timer, which does not fire
    setHidden(true);
    await pausing;
    await pause.next();
  });
});

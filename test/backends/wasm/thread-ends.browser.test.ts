/**
 * In a page, every worker that was started is terminated, however the threads end. Oracle: the list of workers that
 * the page started.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { getRuntimeInfo, init, np, scope } from '../../../src/index.js';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Workers that were made and not terminated; and addresses of scripts that were made and not revoked. */
function watch(refuse: (nth: number) => 'by throwing' | 'by an event' | null = () => null) {
  const [workers, urls] = [new Set<Worker>(), new Set<string>()];
  let made = 0;
  const Real = Worker;
  vi.stubGlobal(
    'Worker',
    class extends Real {
      constructor(url: string | URL, options?: WorkerOptions) {
        const how = refuse(made++);
        if (how === 'by throwing') throw new DOMException('no workers here', 'SecurityError');
        super(how === 'by an event' ? 'data:text/javascript,throw new Error("refused")' : url, options);
        workers.add(this);
      }

      override terminate() {
        workers.delete(this);
        super.terminate();
      }
    },
  );
  const [create, revoke] = [URL.createObjectURL.bind(URL), URL.revokeObjectURL.bind(URL)];
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    const url = create(blob);
    urls.add(url);
    return url;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => {
    urls.delete(url);
    revoke(url);
  });
  return { workers, urls };
}

const product = () =>
  scope(null, () =>
    np
      .matmul(np.ones([300, 300]), np.ones([300, 300]))
      .sum()
      .item(),
  );

it('calls of init that are not awaited leave the workers of the last one', async () => {
  const { workers, urls } = watch();
  for (const last of [3, 1, 2]) {
    await Promise.allSettled([
      init({ threads: 4 }),
      init({ threads: 0 }),
      init({ threads: 2 }),
      init({ threads: last }),
    ]);
    expect([getRuntimeInfo().threads.count, workers.size, urls.size]).toEqual([last, last - 1, 0]);
    expect(product()).toBe(300 ** 3);
  }
  await init({ threads: 1 });
  expect([workers.size, urls.size]).toEqual([0, 0]);
});

describe.each(['by throwing', 'by an event'] as const)('a page that refuses workers %s', (how) => {
  it('leaves none, and computes alone', async () => {
    const { workers, urls } = watch(() => how);
    await init({ threads: 3 });
    const { count, reason } = getRuntimeInfo().threads;
    expect([count, workers.size, urls.size]).toEqual([1, 0, 0]);
    expect(reason).toMatch(/^a worker could not be started: .*(no workers here|refused)/);
    expect(product()).toBe(300 ** 3);
  });

  it('now and then: the others compute', async () => {
    const { workers, urls } = watch((nth) => (nth === 1 ? how : null));
    await init({ threads: 3 });
    expect([getRuntimeInfo().threads.count, workers.size, urls.size]).toEqual([2, 1, 0]);
    expect(product()).toBe(300 ** 3);
    await init({ threads: 1 });
    expect(workers.size).toBe(0);
  });
});

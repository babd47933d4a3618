/** How many threads can be had, on runtimes that lack what threads need. */
import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ValueError } from '../../src/errors.js';
import { checkThreadCount, type ThreadCount, type ThreadUse, usableThreads } from '../../src/platform/threads.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The threads of a runtime without Node's modules, whose globals are these besides. */
function inBrowser(globals: Readonly<Record<string, unknown>>, count: ThreadCount = 2): ThreadUse {
  for (const [name, value] of Object.entries({ process: undefined, Worker: class {}, ...globals }))
    vi.stubGlobal(name, value);
  const use = usableThreads(count);
  vi.unstubAllGlobals();
  return use;
}

describe('usableThreads', () => {
  it('counts the cores of the process, and 16 at most', () => {
    const cores = Math.min(availableParallelism(), 16);
    expect(usableThreads('auto')).toEqual({ count: cores, reason: cores === 1 ? 'there is one core' : null });
    expect(usableThreads(3)).toEqual({ count: 3, reason: null });
    expect(usableThreads(500)).toEqual({ count: 16, reason: null });
  });

  it('counts the cores that a browser names', () => {
    expect(inBrowser({ navigator: { hardwareConcurrency: 6 }, crossOriginIsolated: true }, 'auto')).toEqual({
      count: 6,
      reason: null,
    });
    expect(inBrowser({ navigator: undefined }, 'auto')).toEqual({ count: 1, reason: 'there is one core' });
  });

  it('gives one thread without a reason to the caller that asks for one', () => {
    expect(usableThreads(1, 'an obstacle')).toEqual({ count: 1, reason: null });
  });

  it('says what is missing', () => {
    const { count, reason } = inBrowser({ crossOriginIsolated: false });
    expect(count).toBe(1);
    expect(reason).toMatch(/not cross-origin isolated.*Cross-Origin-Embedder-Policy: require-corp/);
    expect(inBrowser({ SharedArrayBuffer: undefined })).toEqual({
      count: 1,
      reason: 'this runtime has no shared memory',
    });
    expect(inBrowser({ Worker: undefined })).toEqual({ count: 1, reason: 'this runtime has no workers' });
  });

  it('gives the reason of the caller where the runtime has none', () => {
    expect(usableThreads(2, 'an obstacle')).toEqual({ count: 1, reason: 'an obstacle' });
  });
});

describe('checkThreadCount', () => {
  it.each([1, 7, 'auto'] as const)('takes %s', (count) => expect(checkThreadCount('x', count)).toBeUndefined());

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s', (count) => {
    expect(() => checkThreadCount('init({ threads }):', count)).toThrow(ValueError);
    expect(() => checkThreadCount('init({ threads }):', count)).toThrow(
      `init({ threads }): ${count} is neither a positive integer nor 'auto'`,
    );
  });
});

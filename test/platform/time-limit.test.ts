/** Time limits, by fake timers. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ValueError } from '../../src/errors.js';
import { checkTimeLimit, limitTime } from '../../src/platform/time-limit.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('limitTime', () => {
  it('calls once the time is over, and once only', () => {
    const expired = vi.fn();
    limitTime(2, expired);
    vi.advanceTimersByTime(1_999);
    expect(expired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(expired).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(60_000);
    expect(expired).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([0, 1_000])('does not call if it is stopped after %d ms', (time) => {
    const expired = vi.fn();
    const stop = limitTime(2, expired);
    vi.advanceTimersByTime(time);
    stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(60_000);
    expect(expired).not.toHaveBeenCalled();
  });

  it('without a limit starts no timer', () => {
    limitTime(Number.POSITIVE_INFINITY, () => {})();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('of more than timers know does not call at once', () => {
    const expired = vi.fn();
    const stop = limitTime(1e12, expired);
    vi.advanceTimersByTime(60_000);
    expect(expired).not.toHaveBeenCalled();
    stop();
  });
});

it('while the thread is busy, at most one step passes', async () => {
  vi.useRealTimers();
  const expired = vi.fn();
  const stop = limitTime(0.4, expired);
  const end = performance.now() + 450;
  while (performance.now() < end);
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(expired).not.toHaveBeenCalled();
  stop();
});

it('checkTimeLimit takes positive numbers and Infinity', () => {
  for (const seconds of [1e-3, 60, Number.POSITIVE_INFINITY]) expect(checkTimeLimit('x', seconds)).toBeUndefined();
  for (const seconds of [0, -1, Number.NaN, '60', null, undefined]) {
    expect(() => checkTimeLimit('x', seconds)).toThrow(ValueError);
    expect(() => checkTimeLimit('x', seconds)).toThrow(/^x: timeout is .*, expected a positive number of seconds/);
  }
});

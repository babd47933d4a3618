/** Hooks around functions: timers, printers, and where errors in a hook go. */
import { describe, expect, it } from 'vitest';
import { F, functionHooks, getRuntimeInfo, np, printRuntimeInfo, scope, usingHook, Variable } from '../../src/index.js';

const program = () => {
  const x = new Variable(np.ones([4, 8]));
  F.sigmoid(x.mul(2)).sum().backward();
};

describe('function hooks', () => {
  it('TimerHook counts every call, forward and backward', () => {
    const hook = new functionHooks.TimerHook();
    scope(null, () => usingHook(hook, program));
    program();
    const summary = hook.summary();
    expect(summary.get('Sigmoid')?.calls).toBe(1);
    expect(summary.get('Sigmoid backward')?.calls).toBe(1);
    expect(hook.totalTime).toBeGreaterThan(0);
    const lines: string[] = [];
    hook.printReport((line) => lines.push(line));
    expect(lines.length).toBe(summary.size + 1);
  });

  it('MemoryHook sees the memory that a function leaves', () => {
    const hook = new functionHooks.MemoryHook();
    scope(null, () => usingHook(hook, () => F.sigmoid(np.ones([1024]))));
    expect(hook.summary().get('Sigmoid')).toBeGreaterThanOrEqual(4096);
  });

  it('PrintHook tells of each function, and none after it is removed', () => {
    const lines: string[] = [];
    usingHook(new functionHooks.PrintHook((line) => lines.push(line)), () => F.sigmoid(np.ones([2, 3])));
    F.sigmoid(np.ones(1));
    expect(lines).toEqual(['forward Sigmoid: float32 (2,3) on wasm']);
  });
});

describe('runtime info', () => {
  it('names the runtime and the devices', () => {
    np.zeros(1);
    expect(getRuntimeInfo().devices.map(({ name }) => name)).toContain('wasm');
    const lines: string[] = [];
    printRuntimeInfo((line) => lines.push(line));
    expect(lines[0]).toMatch(/^Runtime: \S/);
  });
});

/** The self-test passes on every backend, and reports a device that computes wrong numbers. */
import { expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend.js';
import { printDeviceReport, selfTest } from '../../src/backends/self-test/index.js';
import { describeBackends } from '../support/backends.js';

/** `backend` with another answer to unary functions. */
function withRoughExp(backend: Backend): Backend {
  return new Proxy(backend, {
    get(target, name) {
      if (name === 'unary') {
        return (...[op, x, out]: Parameters<Backend['unary']>) => {
          target.unary(op, x, out);
          if (op === 'exp') target.binary('multiply', out, 1 + 1e-5, out);
        };
      }
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describeBackends('the self-test', ({ backend }) => {
  test('passes, operation by operation', () => {
    const report = selfTest(backend);
    expect(report.operations.filter(({ passed }) => !passed)).toEqual([]);
    expect(report.passed).toBe(true);
    expect(new Set(report.operations.map(({ family }) => family)).size).toBe(5);
  });

  test('names the operation that is off', () => {
    const report = selfTest(withRoughExp(backend));
    expect(report.passed).toBe(false);
    const failed = report.operations.filter(({ passed }) => !passed);
    expect(failed.map(({ operation }) => operation)).toEqual(['exp']);
    // 1e-5 of a number is between 84 and 168 times its spacing.
    expect(failed[0].error).toBeGreaterThan(80);
    expect(failed[0].error).toBeLessThan(175);
  });

  test('prints a table', () => {
    const lines: string[] = [];
    const report = selfTest(backend);
    printDeviceReport(report, (line) => lines.push(line));
    expect(lines).toHaveLength(report.operations.length + 2);
    expect(lines.at(-1)).toBe(`device ${backend.name} (float32): passed`);
  });
});

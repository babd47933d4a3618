/** Limits of what a file may cost, and the budget that counts against them. */
import { describe, expect, test } from 'vitest';
import { FormatError, ValueError } from '../../src/errors.js';
import { Budget, type Limits } from '../../src/formats/limits.js';

describe('Budget', () => {
  test('limits of the whole file add up', () => {
    const budget = new Budget('loadOnnx', { bytes: 1000 });
    budget.spend('bytes', 600, 'a');
    budget.spend('bytes', 400, 'b');
    expect(() => budget.spend('bytes', 1, 'Range')).toThrow(FormatError);
    expect(() => budget.spend('bytes', 1, 'Range')).toThrow(
      'Range brings the total to 1,001 B, more than limits.bytes (1,000 B)',
    );
    // A refused amount is not spent.
    expect(() => budget.spend('bytes', 0, 'nothing')).not.toThrow();
  });

  test('limits of each item do not add up', () => {
    const budget = new Budget('decodeImage', { pixels: 10 });
    for (let i = 0; i < 3; i++) budget.check('pixels', 10, 'a picture');
    expect(() => budget.check('pixels', 11, 'a picture')).toThrow(FormatError);
  });

  test('the error names what was needed, the limit, and the option', () => {
    const message = (limits: Limits, limit: keyof Limits, needed: number) => {
      try {
        new Budget('loadOnnx', limits).check(limit, needed, 'Range');
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    expect(message({}, 'bytes', 4.294967296e9)).toBe(
      'loadOnnx: Range needs 4.29 GB, more than limits.bytes (268 MB): pass { limits: { bytes } } to allow it',
    );
    expect(message({ depth: 3 }, 'depth', 4)).toBe(
      'loadOnnx: Range needs 4, more than limits.depth (3): pass { limits: { depth } } to allow it',
    );
    expect(message({}, 'nodes', Number.POSITIVE_INFINITY)).toContain('needs ∞, more than limits.nodes (131,072)');
    expect(message({}, 'pixels', 1e30)).toContain('pixels (100 M)');
  });

  test('defaults grow with the file, and not below what small files have', () => {
    const allows = (file: number, limit: keyof Limits, n: number) => {
      try {
        new Budget('op', {}, file).check(limit, n, 'x');
      } catch {
        return false;
      }
      return true;
    };
    const defaults = [
      ['bytes', 2 ** 28, 64],
      ['constants', 2 ** 25, 12],
      ['multiplyAdds', 2 ** 27, 64],
      ['elements', 2 ** 20, 1],
      ['nodes', 2 ** 17, 0],
      ['depth', 100, 0],
      ['pixels', 1e8, 0],
    ] as const;
    for (const [limit, least, perByte] of defaults) {
      for (const file of [0, 1e8]) {
        const most = Math.max(least, perByte * file);
        expect([limit, file, allows(file, limit, most), allows(file, limit, most + 1)]).toEqual([
          limit,
          file,
          true,
          false,
        ]);
      }
    }
  });

  test('Infinity means no limit, undefined means the default', () => {
    new Budget('op', { bytes: Number.POSITIVE_INFINITY }).spend('bytes', 1e300, 'x');
    expect(() => new Budget('op', { bytes: undefined }).spend('bytes', 2 ** 28 + 1, 'x')).toThrow(FormatError);
  });

  test('NaN bytes are refused', () => {
    expect(() => new Budget('op').spend('bytes', Number.NaN, 'x')).toThrow(FormatError);
  });

  test.each([0, -1, 1.5, Number.NaN, '5', null, 2 ** 53])('a limit of %s is refused by name', (most) => {
    expect(() => new Budget('op', { depth: most as number })).toThrow(ValueError);
    expect(() => new Budget('op', { depth: most as number })).toThrow('op: limits.depth is');
  });

  test('limits that do not exist are refused', () => {
    expect(() => new Budget('op', { memory: 5 } as Limits)).toThrow(/op: limits: no option 'memory'; there are bytes,/);
    expect(() => new Budget('op', 5 as Limits)).toThrow(TypeError);
  });
});

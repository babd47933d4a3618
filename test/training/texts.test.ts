/** Numbers, times and charts as texts. */
import { describe, expect, it, test } from 'vitest';
import { formatDuration, formatGeneral } from '../../src/training/format.js';
import { lineChart, ticks } from '../../src/training/line-chart.js';
import { percentiles } from '../../src/training/statistics.js';
import { unclosedTags } from '../support/xml.js';

// '%g' % value, as Python prints it
test.each([
  [0, '0'],
  [-0, '-0'],
  [1, '1'],
  [100000, '100000'],
  [1000000, '1e+06'],
  [999999.5, '1e+06'],
  [123456.7, '123457'],
  [0.1, '0.1'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [0.000012345678, '1.23457e-05'],
  [1.16, '1.16'],
  [2 / 3, '0.666667'],
  [-1234.5678, '-1234.57'],
  [1e100, '1e+100'],
  [Number.NaN, 'nan'],
  [Number.NEGATIVE_INFINITY, '-inf'],
])('%f as %s', (value, want) => {
  expect(formatGeneral(value)).toBe(want);
});

test.each([
  [0, '0:00:00'],
  [61.4, '0:01:01'],
  [3600 * 5 + 59, '5:00:59'],
  [86400, '1 day, 0:00:00'],
  [200000, '2 days, 7:33:20'],
  [Number.POSITIVE_INFINITY, '–'],
])('%f seconds as %s', (seconds, want) => {
  expect(formatDuration(seconds)).toBe(want);
});

test.each([
  [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [3, 47, [10, 20, 30, 40]],
  [-1, 1, [-1, -0.5, 0, 0.5, 1]],
  [0.001, 0.0021, [0.001, 0.0012, 0.0014, 0.0016, 0.0018, 0.002]],
])('round numbers from %d to %d', (low, high, want) => {
  expect(ticks(low, high)).toEqual(want);
});

describe('lineChart', () => {
  it('survives no points, one point, equal points, and values that are not numbers', () => {
    for (const points of [
      [],
      [[1, 1]],
      [
        [1, 2],
        [2, 2],
      ],
      [
        [1, Number.NaN],
        [2, 1],
        [3, Number.POSITIVE_INFINITY],
      ],
    ] as const) {
      const svg = lineChart([{ label: 'a < b & c', points }], { xLabel: 'x' });
      expect(unclosedTags(svg)).toEqual([]);
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      expect(svg).toContain('a &lt; b &amp; c');
    }
  });

  it('puts the legend where it hides no line', () => {
    const rise = Array.from({ length: 9 }, (_, i) => [i, i] as const);
    const corner = (points: readonly (readonly [number, number])[]) => {
      const svg = lineChart([{ label: 'loss', points }], { xLabel: 'x' });
      const [, x, y] = /<rect x="([\d.]+)" y="([\d.]+)"[^>]*fill-opacity/.exec(svg) ?? [];
      return [Number(x) < 320, Number(y) < 200];
    };
    expect(corner(rise)).toEqual([true, true]);
    // A fall of two points, none of which lies under a legend at the top left, but the line between them does.
    expect(
      corner([
        [0, 9],
        [8, 0],
      ]),
    ).not.toEqual([true, true]);
  });

  it('maps the range of the points to the frame, some of which stays free above and below', () => {
    const svg = lineChart(
      [
        {
          label: '',
          points: [
            [0, 5],
            [10, 15],
          ],
        },
      ],
      { xLabel: '', marker: false, width: 100, height: 100 },
    );
    // The frame is from 28 to 56; 28 / 1.08 · 0.04 stays free.
    expect(svg).toContain('d="M64 54.96L84 29.04"');
  });
});

test('percentiles interpolate', () => {
  // numpy.percentile([3, 1, 2, 4], [0, 10, 50, 75, 100])
  expect(percentiles([3, 1, 2, 4], [0, 10, 50, 75, 100])).toEqual([1, 1.3, 2.5, 3.25, 4]);
});

/** Line charts as SVG: axes with round numbers, a grid, lines with markers, bands, a legend. */

/** A point: abscissa, ordinate. */
export type Point = readonly [x: number, y: number];

/** A line of the chart. */
export interface Line {
  readonly label: string;
  readonly points: readonly Point[];
  /** Areas around the line, as (x, low, high), faint. */
  readonly bands?: readonly (readonly (readonly [x: number, low: number, high: number])[])[];
}

/** The look of a chart. */
export interface ChartOptions {
  readonly xLabel: string;
  readonly title?: string;
  /** The size in pixels. Default 640 × 400. */
  readonly width?: number;
  readonly height?: number;
  /** Whether to draw lines at the round numbers. Default true. */
  readonly grid?: boolean;
  /** Whether to mark the points. Default true. */
  readonly marker?: boolean;
}

const COLOURS = ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b', '#e377c2', '#7f7f7f', '#bcbd22'];
/** The rounding error of a quotient that should be a whole number. */
const ROUNDING = 1e-9;
/** The part of the ordinates' range that stays free above and below. */
const FREE = 0.04;
const LINE_HEIGHT = 16;
/** The width in pixels of a legend's key, and of a letter beside it. */
const KEY_WIDTH = 32;
const LETTER_WIDTH = 7;
const MARGIN = { left: 64, right: 16, top: 28, bottom: 44 };

/** Round numbers from `low` to `high`, about `wanted` of them: multiples of 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number, wanted = 6): number[] {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? 10 * power;
  const first = Math.ceil(low / step - ROUNDING);
  const count = Math.floor(high / step + ROUNDING) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** The least and the largest of some numbers, widened if they are equal. */
function rangeOf(values: readonly number[]): [low: number, high: number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const low = finite.reduce((a, b) => Math.min(a, b));
  const high = finite.reduce((a, b) => Math.max(a, b));
  const space = Math.abs(low) / 2 || 0.5;
  return low === high ? [low - space, high + space] : [low, high];
}

function widened([low, high]: readonly [number, number]): [low: number, high: number] {
  const free = (high - low) * FREE;
  return [low - free, high + free];
}

/** The sides of a rectangle, in pixels. */
interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The corner of the plot in which a box of this size covers the fewest points. */
function freestCorner(plot: Box, width: number, height: number, points: readonly Point[]): Box {
  const corners = [plot.top + 4, plot.bottom - height - 4].flatMap((top) =>
    [plot.left + 4, plot.right - width - 4].map((left) => ({ left, top, right: left + width, bottom: top + height })),
  );
  const crowd = ({ left, right, top, bottom }: Box) =>
    points.filter(([x, y]) => x >= left && x <= right && y >= top && y <= bottom).length;
  return corners.reduce((best, corner) => (crowd(corner) < crowd(best) ? corner : best));
}

/** Points along a line, close enough to tell which boxes the line crosses. */
function alongLine(points: readonly Point[]): Point[] {
  const STEPS = 32;
  return points.flatMap(([x, y], k) => {
    const [fromX, fromY] = points[k - 1] ?? [x, y];
    return Array.from({ length: STEPS }, (_, i): Point => {
      const share = (i + 1) / STEPS;
      return [fromX + share * (x - fromX), fromY + share * (y - fromY)];
    });
  });
}

/** The names of lines beside their colours, in the corner where they hide the fewest points (in pixels). */
function legendOf(lines: readonly Line[], plot: Box, points: readonly Point[]): string {
  const named = lines.flatMap(({ label }, i) => (label === '' ? [] : { label, colour: COLOURS[i % COLOURS.length] }));
  if (named.length === 0) return '';
  const width = KEY_WIDTH + 4 + LETTER_WIDTH * Math.max(...named.map(({ label }) => label.length));
  const height = LINE_HEIGHT * named.length + 4;
  const { left, top } = freestCorner(plot, width, height, points);
  const rows = named.map(({ label, colour }, i) => {
    const y = top + 14 + LINE_HEIGHT * i;
    const key = `<path d="M${left + 6} ${y - 4}h18" stroke="${colour}" stroke-width="1.5"/>`;
    return `${key}<text x="${left + KEY_WIDTH}" y="${y}">${escaped(label)}</text>`;
  });
  const ground = `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="white" fill-opacity="0.8"/>`;
  return ground + rows.join('');
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const at = (value: number) => Number(value.toFixed(2));

/** The chart as SVG. A point that is not finite interrupts its line. */
export function lineChart(lines: readonly Line[], options: ChartOptions): string {
  const { xLabel, title = '', width = 640, height = 400, grid = true, marker = true } = options;
  const bandPoints = lines.flatMap(({ bands = [] }) => bands.flat());
  const xRange = rangeOf([...lines.flatMap(({ points }) => points.map(([x]) => x)), ...bandPoints.map(([x]) => x)]);
  const yRange = widened(
    rangeOf([
      ...lines.flatMap(({ points }) => points.map(([, y]) => y)),
      ...bandPoints.flatMap(([, low, high]) => [low, high]),
    ]),
  );
  const [left, right] = [MARGIN.left, width - MARGIN.right];
  const [top, bottom] = [MARGIN.top, height - MARGIN.bottom];
  const px = (x: number) => at(left + ((x - xRange[0]) / (xRange[1] - xRange[0])) * (right - left));
  const py = (y: number) => at(bottom - ((y - yRange[0]) / (yRange[1] - yRange[0])) * (bottom - top));

  const xTicks = ticks(...xRange);
  const yTicks = ticks(...yRange);
  const gridLines = [
    ...xTicks.map((x) => `M${px(x)} ${top}V${bottom}`),
    ...yTicks.map((y) => `M${left} ${py(y)}H${right}`),
  ];
  const texts = [
    ...xTicks.map((x) => `<text x="${px(x)}" y="${bottom + 16}" text-anchor="middle">${x}</text>`),
    ...yTicks.map((y) => `<text x="${left - 6}" y="${py(y) + 4}" text-anchor="end">${y}</text>`),
    `<text x="${(left + right) / 2}" y="${height - 8}" text-anchor="middle">${escaped(xLabel)}</text>`,
    `<text x="${(left + right) / 2}" y="18" text-anchor="middle">${escaped(title)}</text>`,
  ];

  const drawn = lines.map(({ points, bands = [] }, i) => {
    const colour = COLOURS[i % COLOURS.length];
    const finite = points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
    const areas = bands.map((band) => {
      const there = band.map(([x, , high]) => `${px(x)} ${py(high)}`);
      const back = band.map(([x, low]) => `${px(x)} ${py(low)}`).reverse();
      return `<path fill="${colour}" fill-opacity="0.15" stroke="none" d="M${[...there, ...back].join('L')}Z"/>`;
    });
    const path = points
      .map(([x, y], k) => {
        const before = points[k - 1];
        return Number.isFinite(y) ? `${before && Number.isFinite(before[1]) ? 'L' : 'M'}${px(x)} ${py(y)}` : '';
      })
      .join('');
    const marks = marker ? finite.map(([x, y]) => `M${px(x) - 3} ${py(y) - 3}l6 6m0 -6l-6 6`).join('') : '';
    return `<g fill="none" stroke="${colour}" stroke-width="1.5">${areas.join('')}<path d="${path}${marks}"/></g>`;
  });
  const places = lines.flatMap(({ points }) => alongLine(points.map(([x, y]): Point => [px(x), py(y)])));
  const legend = legendOf(lines, { left, right, top, bottom }, places);

  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    grid ? `<path d="${gridLines.join('')}" stroke="#ddd"/>` : '',
    `<rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" fill="none" stroke="#333"/>`,
    ...drawn,
    `<g font-family="sans-serif" font-size="12">${texts.join('')}${legend}</g>`,
    '</svg>\n',
  ].join('\n');
}

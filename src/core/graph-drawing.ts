/** A directed graph without cycles, drawn as SVG in layers from top to bottom. It knows nothing of what the boxes are. */

/** A box of the picture. */
export interface Box {
  readonly label: string;
  readonly rounded: boolean;
  readonly fill: string | undefined;
}

/** From one box to another, by their places in the list. */
export type Arrow = readonly [from: number, to: number];

const BOX_HEIGHT = 26;
const LAYER_HEIGHT = 52;
const GAP = 16;
const MARGIN = 12;
const CHARACTER_WIDTH = 7.2;
const FILL = '#eeeeee';

/** For each box, the length of the longest way to it. */
function layersOf(n: number, arrows: readonly Arrow[]): number[] {
  const layers = new Array<number>(n).fill(0);
  const missing = new Array<number>(n).fill(0);
  const after = Array.from({ length: n }, (): number[] => []);
  for (const [from, to] of arrows) {
    after[from].push(to);
    missing[to]++;
  }
  const ready = [...missing.keys()].filter((i) => missing[i] === 0);
  for (const i of ready) {
    for (const j of after[i]) {
      layers[j] = Math.max(layers[j], layers[i] + 1);
      if (--missing[j] === 0) ready.push(j);
    }
  }
  return layers;
}

/** The boxes of each layer from left to right: each below the middle of those it comes from, as far as there is room. */
function arrange(boxes: readonly Box[], arrows: readonly Arrow[]): { x: number[]; layers: number[] } {
  const layers = layersOf(boxes.length, arrows);
  const width = (i: number) => boxes[i].label.length * CHARACTER_WIDTH + 2 * GAP;
  const x = new Array<number>(boxes.length).fill(0);
  const depth = Math.max(0, ...layers.map((layer) => layer + 1));
  for (let layer = 0; layer < depth; layer++) {
    const wish = (i: number) => {
      const above = arrows.flatMap(([from, to]) => (to === i ? x[from] : []));
      return above.length === 0 ? 0 : above.reduce((a, b) => a + b) / above.length;
    };
    const row = [...layers.keys()].filter((i) => layers[i] === layer).map((i) => ({ i, wish: wish(i) }));
    row.sort((a, b) => a.wish - b.wish);
    let end = Number.NEGATIVE_INFINITY;
    for (const item of row) {
      x[item.i] = Math.max(item.wish, end + GAP + width(item.i) / 2);
      end = x[item.i] + width(item.i) / 2;
    }
    // Boxes that pushed one another to the right go back, together, to the middle of what they wished.
    const shift = row.reduce((sum, item) => sum + item.wish - x[item.i], 0) / row.length;
    for (const { i } of row) x[i] += shift;
  }
  const left = Math.min(0, ...x.map((centre, i) => centre - width(i) / 2));
  return { x: x.map((centre) => centre - left + MARGIN), layers };
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const rounded = (value: number) => Number(value.toFixed(1));

/** The picture as SVG. */
export function drawGraph(boxes: readonly Box[], arrows: readonly Arrow[]): string {
  const { x, layers } = arrange(boxes, arrows);
  const width = (i: number) => boxes[i].label.length * CHARACTER_WIDTH + 2 * GAP;
  const top = (i: number) => MARGIN + layers[i] * LAYER_HEIGHT;
  const [right, bottom] = [
    Math.max(MARGIN, ...x.map((centre, i) => centre + width(i) / 2)) + MARGIN,
    Math.max(MARGIN, ...layers.map((_, i) => top(i) + BOX_HEIGHT)) + MARGIN,
  ].map(rounded);
  const lines = arrows.map(([from, to]) => {
    const [y1, y2] = [top(from) + BOX_HEIGHT, top(to)];
    const middle = (y1 + y2) / 2;
    const [x1, x2] = [rounded(x[from]), rounded(x[to])];
    return `<path d="M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}" marker-end="url(#tip)"/>`;
  });
  const shapes = boxes.map(({ label, rounded: isRound, fill = FILL }, i) => {
    const corner = isRound ? BOX_HEIGHT / 2 : 0;
    const box = `<rect x="${rounded(x[i] - width(i) / 2)}" y="${top(i)}" width="${rounded(width(i))}" height="${BOX_HEIGHT}" rx="${corner}" fill="${escaped(fill)}"/>`;
    return `${box}<text x="${rounded(x[i])}" y="${top(i) + 17}" stroke="none">${escaped(label)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${right}" height="${bottom}" viewBox="0 0 ${right} ${bottom}">`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8Z"/></marker></defs>',
    `<g fill="none" stroke="#555">${lines.join('')}</g>`,
    `<g stroke="#555" font-family="monospace" font-size="12" text-anchor="middle">${shapes.join('')}</g>`,
    '</svg>\n',
  ].join('\n');
}

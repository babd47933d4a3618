/** Draws a directed graph without cycles as SVG: boxes in layers from top to bottom, and arrows between them. */

/** A box of the picture. */
export interface Box {
  readonly label: string;
  readonly rounded: boolean;
  readonly fill: string | undefined;
}

/** An arrow between two boxes, by their positions in the list. */
export type Arrow = readonly [from: number, to: number];

const BOX_HEIGHT = 26;
const LAYER_HEIGHT = 52;
const GAP = 16;
const MARGIN = 12;
const CHARACTER_WIDTH = 7.2;
const FILL = '#eeeeee';

/** For each box, the boxes whose arrows end at it. */
function boxesBefore(n: number, arrows: readonly Arrow[]): number[][] {
  const before = Array.from({ length: n }, (): number[] => []);
  for (const [from, to] of arrows) before[to].push(from);
  return before;
}

/** The layer of each box: the length of the longest path to it. A box without arrows to it stands just above its successors. */
function layersOf(before: readonly (readonly number[])[]): number[] {
  const after = before.map((): number[] => []);
  for (const [to, froms] of before.entries()) for (const from of froms) after[from].push(to);
  const layers = before.map(() => 0);
  const missing = before.map((froms) => froms.length);
  const ready = [...missing.keys()].filter((i) => missing[i] === 0);
  for (const i of ready) {
    for (const j of after[i]) {
      layers[j] = Math.max(layers[j], layers[i] + 1);
      if (--missing[j] === 0) ready.push(j);
    }
  }
  return layers.map((layer, i) => {
    if (before[i].length > 0 || after[i].length === 0) return layer;
    return Math.min(...after[i].map((j) => layers[j])) - 1;
  });
}

/**
 * The centres of the boxes, layer by layer. A box stands below its predecessors as far as there is space. Boxes without predecessors,
 * such as parameters, stand to the right of the others in their layer.
 */
function arrange(boxes: readonly Box[], arrows: readonly Arrow[]): { x: number[]; layers: number[] } {
  const before = boxesBefore(boxes.length, arrows);
  const layers = layersOf(before);
  const isSource = (i: number) => before[i].length === 0;
  const x = boxes.map(() => 0);
  const wish = (i: number) => {
    const computed = before[i].filter((from) => !isSource(from));
    const above = (computed.length > 0 ? computed : before[i].slice(0, 1)).map((from) => x[from]);
    return above.length === 0 ? 0 : above.reduce((a, b) => a + b) / above.length;
  };
  const depth = Math.max(0, ...layers.map((layer) => layer + 1));
  for (let layer = 0; layer < depth; layer++) {
    const row = [...layers.keys()].filter((i) => layers[i] === layer);
    const computed = row.filter((i) => !isSource(i)).sort((a, b) => wish(a) - wish(b));
    let end = Number.NEGATIVE_INFINITY;
    for (const i of [...computed, ...row.filter(isSource)]) {
      x[i] = Math.max(wish(i), end + GAP + widthOf(boxes[i]) / 2);
      end = x[i] + widthOf(boxes[i]) / 2;
    }
  }
  const left = Math.min(0, ...x.map((middle, i) => middle - widthOf(boxes[i]) / 2));
  return { x: x.map((middle) => middle - left + MARGIN), layers };
}

const widthOf = ({ label }: Box) => label.length * CHARACTER_WIDTH + 2 * GAP;
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const rounded = (value: number) => Number(value.toFixed(1));

/** The picture as SVG. */
export function drawGraph(boxes: readonly Box[], arrows: readonly Arrow[]): string {
  const { x, layers } = arrange(boxes, arrows);
  const width = (i: number) => widthOf(boxes[i]);
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

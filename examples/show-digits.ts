/** Small black and white pictures in a terminal: each character shows two pixels, one above the other. */
import { np } from 'rensa';

/** Digits fill a square of this size in the middle of their 28×28 pixels. */
const SIZE = 20;
const GAP = '  ';

/** The characters for an upper and a lower pixel. */
const BLOCKS = [' ', '▄', '▀', '█'];

/**
 * Digits side by side, each over its caption.
 *
 * @param images (N, 1, 28, 28), values from 0 to 1
 * @param columns the width of the terminal
 */
export function showDigits(images: np.NDArray, captions: readonly string[], columns = 80): string {
  const margin = (28 - SIZE) / 2;
  const inside = np.slice(margin, margin + SIZE);
  const isInk = np.greater(images.at(':', 0, inside, inside), 0.4).dataSync();
  const character = (i: number, y: number, x: number) =>
    BLOCKS[2 * isInk[(i * SIZE + y) * SIZE + x] + isInk[(i * SIZE + y + 1) * SIZE + x]];
  const picture = (i: number) => [
    ...Array.from({ length: SIZE / 2 }, (_, line) =>
      Array.from({ length: SIZE }, (_, x) => character(i, 2 * line, x)).join(''),
    ),
    captions[i].padStart((SIZE + captions[i].length) / 2).padEnd(SIZE),
  ];
  const inARow = Math.max(1, Math.floor((columns + GAP.length) / (SIZE + GAP.length)));
  const rows: string[] = [];
  for (let first = 0; first < images.shape[0]; first += inARow) {
    const pictures = captions.slice(first, first + inARow).map((_, k) => picture(first + k));
    rows.push(pictures[0].map((_, line) => pictures.map((lines) => lines[line]).join(GAP)).join('\n'));
  }
  return rows.join('\n\n');
}

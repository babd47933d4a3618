/**
 * Converts a drawing to the network's input. MNIST's digits fill a box of 20 × 20 pixels, their centre of mass is in
 * the middle of 28 × 28 pixels, and ink is 1 on 0.
 */

const SIZE = 28;
const BOX = 20;

/** The ink in a picture of RGBA bytes: its box and its centre of mass; null if there is none. */
function findInk({ data, width, height }) {
  let [left, top, right, bottom] = [width, height, -1, -1];
  let [mass, sumX, sumY] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const ink = data[4 * (y * width + x) + 3];
      if (ink === 0) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      mass += ink;
      sumX += ink * (x + 0.5);
      sumY += ink * (y + 0.5);
    }
  }
  return mass === 0 ? null : { width: right - left + 1, height: bottom - top + 1, x: sumX / mass, y: sumY / mass };
}

/** The drawing on a transparent canvas as 784 numbers from 0 to 1; null if it is empty. */
export function digitOf(canvas) {
  const drawing = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const ink = findInk(drawing);
  if (!ink) return null;
  const scale = BOX / Math.max(ink.width, ink.height);
  const small = new OffscreenCanvas(SIZE, SIZE).getContext('2d');
  small.imageSmoothingQuality = 'high';
  small.translate(SIZE / 2, SIZE / 2);
  small.scale(scale, scale);
  small.drawImage(canvas, -ink.x, -ink.y);
  const { data } = small.getImageData(0, 0, SIZE, SIZE);
  return Float32Array.from({ length: SIZE * SIZE }, (_, i) => data[4 * i + 3] / 255);
}

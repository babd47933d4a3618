/**
 * Converts a picture to the network's input. MNIST's digits are light on dark, fill a box of 20 × 20 pixels, and have
 * their centre of mass in the middle of 28 × 28 pixels. A picture of that size is used unchanged.
 */

const SIZE = 28;
const BOX = 20;

/** Less ink than this is paper: scans and JPEG leave traces. */
const FAINTEST = 0.2;

/** The brightness of each pixel from 0 to 1, on white where it is transparent. */
function brightness({ width, height, channels, data }) {
  const colours = channels > 2 ? 3 : 1;
  const weights = colours === 3 ? [0.299, 0.587, 0.114] : [1];
  const levels = new Float32Array(width * height);
  for (let i = 0, at = 0; i < levels.length; i++, at += channels) {
    let level = 0;
    for (let c = 0; c < colours; c++) level += (weights[c] * data[at + c]) / 255;
    const alpha = channels > colours ? data[at + colours] / 255 : 1;
    levels[i] = 1 - alpha * (1 - level);
  }
  return levels;
}

/** The ink of each pixel, for pictures that are dark on light or light on dark: the border is paper. */
function inkOf(image) {
  const { width, height } = image;
  const levels = brightness(image);
  let border = 0;
  for (let x = 0; x < width; x++) border += levels[x] + levels[(height - 1) * width + x];
  for (let y = 0; y < height; y++) border += levels[y * width] + levels[y * width + width - 1];
  const onLight = border > width + height;
  return onLight ? levels.map((level) => 1 - level) : levels;
}

/** The box around the ink and its centre of mass; null if there is none. */
function findInk(ink, width) {
  let [left, top, right, bottom] = [width, ink.length, -1, -1];
  let [mass, sumX, sumY] = [0, 0, 0];
  for (let i = 0; i < ink.length; i++) {
    const amount = ink[i];
    if (amount < FAINTEST) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    mass += amount;
    sumX += amount * (x + 0.5);
    sumY += amount * (y + 0.5);
  }
  return mass === 0 ? null : { size: Math.max(right - left, bottom - top) + 1, x: sumX / mass, y: sumY / mass };
}

/**
 * For each of the 28 pixels of a side: the cells of the picture that it covers, each with its share. Outside the
 * picture is paper.
 */
function coverage(centre, step, count) {
  return Array.from({ length: SIZE }, (_, i) => {
    const [from, to] = [centre + (i - SIZE / 2) * step, centre + (i + 1 - SIZE / 2) * step];
    const covered = [];
    for (let cell = Math.max(0, Math.floor(from)); cell < Math.min(count, to); cell++) {
      covered.push([cell, (Math.min(to, cell + 1) - Math.max(from, cell)) / step]);
    }
    return covered;
  });
}

/**
 * A picture `{ width, height, channels, data }` as 784 numbers from 0 to 1; null if it is blank.
 */
export function digitOf(image) {
  const { width, height } = image;
  const ink = inkOf(image);
  const found = findInk(ink, width);
  if (!found) return null;
  if (width === SIZE && height === SIZE) return ink;
  const step = found.size / BOX;
  const columns = coverage(found.x, step, width);
  const rows = coverage(found.y, step, height);
  return Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
    let mean = 0;
    for (const [y, shareY] of rows[Math.floor(i / SIZE)]) {
      for (const [x, shareX] of columns[i % SIZE]) mean += shareX * shareY * ink[y * width + x];
    }
    return mean;
  });
}

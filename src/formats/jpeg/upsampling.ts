/**
 * Rows of a component at the picture's resolution. Between the samples of a component at half resolution, values are
 * weighted 3 to 1 (a triangle filter, libjpeg's default). At other ratios samples are repeated.
 */

/** Makes a row of the picture from the two nearest rows of samples, the nearest first. */
export type Upsample = (near: Uint8Array, far: Uint8Array, isLower: boolean, out: Uint8Array) => void;

/** Doubles columns. */
function wider(count: number): Upsample {
  return (row, _far, _isLower, out) => {
    const last = count - 1;
    out[0] = row[0];
    out[1] = (3 * row[0] + row[1] + 2) >> 2;
    for (let i = 1; i < last; i++) {
      const three = 3 * row[i];
      out[2 * i] = (three + row[i - 1] + 1) >> 2;
      out[2 * i + 1] = (three + row[i + 1] + 2) >> 2;
    }
    out[2 * last] = (3 * row[last] + row[last - 1] + 1) >> 2;
    out[2 * last + 1] = row[last];
  };
}

/** Doubles columns and rows. */
function larger(count: number): Upsample {
  return (near, far, _isLower, out) => {
    const last = count - 1;
    let before = 0;
    let here = 3 * near[0] + far[0];
    let next = 3 * near[1] + far[1];
    out[0] = (4 * here + 8) >> 4;
    out[1] = (3 * here + next + 7) >> 4;
    for (let i = 1; i < last; i++) {
      before = here;
      here = next;
      next = 3 * near[i + 1] + far[i + 1];
      out[2 * i] = (3 * here + before + 8) >> 4;
      out[2 * i + 1] = (3 * here + next + 7) >> 4;
    }
    out[2 * last] = (3 * next + here + 8) >> 4;
    out[2 * last + 1] = (4 * next + 7) >> 4;
  };
}

/** Doubles rows. */
function higher(count: number): Upsample {
  return (near, far, isLower, out) => {
    const half = isLower ? 2 : 1;
    for (let i = 0; i < count; i++) out[i] = (3 * near[i] + far[i] + half) >> 2;
  };
}

/** Any ratio: `h` samples for `hMax` columns. */
function repeated(h: number, hMax: number): Upsample {
  return (row, _far, _isLower, out) => {
    for (let x = 0; x < out.length; x++) out[x] = row[Math.floor((x * h) / hMax)];
  };
}

/**
 * The function that brings a component's rows to the picture's width; null if they have it.
 *
 * @param count samples in a row of the component.
 * @param ratios `h` and `v` of the component, and the largest of all components.
 */
export function upsampling(
  count: number,
  ratios: { readonly h: number; readonly v: number; readonly hMax: number; readonly vMax: number },
): Upsample | null {
  const { h, v, hMax, vMax } = ratios;
  const [doubledAcross, doubledDown] = [hMax === 2 * h, vMax === 2 * v];
  // libjpeg repeats samples if rows are too short for a triangle.
  if (doubledAcross && count > 2 && doubledDown) return larger(count);
  if (doubledAcross && count > 2 && v === vMax) return wider(count);
  if (h === hMax && doubledDown) return higher(count);
  return h === hMax ? null : repeated(h, hMax);
}

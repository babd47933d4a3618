/**
 * Decodes PNG files to bytes of pixels. A palette of one to eight bits becomes colours. Grey levels of less than a byte
 * are scaled to 0 … 255; of 16 bits, the upper half is kept. Rows are inflated and stored one by one, so memory is that
 * of the pixels and two rows.
 */
import { FormatError } from '../../errors.js';
import type { HostImage } from '../host-image.js';
import type { Budget } from '../limits.js';
import { needsRehearsal } from '../rehearsal.js';
import { eachInflated } from '../unzlib.js';
import { type Chunks, type Header, parseChunks } from './chunks.js';
import { unfilter } from './filters.js';

/** The pixels of a pass: every `dx`-th pixel of every `dy`-th row, starting at (x, y). */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

const WHOLE: readonly Pass[] = [{ x: 0, y: 0, dx: 1, dy: 1 }];

/** Adam7: the passes, by position in squares of 8 × 8 pixels. */
const ADAM7: readonly Pass[] = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

/** A pass over a picture of a given size. */
interface SizedPass extends Pass {
  readonly columns: number;
  readonly rows: number;
  /** Bytes of a row, without the byte that names its filter. */
  readonly rowBytes: number;
}

/** The passes that contain pixels. */
function passesOf({ width, height, depth, samples, isInterlaced }: Header): SizedPass[] {
  return (isInterlaced ? ADAM7 : WHOLE)
    .map((pass) => {
      const columns = Math.max(0, Math.ceil((width - pass.x) / pass.dx));
      const rows = columns === 0 ? 0 : Math.max(0, Math.ceil((height - pass.y) / pass.dy));
      return { ...pass, columns, rows, rowBytes: Math.ceil((columns * samples * depth) / 8) };
    })
    .filter(({ rows }) => rows > 0);
}

/** Stores row `r` of a pass in the picture. */
type PutRow = (row: Uint8Array, pass: SizedPass, r: number) => void;

/** Inflates all rows and undoes their filters, pass by pass. A row is valid until the next. */
function eachRow(bytes: Uint8Array, { header, compressed }: Chunks, what: string, put: PutRow): void {
  const passes = passesOf(header);
  const size = passes.reduce((sum, { rows, rowBytes }) => sum + rows * (rowBytes + 1), 0);
  const longest = Math.max(...passes.map(({ rowBytes }) => rowBytes));
  const step = Math.max(1, (header.samples * header.depth) >> 3);
  let [row, above] = [new Uint8Array(longest), new Uint8Array(longest)];
  let [p, r, filled] = [0, 0, -1]; // -1: the filter comes first
  let filter = 0;
  eachInflated(what, bytes, compressed, size, (piece) => {
    for (let at = 0; at < piece.length; ) {
      const pass = passes[p];
      if (filled < 0) {
        filter = piece[at++];
        filled = 0;
        if (r === 0) above.fill(0);
        continue;
      }
      const count = Math.min(pass.rowBytes - filled, piece.length - at);
      row.set(piece.subarray(at, at + count), filled);
      at += count;
      filled += count;
      if (filled < pass.rowBytes) break;
      const whole = row.subarray(0, filled);
      unfilter(whole, above, step, filter, what);
      put(whole, pass, r);
      [row, above] = [above, row];
      filled = -1;
      if (++r < pass.rows) continue;
      r = 0;
      p++;
    }
  });
}

/** The `i`-th sample of a row. */
function sampleAt(row: Uint8Array, i: number, depth: number): number {
  if (depth === 8) return row[i];
  if (depth === 16) return row[2 * i];
  const bit = i * depth;
  return (row[bit >> 3] >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
}

/** Stores samples; those of less than a byte are scaled to 0 … 255. */
function putSamples({ width, samples, depth, isInterlaced }: Header, out: Uint8Array): PutRow {
  if (depth === 8 && !isInterlaced) return (row, _pass, r) => out.set(row, r * width * samples);
  if (depth === 16 && !isInterlaced) {
    return (row, _pass, r) => {
      const start = r * width * samples;
      for (let i = 0; i < width * samples; i++) out[start + i] = row[2 * i];
    };
  }
  const spread = depth < 8 ? 255 / (2 ** depth - 1) : 1;
  return (row, { x, y, dx, dy, columns }, r) => {
    const start = (y + r * dy) * width + x;
    for (let c = 0; c < columns; c++) {
      const to = (start + c * dx) * samples;
      for (let s = 0; s < samples; s++) out[to + s] = spread * sampleAt(row, c * samples + s, depth);
    }
  };
}

/** Stores the colours of a palette, with alphas if it has any. */
function putColours({ header, palette, alphas }: Chunks, out: Uint8Array, what: string): PutRow {
  const { width, depth } = header;
  const channels = alphas ? 4 : 3;
  const count = (palette?.length ?? 0) / 3;
  const colours = Array.from({ length: count }, (_, i) => [
    ...(palette ?? []).slice(3 * i, 3 * i + 3),
    ...(alphas ? [alphas[i] ?? 255] : []),
  ]);
  return (row, { x, y, dx, dy, columns }, r) => {
    const start = (y + r * dy) * width + x;
    for (let c = 0; c < columns; c++) {
      const index = sampleAt(row, c, depth);
      const colour = colours[index];
      if (!colour) throw new FormatError(`${what}: colour ${index} of a palette of ${count}`);
      const to = (start + c * dx) * channels;
      for (let s = 0; s < channels; s++) out[to + s] = colour[s];
    }
  };
}

/**
 * The pixels of a PNG file: grey, grey and alpha, colours, or colours and alpha.
 *
 * @param what names the file in errors.
 * @throws FormatError when it is damaged, beyond the budget, or declares more pixels than its bytes can hold.
 */
export async function decodePng(bytes: Uint8Array, what: string, budget: Budget): Promise<HostImage> {
  const chunks = parseChunks(bytes, what, budget);
  const { header, alphas } = chunks;
  const { width, height, samples, hasPalette } = header;
  const channels = hasPalette ? (alphas ? 4 : 3) : samples;
  const putInto = (out: Uint8Array) => (hasPalette ? putColours(chunks, out, what) : putSamples(header, out));
  const size = width * height * channels;
  // Writing to an empty array does nothing, but the rows are still checked.
  if (needsRehearsal(bytes.length, size))
    eachRow(bytes, chunks, what, hasPalette ? putInto(new Uint8Array()) : () => {});
  const data = new Uint8Array(size);
  eachRow(bytes, chunks, what, putInto(data));
  return { width, height, channels, data };
}

/** Small valid files of the formats that data sets come in, built by hand. */
import { zlibSync } from 'fflate';

const BLOCK = 512;
const text = (value: string) => new TextEncoder().encode(value);

/** A ustar archive. */
export function encodeTar(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const blocks = Object.entries(files).flatMap(([name, contents]) => {
    const header = new Uint8Array(BLOCK);
    header.set(text(name));
    header.set(text(`${contents.length.toString(8).padStart(11, '0')}\0`), 124);
    header.set(text('        '), 148);
    header.set(text('0ustar\x0000'), 156);
    const sum = header.reduce((a, b) => a + b, 0);
    header.set(text(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
    const body = new Uint8Array(Math.ceil(contents.length / BLOCK) * BLOCK);
    body.set(contents);
    return [...header, ...body];
  });
  return Uint8Array.from([...blocks, ...new Uint8Array(2 * BLOCK)]);
}

const little = (n: number) => [n & 255, (n >>> 8) & 255, (n >>> 16) & 255, n >>> 24];

/** An element of a MAT-file, filled up to eight bytes. */
function element(type: number, data: readonly number[]): number[] {
  return [...little(type), ...little(data.length), ...data, ...new Array<number>((8 - (data.length % 8)) % 8).fill(0)];
}

/** A MAT-file with one matrix of bytes. */
export function encodeMat(
  name: string,
  shape: readonly number[],
  bytes: readonly number[],
  compressed: boolean,
): Uint8Array {
  const matrix = element(14, [
    ...element(6, [9, 0, 0, 0, 0, 0, 0, 0]),
    ...element(5, shape.flatMap(little)),
    ...element(1, [...text(name)]),
    ...element(2, bytes),
  ]);
  const packed = zlibSync(Uint8Array.from(matrix));
  const body = compressed ? [...little(15), ...little(packed.length), ...packed] : matrix;
  return Uint8Array.from([...text('MATLAB 5.0 MAT-file'.padEnd(124)), 0, 1, ...text('IM'), ...body]);
}

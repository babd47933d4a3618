/** Archives of the system's tar, and of the layout's text. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { FormatError } from '../../src/errors.js';
import { readTar } from '../../src/formats/tar.js';

const LONG = `${'deep/'.repeat(30)}${'n'.repeat(120)}.bin`;

/** The files, packed by tar. */
function pack(files: Readonly<Record<string, string>>, format: string): Uint8Array {
  const directory = mkdtempSync(join(tmpdir(), 'rensa-'));
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(join(directory, name, '..'), { recursive: true });
    writeFileSync(join(directory, name), contents);
  }
  const bytes = execFileSync('tar', [`--format=${format}`, '-cf', '-', '-C', directory, ...Object.keys(files)]);
  rmSync(directory, { recursive: true });
  return new Uint8Array(bytes);
}

describe.each(['ustar', 'gnu', 'pax'])('%s', (format) => {
  it('has the files by their paths', () => {
    const files = {
      'a.txt': 'one',
      'dir/b.txt': '',
      'dir/c.bin': 'x'.repeat(1000),
      ...(format !== 'ustar' && { [LONG]: 'far' }),
    };
    const read = readTar(pack(files, format));
    expect([...read].map(([name, bytes]) => [name, new TextDecoder().decode(bytes)])).toEqual(Object.entries(files));
  });
});

test('damaged archives are refused', () => {
  const bytes = pack({ 'a.txt': 'one' }, 'ustar');
  expect(() => readTar(bytes.subarray(0, 512 + 512), 'x.tar')).toThrow(/x\.tar: the archive has no end/);
  expect(() => readTar(bytes.subarray(0, 700))).toThrow(FormatError);
  const flipped = bytes.slice();
  flipped[0] ^= 1;
  expect(() => readTar(flipped)).toThrow(/no tar header at byte 0/);
  expect(() => readTar(new Uint8Array(10))).toThrow(FormatError);
});

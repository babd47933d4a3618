/**
 * A program that reads files and prints, as JSON, the outcome and the memory that each took: `node hostile-child.js
 * LIST`, where LIST is a JSON file of pairs of a reader's name and a file's path.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { getSvhn } from '../../src/datasets/svhn.js';
import { ZippedImageDataset } from '../../src/datasets/zipped-image-dataset.js';
import { parseIdx } from '../../src/formats/idx.js';
import { decodeImage, readNpy, readNpz, readSafetensors } from '../../src/formats/readers.js';
import { readTar } from '../../src/formats/tar.js';
import { CaffeFunction } from '../../src/links/model/caffe-function.js';
import { memory } from '../../src/ndarray/memory.js';

/** What reads a file, by the kind of file. */
const READERS = {
  picture: (bytes: Uint8Array) => decodeImage(bytes, 'a'),
  npy: readNpy,
  // An entry that is not an array is refused when it is read.
  npz: async (bytes: Uint8Array) => (await readNpz(bytes)).get('a'),
  safetensors: readSafetensors,
  idx: (bytes: Uint8Array) => parseIdx(bytes, 'a.gz'),
  tar: (bytes: Uint8Array) => readTar(bytes),
  pictures: (bytes: Uint8Array) => ZippedImageDataset.open(bytes),
  mat: (bytes: Uint8Array) => getSvhn({ source: { train: bytes, test: bytes } }),
  caffemodel: (bytes: Uint8Array) => new CaffeFunction(bytes, 'a.caffemodel'),
};

/** A kind of file. */
export type ReaderName = keyof typeof READERS;

/** What came of a file. */
export interface Outcome {
  /** The error's name and message; null if there was none. */
  readonly error: { readonly name: string; readonly message: string } | null;
  readonly milliseconds: number;
  /** Bytes by which the process grew at its largest. */
  readonly grown: number;
  /** Bytes of wasm memory that arrays hold. */
  readonly held: number;
}

/** The largest size of the process since {@link forgetLargest}. What Node's `maxRSS` says on Linux begins with the size of the parent. */
function largest(): number {
  if (process.platform !== 'linux') return 1024 * process.resourceUsage().maxRSS;
  const [, kilobytes] = /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return 1024 * Number(kilobytes);
}

function forgetLargest(): void {
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5');
}

async function read(reader: ReaderName, bytes: Uint8Array): Promise<Outcome['error']> {
  try {
    await READERS[reader](bytes);
    return null;
  } catch (error) {
    return error instanceof Error
      ? { name: error.name, message: error.message }
      : { name: 'none', message: String(error) };
  }
}

async function main(list: string): Promise<void> {
  console.warn = () => {};
  const files: [ReaderName, string][] = JSON.parse(readFileSync(list, 'utf8'));
  const outcomes: Outcome[] = [];
  for (const [reader, path] of files) {
    const bytes = new Uint8Array(readFileSync(path));
    globalThis.gc?.();
    forgetLargest();
    const before = largest();
    const start = performance.now();
    const error = await read(reader, bytes);
    const milliseconds = performance.now() - start;
    const held = Object.values(memory().held).reduce((sum, bytes) => sum + bytes, 0);
    outcomes.push({ error, milliseconds, grown: largest() - before, held });
  }
  console.log(JSON.stringify(outcomes));
}

if (process.argv[2]) await main(process.argv[2]);

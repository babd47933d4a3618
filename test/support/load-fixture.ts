/** Reference data for suites that run both in Node and in the browser: the same files, read or fetched. */
import { type HostArray, narrow } from '../../src/formats/host-array.js';
import { NpzFile } from '../../src/formats/npz.js';
import type { NDArray } from '../../src/index.js';
import { fromHost } from '../../src/ndarray/ndarray.js';

// In a variable of its own: bundlers rewrite `new URL(…, import.meta.url)` where they see it whole.
const here = import.meta.url;

/** The bytes of a fixture file, `path` relative to test/fixtures/chainer. */
export async function loadFixture(path: string): Promise<Uint8Array> {
  const url = new URL(`../fixtures/chainer/${path}`, here);
  if (typeof document !== 'undefined') return new Uint8Array(await (await fetch(url)).arrayBuffer());
  const { readFile } = await import('node:fs/promises');
  return new Uint8Array(await readFile(url));
}

/** A group's manifest, and its arrays by `<case>/<array>`. */
export async function loadGroup<Manifest>(group: string): Promise<{ manifest: Manifest; arrays: NpzFile }> {
  const [manifest, arrays] = await Promise.all([
    loadFixture(`${group}/manifest.json`),
    loadFixture(`${group}/arrays.npz`),
  ]);
  return { manifest: JSON.parse(new TextDecoder().decode(manifest)), arrays: new NpzFile(arrays) };
}

/** A host array on the default device. */
export function toDeviceArray(array: HostArray): NDArray {
  const { data, shape, dtype } = narrow(array);
  return fromHost(data, shape, dtype);
}

/** Planted faults, which the fuzzers must find. */
import fc from 'fast-check';
import type { WasmBackend } from '../../src/backends/wasm/index.js';
import { blockOf } from '../../src/backends/wasm/memory.js';
import { zeros } from '../../src/ndarray/creation.js';
import { keep } from '../../src/ndarray/lifetime.js';
import { drawn, type Outcome, type Target } from './target.js';

const fine: Outcome = { accepted: true, bytes: 0 };

/** Objects kept in memory, so that no garbage collector frees them. */
const held: unknown[] = [];

/** A fault that comes with numbers from 100 on. */
const planted = (fault: () => void): Target =>
  drawn(fc.nat({ max: 400 }), {
    run: (n) => {
      if (n >= 100) fault();
      return fine;
    },
  });

export const PLANTED: ReadonlyMap<string, Target> = new Map(
  Object.entries({
    'planted: none': planted(() => {}),
    'planted: untyped error': planted(() => {
      const nothing: unknown = null;
      (nothing as number[]).push(1);
    }),
    'planted: crash': planted(() => process.abort()),
    'planted: hang': planted(() => {
      for (const start = Date.now(); Date.now() - start < 60_000; );
    }),
    'planted: memory': planted(() => held.push(new Uint8Array(100 * 2 ** 20).fill(1))),
    'planted: leak': planted(() => held.push(keep(zeros([100])))),
    'planted: damaged heap': planted(() => {
      const x = zeros([3]);
      const { heap } = (x.device as WasmBackend).machine;
      heap.u8[blockOf(x.memory).address + 12] ^= 1; // as a kernel would that writes one element too many
    }),
  }),
);

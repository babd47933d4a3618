/**
 * The peak of this machine under this engine, measured: multiply-adds that never leave the registers, and the engine's
 * own copy. The rest of the suite states its results as shares of these.
 */

/** Accumulators of the loop: enough that no sum waits for the one before it, and few enough for 16 registers. */
const CHAINS = 12;
const [I32, V128] = [0x7f, 0x7b];

const leb = (n) => (n < 0x80 ? [n] : [(n & 0x7f) | 0x80, ...leb(n >>> 7)]);
const section = (id, body) => [id, ...leb(body.length), ...body];
const simd = (op) => [0xfd, ...leb(op)];
const SPLAT = simd(0x13);
const ADD = simd(0xe4);
const MUL = simd(0xe6);
const RELAXED_MADD = simd(0x105);

/**
 * A module whose function runs `n` rounds of x = x · a + b over CHAINS vectors in registers: 8 · CHAINS operations a
 * round, as a product and a sum, or as one relaxed instruction for both.
 */
function loopModule(relaxed) {
  const constant = (value) => [0x43, ...new Uint8Array(new Float32Array([value]).buffer), ...SPLAT];
  const get = (local) => [0x20, ...leb(local)];
  const set = (local) => [0x21, ...leb(local)];
  const [a, b] = [1, 2];
  const chain = (x) => [
    ...get(x),
    ...get(a),
    ...(relaxed ? [...get(b), ...RELAXED_MADD] : [...MUL, ...get(b), ...ADD]),
    ...set(x),
  ];
  const chains = Array.from({ length: CHAINS }, (_, i) => 3 + i);
  const countDown = [...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0];
  const code = [
    ...[1, 2 + CHAINS, V128],
    ...[...constant(0.5), ...set(a), ...constant(0.25), ...set(b)],
    ...[0x03, 0x40, ...chains.flatMap(chain), ...countDown, 0x0b],
    // The result uses all chains, or an engine could drop them.
    ...[...get(3), ...chains.slice(1).flatMap((x) => [...get(x), ...ADD]), 0xfd, 0x1f, 0, 0x0b],
  ];
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, I32, 1, 0x7d]),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x66, 0, 0]),
    ...section(10, [1, ...leb(code.length), ...code]),
  ]);
}

function least(run, milliseconds) {
  run();
  let best = Number.POSITIVE_INFINITY;
  for (const end = performance.now() + milliseconds; performance.now() < end; ) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** The peak of multiply-adds on one thread: GFLOP/s, and whether relaxed SIMD gave it. */
function arithmeticPeak() {
  const relaxed = WebAssembly.validate(loopModule(true));
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(loopModule(relaxed))).exports;
  const rounds = 200_000;
  const gflops = (rounds * CHAINS * 8) / least(() => f(rounds), 300) / 1e6;
  return { gflops, simd: relaxed ? 'relaxed' : 'plain' };
}

/** GB/s of copying 16 MiB by the engine's own copy, reads and writes counted. No wasm loop should beat it by much. */
function bandwidthPeak() {
  const [from, to] = [new Float32Array(1 << 22).fill(1), new Float32Array(1 << 22)];
  return (2 * from.byteLength) / least(() => to.set(from), 300) / 1e6;
}

/** @typedef {{ gflops: number, simd: 'plain' | 'relaxed', gbps: number }} Machine */

/** Measures the machine. Call it again later and take the better result: other programs only ever make it worse. */
export function machinePeak() {
  return { ...arithmeticPeak(), gbps: bandwidthPeak() };
}

/** The better of two measurements. */
export const betterPeak = (a, b) => ({ ...a, gflops: Math.max(a.gflops, b.gflops), gbps: Math.max(a.gbps, b.gbps) });

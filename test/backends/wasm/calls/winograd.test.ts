/** Winograd's convolution, each size of tiles forced: values, both gradients, its error bounds, and calls prepared once. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Conv2dGeometry, Epilogue } from '../../../../src/backends/primitives.js';
import { prepare, run } from '../../../../src/backends/wasm/calls/call.js';
import { winograd } from '../../../../src/backends/wasm/calls/winograd.js';
import { chooseAlgorithm, DIRECTIONS } from '../../../../src/backends/wasm/conv/algorithms.js';
import { shapeOf } from '../../../../src/backends/wasm/conv/shape.js';
import { createWasmBackend } from '../../../../src/backends/wasm/index.js';
import { bestVariant } from '../../../../src/backends/wasm/loader.js';
import { Machine } from '../../../../src/backends/wasm/machine.js';
import { WasmMemory } from '../../../../src/backends/wasm/memory.js';
import { MemoryError } from '../../../../src/errors.js';
import { Subject } from '../../../support/backends.js';
import { expectCloseToMagnitude } from '../../../support/closeness.js';
import type { HostArray } from '../../../support/host-array.js';
import { unary } from '../../../support/oracle/elementwise.js';
import * as oracle from '../../../support/oracle/products.js';
import { Samples } from '../../../support/samples.js';

/** What the documentation of CONVOLUTION_ALGORITHMS promises, relative to the largest Σ|x·w|. */
const BOUNDS = { winograd2: 5e-7, winograd4: 2e-6, winograd6: 1e-5 } as const;
const NAMES = ['winograd2', 'winograd4', 'winograd6'] as const;

interface Case {
  readonly what: string;
  readonly x: readonly [n: number, c: number, h: number, w: number];
  readonly outChannels: number;
  readonly pad?: readonly [y: number, x: number];
  readonly groups?: number;
  /** Where it is not what padding on both sides alike gives. */
  readonly out?: readonly [oh: number, ow: number];
}

const CASES: readonly Case[] = [
  { what: 'one of everything', x: [1, 1, 3, 3], outChannels: 1 },
  { what: 'an image smaller than its filters', x: [1, 2, 2, 1], outChannels: 3, pad: [1, 1] },
  { what: 'whole tiles of every size', x: [1, 8, 12, 24], outChannels: 12, pad: [1, 1] },
  { what: 'ragged tiles', x: [1, 5, 13, 11], outChannels: 7, pad: [1, 1] },
  { what: 'no padding', x: [2, 3, 8, 9], outChannels: 4 },
  { what: 'padding of two', x: [1, 3, 7, 10], outChannels: 6, pad: [2, 2] },
  { what: 'padding beyond the filters', x: [1, 3, 5, 6], outChannels: 4, pad: [5, 4] },
  { what: 'unequal padding', x: [1, 6, 9, 9], outChannels: 5, pad: [0, 2] },
  { what: 'more padding on the far side', x: [1, 4, 9, 7], outChannels: 5, pad: [0, 1], out: [9, 9] },
  { what: 'images smaller than a tile, many of them', x: [19, 6, 4, 3], outChannels: 9, pad: [1, 1] },
  { what: 'groups', x: [2, 12, 9, 10], outChannels: 18, pad: [1, 1], groups: 3 },
  { what: 'several blocks of tiles and of output channels', x: [1, 2, 60, 61], outChannels: 53, pad: [1, 1] },
  { what: 'many channels', x: [1, 130, 6, 5], outChannels: 19, pad: [1, 1] },
];

const geometryOf = ({ pad = [0, 0], groups = 1 }: Case): Conv2dGeometry => ({
  stride: [1, 1],
  pad,
  dilation: [1, 1],
  groups,
});

const absolute = (x: HostArray) => unary('absolute', x);

/** Operands of a case, and its geometry. */
function operandsOf(example: Case) {
  const samples = new Samples();
  const { x, outChannels, groups = 1, pad = [0, 0], out = [x[2] + 2 * pad[0] - 2, x[3] + 2 * pad[1] - 2] } = example;
  const shape = [x[0], outChannels, ...out];
  return {
    geometry: geometryOf(example),
    shape,
    x: samples.uniform(x, 'float32'),
    w: samples.uniform([outChannels, x[1] / groups, 3, 3], 'float32'),
    bias: samples.uniform([outChannels], 'float32'),
    y: samples.uniform(shape, 'float32'),
  };
}

describe.each(NAMES)('%s', (convolution) => {
  const backend = createWasmBackend(bestVariant(), { convolution });
  const subject = new Subject(backend);
  const tolerance = { float32: BOUNDS[convolution], float64: 0 };
  afterEach(() => {
    subject.release();
    expect(backend.stats().blocks, 'blocks left').toBe(0);
  });

  test.each(CASES)('forward, $what', (example) => {
    const { geometry, shape, x, w } = operandsOf(example);
    const want = oracle.conv2d(x, w, null, geometry, shape);
    const got = subject.result(want, (out) => backend.conv2d(subject.put(x), subject.put(w), null, geometry, out));
    expectCloseToMagnitude(got, want, oracle.conv2d(absolute(x), absolute(w), null, geometry, shape), tolerance);
  });

  test.each(['none', 'relu', 'sigmoid', 'tanh'] as const)('bias, residual and activation %s', (activation) => {
    for (const example of CASES.filter(({ what }) => /ragged|groups|unequal/.test(what))) {
      const { geometry, shape, x, w, bias, y: residual } = operandsOf(example);
      const want = oracle.conv2d(x, w, bias, geometry, shape, { activation, residual });
      const got = subject.result(want, (out) => {
        const epilogue: Epilogue = { activation, residual: subject.put(residual) };
        backend.conv2d(subject.put(x), subject.put(w), subject.put(bias), geometry, out, epilogue);
      });
      const magnitude = oracle.conv2d(absolute(x), absolute(w), absolute(bias), geometry, shape, {
        residual: absolute(residual),
      });
      expectCloseToMagnitude(got, want, magnitude, tolerance);
    }
  });

  test.each(CASES)('adjoint in x, $what', (example) => {
    const { geometry, x, w, y: gy } = operandsOf(example);
    const want = oracle.conv2dGradInput(gy, w, geometry, x.shape);
    const got = subject.result(want, (out) => backend.conv2dGradInput(subject.put(gy), subject.put(w), geometry, out));
    const magnitude = oracle.conv2dGradInput(absolute(gy), absolute(w), geometry, x.shape);
    expectCloseToMagnitude(got, want, magnitude, tolerance);
  });

  test.each(CASES)('gradient in w, $what', (example) => {
    const { geometry, x, w, y: gy } = operandsOf(example);
    const want = oracle.conv2dGradWeight(x, gy, geometry, w.shape);
    const got = subject.result(want, (out) => backend.conv2dGradWeight(subject.put(x), subject.put(gy), geometry, out));
    const magnitude = oracle.conv2dGradWeight(absolute(x), absolute(gy), geometry, w.shape);
    // A sum of a few products only does not average what they are off by.
    expectCloseToMagnitude(got, want, magnitude, { ...tolerance, float32: 3 * tolerance.float32 });
  });

  test('is used where forced, and only where it applies', () => {
    const { blocking } = new Machine(bestVariant());
    const tensor = (...shape: number[]) => subject.blank(shape, 'float32');
    const [x, y] = [tensor(1, 2, 5, 5), tensor(1, 2, 5, 5)];
    const geometry = geometryOf({ what: '', x: [1, 2, 5, 5], outChannels: 2, pad: [1, 1] });
    const chosen = (w: ReturnType<typeof tensor>, given: Partial<Conv2dGeometry> = {}) =>
      chooseAlgorithm(DIRECTIONS.forward, shapeOf(x, w, { ...geometry, ...given }, y), blocking, convolution).name;
    expect(chosen(tensor(2, 2, 3, 3))).toBe(convolution);
    expect(chosen(tensor(2, 2, 1, 3))).toBe('im2col');
    expect(chosen(tensor(2, 2, 3, 3), { dilation: [1, 2] })).toBe('im2col');
    expect(chosen(tensor(2, 2, 3, 3), { stride: [2, 1] })).toBe('im2col');
  });
});

describe('prepared', () => {
  const machine = new Machine(bestVariant());
  const { heap } = machine;

  function put(array: HostArray) {
    const memory = new WasmMemory('float32', array.values.length, heap.alloc(4 * array.values.length));
    heap.f32.set(array.values, memory.address / 4);
    return { shape: array.shape, dtype: 'float32', memory } as const;
  }

  test.each([2, 4, 6] as const)('F(%i, 3): neither weight nor bias is read again; operands may move', (m) => {
    const { geometry, shape, x, w, bias, y } = operandsOf(CASES[3]);
    const [xs, ws, biases, out] = [put(x), put(w), put(bias), put(y)];
    const problem = { x: xs, w: ws, y: out, geometry, bias: biases, activation: 'relu', residual: null } as const;
    const call = prepare(machine, winograd.forward[m], problem, 'float32');
    expect(call).toMatchObject({ algorithm: `winograd ${m}×${m}`, readsWeight: false });
    expect(call.bytes).toBeGreaterThanOrEqual(((m + 2) ** 2 / 9) * 4 * w.values.length);
    for (const { memory } of [ws, biases]) {
      heap.f32.fill(Number.NaN, memory.address / 4, memory.address / 4 + memory.size);
      heap.free(memory.address);
      memory.address = 0;
    }

    const want = oracle.conv2d(x, w, bias, geometry, shape, { activation: 'relu' });
    const magnitude = oracle.conv2d(absolute(x), absolute(w), absolute(bias), geometry, shape);
    for (const moved of [false, true]) {
      if (moved) {
        Object.assign(xs, put(x));
        Object.assign(out, put(y));
      }
      const { blocks } = heap;
      call.run();
      expect(heap.blocks, 'blocks left by a run').toBe(blocks);
      const { address, size } = out.memory;
      const values = Float64Array.from(heap.f32.subarray(address / 4, address / 4 + size));
      const got: HostArray = { shape, dtype: 'float32', values };
      expectCloseToMagnitude(got, want, magnitude, { float32: BOUNDS[`winograd${m}`], float64: 0 });
    }
    const { bytes } = heap;
    call.free();
    expect(heap.bytes).toBeLessThanOrEqual(bytes - call.bytes);
    expect(() => call.run()).toThrow(MemoryError);
  });

  test('10,000 runs leave memory as it was, and so does a call for a weight that was freed', () => {
    const { geometry, x, w, bias, y } = operandsOf(CASES[0]);
    const { blocks, bytes } = heap;
    const [xs, ws, biases, out] = [put(x), put(w), put(bias), put(y)];
    const problem = { x: xs, w: ws, y: out, geometry, bias: biases, activation: 'none', residual: null } as const;
    const prepared = () => prepare(machine, winograd.forward[4], problem, 'float32');
    const call = prepared();
    const running = { blocks: heap.blocks, bytes: heap.bytes, reserved: heap.reserved };
    for (let i = 0; i < 10_000; i++) call.run();
    expect({ blocks: heap.blocks, bytes: heap.bytes, reserved: heap.reserved }).toEqual(running);
    call.free();
    heap.free(ws.memory.address);
    ws.memory.address = 0;
    expect(prepared).toThrow(MemoryError);
    expect(() => run(machine, winograd.forward[4], problem)).toThrow(MemoryError);
    for (const { memory } of [xs, biases, out]) heap.free(memory.address);
    expect([heap.blocks, heap.bytes]).toEqual([blocks, bytes]);
  });
});

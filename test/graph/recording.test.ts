/** Recordings: the methods of a device that they replace, and put back. */
import { setFlagsFromString } from 'node:v8';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../src/backends/backend.js';
import { checkCalls } from '../../src/backends/checked/index.js';
import { OUTPUTS } from '../../src/backends/primitives.js';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { replaceEntries, wrapPrimitives } from '../../src/backends/wrapped.js';
import { trace, traceDry } from '../../src/graph/trace.js';
import { compile, F, GraphError, getDevice, L, np, Variable, type VariableLike } from '../../src/index.js';
import { isRecording } from '../../src/ndarray/recording.js';

const MEMORY = ['alloc', 'free', 'write', 'read', 'readSync', 'slice'] as const;
const NAMES = [...Object.keys(OUTPUTS), ...MEMORY] as (keyof Backend)[];

/** The functions of a device by their names. */
const entriesOf = (device: Backend) => NAMES.map((name) => [name, device[name]] as const);

setFlagsFromString('--allow-natives-syntax');
const hasFastProperties: (object: object) => boolean = Function('o', 'return %HasFastProperties(o)') as never;
setFlagsFromString('--no-allow-natives-syntax');

const x = np.array([[1, -2, 3]]);

describe('a recording', () => {
  it('puts every entry of the device back', () => {
    const device = getDevice('wasm');
    const before = entriesOf(device);
    compile((v: VariableLike) => F.relu(v), [x]);
    expect(entriesOf(device)).toEqual(before);
  });

  it('puts every entry back when the program throws, and when it is refused', () => {
    const device = getDevice('wasm');
    const before = entriesOf(device);
    const failing = () => {
      throw new RangeError('by the program');
    };
    expect(() => compile((v: VariableLike) => failing() ?? v, [x])).toThrow('by the program');
    expect(() =>
      compile((v: VariableLike) => F.mul(v, (v as Variable).array.dataSync()[0]), [new Variable(x)]),
    ).toThrow(GraphError);
    expect(() => traceDry([x], device, failing)).toThrow('by the program');
    expect(entriesOf(device)).toEqual(before);
    expect(isRecording()).toBe(false);
  });

  it('leaves the device its fast properties', () => {
    const device = getDevice('wasm');
    expect(hasFastProperties({})).toBe(true);
    const model = new L.Linear(3, 2);
    for (let i = 0; i < 3; i++) compile(model, [x]);
    traceDry([x], device, (inputs) => inputs);
    expect(hasFastProperties(device)).toBe(true);
  });

  it('records under checked mode, which goes on afterwards', () => {
    const device = createWasmBackend();
    checkCalls(device, null);
    const before = entriesOf(device);
    const memory = device.alloc(2, 'float32');
    const tensor = { shape: [2], dtype: 'float32', memory } as const;
    const { graph } = trace([], device, () => {
      device.fill(tensor, 1);
      expect(() => device.unary('relu', tensor, { ...tensor, shape: [3] })).toThrow('checked mode: unary');
      return { arrays: [] };
    });
    expect(graph.nodes.map(({ op }) => op)).toEqual(['fill', 'unary']);
    expect(entriesOf(device)).toEqual(before);
    expect(() => device.unary('relu', tensor, { ...tensor, shape: [3] })).toThrow('checked mode: unary');
    expect(hasFastProperties(device)).toBe(true);
  });

  it('lies over another recording, which sees its calls', () => {
    const device = getDevice('wasm');
    const seen: string[] = [];
    const outer = trace([x], device, () => {
      const inner = trace([x], device, () => ({ arrays: [np.negative(x)] }));
      seen.push(...inner.graph.nodes.map(({ op }) => op));
      return inner.result;
    });
    expect(outer.graph.nodes.map(({ op }) => op)).toEqual(seen);
    expect(seen).toEqual(['unary']);
  });
});

describe('entries of a device', () => {
  it('are replaced one over the other, and put back in the other order', () => {
    const device = createWasmBackend();
    const own = device.fill;
    const [first, second] = [() => {}, () => {}];
    const restoreFirst = replaceEntries(device, { fill: first });
    const restoreSecond = replaceEntries(device, { fill: second });
    expect(device.fill).toBe(second);
    restoreSecond();
    expect(device.fill).toBe(first);
    restoreFirst();
    expect(device.fill).toBe(own);
  });

  it('can be wrapped: the wrapper passes arguments on, or changes them', () => {
    const device = createWasmBackend();
    const out = { shape: [2], dtype: 'float32', memory: device.alloc(2, 'float32') } as const;
    const calls: unknown[] = [];
    const wrapped = wrapPrimitives(device, (primitive, args, run) => {
      calls.push([primitive, args]);
      run(args);
    });
    wrapped.fill?.(out, 3);
    expect(calls).toEqual([['fill', [out, 3]]]);
    expect([...device.readSync(out.memory)]).toEqual([3, 3]);
  });
});

/**
 * Arrays as text. Oracle: NumPy's output for the same numbers, recorded in test/fixtures/printing by its generate.py.
 */
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { compile, F, getDevice, L, MemoryError, np, ValueError, Variable, type VariableLike } from '../../src/index.js';
import { hostArray } from '../../src/ndarray/dtype.js';
import { fromHost } from '../../src/ndarray/ndarray.js';

interface Case {
  dtype: np.DType;
  shape: number[];
  data: (number | string)[] | 'arange';
  options: np.PrintOptions;
  repr: string;
  str: string;
}

const { cases }: { cases: Case[] } = JSON.parse(readFileSync('test/fixtures/printing/numpy.json', 'utf8'));

const NUMBERS: Record<string, number> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  '-0': -0,
};

function arrayOf({ dtype, shape, data }: Case): np.NDArray {
  const host = hostArray(
    dtype,
    shape.reduce((size, n) => size * n, 1),
  );
  if (data === 'arange') for (let i = 0; i < host.length; i++) host[i] = i;
  else
    data.forEach((value, i) => {
      host[i] = typeof value === 'string' ? NUMBERS[value] : value;
    });
  return fromHost(host, shape, dtype);
}

test.each(cases.map((c, i) => [i, c.dtype, JSON.stringify(c.options), c] as const))(
  'NumPy, case %i: %s %s',
  (_i, _dtype, _options, c) => {
    const x = arrayOf(c);
    // Booleans are JavaScript's.
    const [repr, str] = [c.repr, c.str].map((text) => (c.dtype === 'bool' ? text.toLowerCase() : text));
    expect(np.array2string(x, { separator: ', ', prefix: 'array(', suffix: ')', ...c.options })).toBe(repr);
    expect(np.arrayStr(x, c.options)).toBe(str);
  },
);

describe('arrays in consoles', () => {
  const x = np.array([
    [1, 2.5],
    [-3, 4],
  ]);
  const text = 'array([[ 1. ,  2.5],\n       [-3. ,  4. ]], shape=(2, 2), dtype=float32)';

  test('is one text: String, templates, util.inspect, print', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    x.print();
    expect(log.mock.calls).toEqual([[text]]);
    log.mockRestore();
    for (const shown of [String(x), `${x}`, x.toString(), inspect(x), inspect(x, { colors: true }), np.arrayRepr(x)])
      expect(shown).toBe(text);
    expect(Reflect.get(x, Symbol.for('Deno.customInspect')).call(x)).toBe(text);
  });

  test('in objects: aligned at their depth, and in brief where Node goes no deeper', () => {
    expect(inspect({ x })).toBe(`{\n  x: ${text.replace('\n', '\n  ')}\n}`);
    expect(inspect({ a: { b: { c: { x } } } }, { depth: 2 })).toContain('[Object]');
    expect(inspect({ a: { b: { c: x } } }, { depth: 1 })).toMatch(/\[NDArray\]|\[Object\]/);
    expect(inspect([x], { depth: 0 })).toBe('[ [NDArray] ]');
  });

  test('booleans are those of JavaScript, and the dtype goes to a line of its own where a line is full', () => {
    expect(String(np.array([true, false]))).toBe('array([ true, false], shape=(2,), dtype=bool)');
    expect(String(np.array(true))).toBe('array(true, shape=(), dtype=bool)');
    const long = String(np.zeros([15]));
    expect(long.split('\n')).toHaveLength(2);
    expect(long.split('\n')[1]).toBe('      shape=(15,), dtype=float32)');
  });

  test('a large array is summarised without a copy of it as text', () => {
    expect(String(np.zeros([1000, 1000])).length).toBeLessThan(500);
    expect(String(np.zeros([1000, 1000]))).toContain('shape=(1000, 1000)');
  });

  test('freed arrays say so', () => {
    const freed = np.ones([2, 3]);
    freed[Symbol.dispose]();
    expect(inspect(freed)).toBe('array(freed, shape=(2, 3), dtype=float32)');
    expect(inspect(new Variable(freed, { name: 'h' }))).toBe('variable(freed, shape=(2, 3), dtype=float32, name=h)');
    expect(() => JSON.stringify(freed)).toThrow(MemoryError);
  });

  test('arrays of a computation that is recorded are not read', () => {
    const texts: string[] = [];
    const read = vi.spyOn(getDevice('wasm'), 'readSync');
    const net = compile(
      (input: VariableLike) => {
        const y = F.relu(input);
        texts.push(inspect(y), String(y.array), inspect(np.ones([2])));
        return y;
      },
      [new Variable(np.ones([1, 2]))],
    );
    expect(read).not.toHaveBeenCalled();
    read.mockRestore();
    for (const shown of texts) expect(shown).toContain('known when the model that is being compiled runs');
    expect(net(new Variable(np.array([[-1, 3]]))).tolist()).toEqual([[0, 3]]);
  });
});

describe('variables', () => {
  test('show values, name and creator', () => {
    const x = new Variable(np.array([-1, 2]), { name: 'x' });
    expect(String(x)).toBe('variable([-1.,  2.], shape=(2,), dtype=float32, name=x)');
    expect(inspect(F.relu(x))).toBe('variable([0., 2.], shape=(2,), dtype=float32, creator=ReLU)');
  });

  test('parameters show their names, also before they have a shape', () => {
    const { W, b } = new L.Linear(null, 2);
    expect(String(b)).toBe('parameter([0., 0.], shape=(2,), dtype=float32, name=b)');
    expect(inspect(W)).toBe('parameter(no data yet, name=W)');
    expect(JSON.stringify({ W, b })).toBe('{"W":null,"b":[0,0]}');
  });
});

test('JSON has all elements, however many', () => {
  const x = np.arange(2400).reshape(2, 30, 40);
  expect(JSON.parse(JSON.stringify({ x })).x).toEqual(x.tolist());
  expect(JSON.stringify(np.array(3))).toBe('3');
  expect(JSON.stringify(np.zeros([0, 2]))).toBe('[]');
});

describe('options', () => {
  const before = np.getPrintoptions();
  afterEach(() => np.setPrintoptions(before));

  test('hold until they are set again', () => {
    np.setPrintoptions({ precision: 2, threshold: 4, edgeitems: 1 });
    expect(np.getPrintoptions()).toEqual({ ...before, precision: 2, threshold: 4, edgeitems: 1 });
    expect(np.arrayStr(np.array([1 / 3, 1, 2, 3, 4]))).toBe('[0.33 ... 4.  ]');
  });

  test('that do not exist, or cannot be, are refused', () => {
    // @ts-expect-error there is no such option
    expect(() => np.setPrintoptions({ digits: 3 })).toThrow(TypeError);
    expect(() => np.setPrintoptions({ precision: -1 })).toThrow(ValueError);
    expect(np.getPrintoptions()).toEqual(before);
  });
});

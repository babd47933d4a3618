/**
 * Mistakes with compiled models that JavaScript lets through and TypeScript would catch. Oracle: the messages of the
 * errors.
 */
import { describe, expect, it } from 'vitest';
import {
  Chain,
  compile,
  DTypeError,
  F,
  GraphError,
  L,
  np,
  parseOnnx,
  RensaError,
  readOnnx,
  ShapeError,
  serializers,
  usingConfig,
  Variable,
  type VariableLike,
} from '../../src/index.js';

const x = np.array([[1, -2, 3]]);

/** What JavaScript users write: no types are checked. */
const untyped = compile as (...args: unknown[]) => (...args: unknown[]) => unknown;

const cyclic = (v: unknown) => {
  const inner: Record<string, unknown> = { v };
  inner.self = inner;
  return { inner };
};

class Forgetful extends Chain {
  fc = new L.Linear(3, 2);
  forward(v: VariableLike): void {
    this.fc(v);
  }
}

class Later extends Chain {
  fc = new L.Linear(3, 2);
  async forward(v: VariableLike): Promise<Variable> {
    return this.fc(v);
  }
}

describe('results of a compiled function', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', new Forgetful(), /the result of Forgetful\.forward is undefined, expected an array.*return missing/],
    ['nothing, of an arrow function', () => {}, /the result of the function is undefined.*return missing/],
    ['null', () => null, /is null/],
    ['a number', () => 3, /is 3, expected an array/],
    ['a number in a record in a list', (v: unknown) => [v, { n: 3 }], /'1\.n' of the result of the function is 3/],
    ['undefined in a record', (v: unknown) => ({ v, loss: undefined }), /'loss' of .* is undefined/],
    ['a link', () => new L.Linear(3, 2, { initialW: 1 }), /is a Linear/],
    ['a function', () => F.relu, /is the function relu/],
    ['a Map', (v: unknown) => new Map([['v', v]]), /is a Map/],
    ['a Set', (v: unknown) => ({ s: new Set([v]) }), /'s' of .* is a Set/],
    ['a typed array', () => Float32Array.of(1), /is a Float32Array/],
    ['a record that holds itself', cyclic, /'inner\.self' of .* is what it is part of/],
    ['an empty record', () => ({}), /without any array/],
    [
      'a generator',
      function* (v: unknown) {
        yield v;
      },
      /expected an array/,
    ],
    ['a promise', new Later(), /Later\.forward is a Promise.*synchronous/],
    ['a promise in a record', (v: unknown) => ({ y: Promise.resolve(v) }), /'y' of .* is a Promise/],
  ])('cannot be %s', (_, target, words) => {
    expect(() => untyped(target, [x])).toThrow(GraphError);
    expect(() => untyped(target, [x])).toThrow(words);
  });

  it('may be lists and records of any depth', () => {
    const f = (v: VariableLike) => ({ maps: [F.relu(v), { low: F.neg(v), none: [] }], v });
    const { maps, v } = compile(f, [x])(x);
    const [high, rest] = maps as readonly [np.NDArray, { low: np.NDArray; none: unknown[] }];
    expect([high.tolist(), rest.low.tolist(), rest.none, v.tolist()]).toEqual([
      [[1, 0, 3]],
      [[-1, 2, -3]],
      [],
      x.tolist(),
    ]);
  });

  it('leaves no rejected promise behind', async () => {
    const refused: unknown[] = [];
    const listen = (reason: unknown) => refused.push(reason);
    process.on('unhandledRejection', listen);
    const failing = async () => {
      throw new Error('later');
    };
    expect(() => untyped(failing, [x])).toThrow(GraphError);
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', listen);
    expect(refused).toEqual([]);
  });
});

describe('the arguments of compile', () => {
  it.each<[string, unknown[], RegExp]>([
    ['no list of examples', [F.relu, x], /the examples are an? NDArray, expected a list: compile\(model, \[x\]\)/],
    ['no examples', [F.relu], /the examples are undefined/],
    ['a class', [Forgetful, [x]], /the class Forgetful, expected a link: new Forgetful/],
    ['an object', [{ forward: F.relu }, [x]], /an object \{ forward \}/],
    ['nothing', [undefined, [x]], /the target is undefined/],
    ['an option that is not known', [F.relu, [x], { weight: 'int8' }], /no option 'weight'.*weights/],
    ['a promise of an example', [F.relu, [Promise.resolve(x)]], /input 0 is a Promise/],
    ['an example that is undefined', [F.add, [x, undefined]], /input 1 is undefined/],
  ])('cannot be %s', (_, args, words) => {
    expect(() => untyped(...args)).toThrow(TypeError);
    expect(() => untyped(...args)).toThrow(words);
  });

  it('an unknown weight format is refused with the known ones', () => {
    expect(() => untyped(new L.Linear(3, 2), [x], { weights: 'int4' })).toThrow(/float32, float16, int8, not as int4/);
    expect(() => untyped(F.relu, [])).toThrow(ShapeError);
  });
});

describe('calls', () => {
  const model = new L.Linear(3, 2);
  const predict = compile(model, [x]) as ReturnType<typeof untyped> & { into(...args: unknown[]): void };
  const sum = untyped((a: VariableLike, b: VariableLike) => F.add(a, b), [x, x]);

  it('take arrays, variables, and lists of numbers', () => {
    const want = usingConfig('train', false, () => model(x).array.tolist());
    const foreign = { data: Float32Array.of(1, -2, 3), shape: [1, 3] };
    const results = [x, new Variable(x), [[1, -2, 3]], [Float32Array.of(1, -2, 3)], foreign].map((v) => predict(v));
    for (const y of results) expect((y as np.NDArray).tolist()).toEqual(want);
    expect((sum([[1, 2, 3]], x) as np.NDArray).tolist()).toEqual([[2, 0, 6]]);
    const y = np.zeros([1, 2]);
    predict.into(y, [[1, -2, 3]]);
    expect(y.tolist()).toEqual(want);
  });

  it('give back the arrays that they make of lists', () => {
    (predict([[1, 2, 3]]) as np.NDArray)[Symbol.dispose]();
    const before = np.memory().arrays;
    for (let i = 0; i < 50; i++) (predict([[1, 2, i]]) as np.NDArray)[Symbol.dispose]();
    expect(np.memory().arrays).toBe(before);
  });

  it.each<[string, unknown[], RegExp]>([
    ['undefined', [undefined], /input 0 is undefined, expected numbers, lists or arrays/],
    ['a promise', [Promise.resolve(x)], /input 0 is a Promise/],
    ['a text', ['x'], /input 0 is the text 'x'/],
    ['an object', [{ a: 1 }], /input 0 is an object \{ a \}/],
  ])('refuse %s', (_, args, words) => {
    expect(() => predict(...args)).toThrow(TypeError);
    expect(() => predict(...args)).toThrow(words);
  });

  it('refuse another number of inputs', () => {
    expect(() => predict()).toThrow(/0 inputs, expected 1/);
    expect(() => predict(x, x)).toThrow(ShapeError);
    expect(() => sum(x)).toThrow(/1 inputs, expected 2/);
    expect(() => sum(x, x, x)).toThrow(/3 inputs, expected 2/);
  });

  it('name the input that is unlike before, where the model does not take it', () => {
    predict(x);
    const failure = (fn: () => unknown): RensaError => {
      try {
        fn();
      } catch (error) {
        if (error instanceof RensaError) return error;
      }
      return expect.fail('no error');
    };
    const dtype = failure(() => predict(np.ones([1, 3], 'int32')));
    expect(dtype).toBeInstanceOf(DTypeError);
    expect(dtype.message).toContain('input 0 of the compiled model is int32 (1,3), in the call before float32 (1,3)');
    const shape = failure(() => predict(np.ones([1, 5])));
    expect(shape).toBeInstanceOf(ShapeError);
    expect(shape.message).toMatch(/linear: .*; input 0 of the compiled model is float32 \(1,5\)/);
    expect(shape.cause).toBeInstanceOf(ShapeError);
    const second = failure(() => sum(x, np.ones([1, 4])));
    expect(second.message).toContain('input 1 of the compiled model is float32 (1,4)');
    expect(second.message).not.toContain('input 0 of');
  });

  it('of a graph itself are of arrays that it is made for', () => {
    const graph = compile(F.relu as (v: VariableLike) => Variable, [x]).graphFor(x);
    for (const wrong of [[], [np.ones([1, 2])], [np.ones([1, 3], 'int32')], [[[1, 2, 3]]], [undefined]])
      expect(() => graph.run(wrong as np.NDArray[])).toThrow(ShapeError);
    expect(() => graph.run([np.ones([1, 2])])).toThrow(
      /inputs are float32 \(1,2\) on 'wasm', expected float32 \(1,3\)/,
    );
    expect(() => graph.rerun([np.ones([9, 9])])).toThrow(ShapeError);
    expect(() => graph.runInto([np.zeros([1, 3])], [np.ones([9, 9])])).toThrow(ShapeError);
  });
});

describe('ONNX', () => {
  const predict = compile((v: VariableLike) => ({ v1: F.exp(F.add(F.relu(v), 1)), c0: F.mul(v, 2) }), [x]);
  const toOnnx = (options: object) => predict.toOnnx(options);

  it('names the values between inputs and outputs', () => {
    const loaded = readOnnx(toOnnx({ inputNames: ['v0'] }));
    const { v1, c0 } = loaded.run({ v0: x });
    expect(c0.tolist()).toEqual([[2, -4, 6]]);
    for (const [i, v] of [2, 1, 4].entries()) expect(v1.dataSync()[i]).toBeCloseTo(Math.exp(v), 4);
    const names = parseOnnx(toOnnx({ inputNames: ['v0'] })).nodes.flatMap(({ outputs }) => outputs);
    expect(new Set([...names, 'v0']).size).toBe(names.length + 1);
  });

  it('refuses options that are not known, and names that are there twice', () => {
    expect(() => toOnnx({ opset: 13 })).toThrow(/no option 'opset'/);
    expect(() => toOnnx({ inputNames: 'x' })).toThrow(/inputNames is the text 'x', expected a list/);
    expect(() => toOnnx({ inputNames: ['a', 'b'] })).toThrow(/2 names for 1 inputs/);
    expect(() => toOnnx({ inputNames: ['v1'] })).toThrow(/named 'v1'/);
    expect(() => toOnnx({ outputNames: ['a', 'a'] })).toThrow(/named 'a'/);
  });

  it('writes an input that is an output under its own name', async () => {
    const both = compile((v: VariableLike) => ({ x: v, y: F.neg(v) }), [x]);
    const bytes = both.toOnnx({ inputNames: ['x'] });
    for (const file of [bytes, await readOnnx(bytes).toOnnx([x])]) {
      const { nodes, outputs } = parseOnnx(file);
      expect([nodes.length, outputs.map(({ name }) => name)]).toEqual([1, ['x', 'y']]);
      const got = readOnnx(file).run({ x });
      expect([got.x.tolist(), got.y.tolist()]).toEqual([[[1, -2, 3]], [[-1, 2, -3]]]);
    }
  });

  it('is written of compiled models, and read with options that there are', async () => {
    const model = new L.Linear(3, 2) as unknown as typeof predict;
    await expect(serializers.saveOnnx('never.onnx', model)).rejects.toThrow(
      /a Linear is given, expected a compiled model/,
    );
    const options: object = { weight: 'int8' };
    await expect(serializers.loadOnnx(predict.toOnnx(), options)).rejects.toThrow(/no option 'weight'/);
  });
});

describe('a compiled model inside a function that is being compiled', () => {
  it('is refused when it is called, made, or filled: its result would be a constant', () => {
    const inner = compile((v: VariableLike) => F.mul(v, 2), [x]);
    const out = inner(x);
    const refused = /compiled model was made or called inside a function that is being compiled/;
    expect(() => compile((v: VariableLike) => inner(F.add(v, 1)), [x])).toThrow(GraphError);
    expect(() => compile((v: VariableLike) => inner(F.add(v, 1)), [x])).toThrow(refused);
    expect(() => compile((v: VariableLike) => compile((w: VariableLike) => F.mul(w, 2), [v])(v), [x])).toThrow(refused);
    const filling = (v: VariableLike) => {
      inner.into(out, v);
      return out;
    };
    expect(() => compile(filling, [x])).toThrow(refused);
    expect(inner(x).tolist()).toEqual([[2, -4, 6]]);
  });
});

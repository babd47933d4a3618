/** Names in a file are data: names of properties that every object has, empty names, and repeated names. */
import { describe, expect, test } from 'vitest';
import type { OnnxNode } from '../../../src/formats/onnx/model.js';
import {
  compile,
  compileOnnx,
  F,
  FormatError,
  np,
  parseOnnx,
  readOnnx,
  ValueError,
  type VariableLike,
} from '../../../src/index.js';
import { floats, modelOf, node, value } from '../../support/onnx-model.js';

const NAMES = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];
const x = np.array([1, -2]);
/** A record of own properties, as JSON.parse makes it. */
const record = <T>(...entries: [string, T][]): Record<string, T> => Object.fromEntries(entries);

describe.each(NAMES)('%s', (name) => {
  test('is the name of an input', () => {
    using model = readOnnx(
      modelOf({ nodes: [node('Relu', [name], ['y'])], inputs: [value(name, [2])], outputs: ['y'] }),
    );
    expect(model.run(record([name, x])).y.tolist()).toEqual([1, 0]);
    expect(() => model.run({})).toThrow(ValueError);
    expect(() => model.run({})).toThrow(`input '${name}' is missing; given are none`);
  });

  test('is the name of an output', () => {
    using model = readOnnx(
      modelOf({ nodes: [node('Relu', ['x'], [name])], inputs: [value('x', [2])], outputs: [name] }),
    );
    const results = model.run({ x });
    expect(Object.keys(results)).toEqual([name]);
    expect(Object.entries(results)[0][1].tolist()).toEqual([1, 0]);
  });

  test('is the name of an initializer, and of a value without a reader', () => {
    using model = readOnnx(
      modelOf({
        nodes: [node('Add', ['x', name], ['y'])],
        inputs: [value('x', [2])],
        outputs: ['y'],
        tensors: record([name, floats([2], [10, 20])]),
      }),
    );
    expect(model(x).tolist()).toEqual([11, 18]);
  });

  test('is the name of a length', () => {
    using model = readOnnx(
      modelOf({ nodes: [node('Relu', ['x'], ['y'])], inputs: [value('x', [name])], outputs: ['y'] }),
    );
    expect(model.inputs[0].shape).toEqual([name]);
    expect(model(x).tolist()).toEqual([1, 0]);
  });

  test('is not an operator, a domain or a mode', () => {
    const relu = node('Relu', ['x'], ['y']);
    const inputs = [value('x', [1, 1, 2, 2])];
    const tensors = { s: floats([4], [1, 1, 2, 2]) };
    const parsed = parseOnnx(modelOf({ nodes: [relu], inputs, outputs: ['y'], tensors, opset: 11 }));
    const open = (node: OnnxNode) => () => compileOnnx({ ...parsed, nodes: [node] });
    const resize = (key: string) => node('Resize', ['x', '', 's'], ['y'], { [key]: name });
    const pad = node('Pad', ['x'], ['y'], { mode: name, pads: [0, 0, 0, 0, 1, 1, 1, 1] });
    expect(open({ ...relu, op: name })).toThrow('this operator is not supported');
    expect(open({ ...relu, domain: name })).toThrow('this operator is not supported');
    expect(open(pad)).toThrow(`mode '${name}' is not supported`);
    expect(open(resize('mode'))).toThrow(`mode '${name}' is not supported`);
    expect(open(resize('coordinate_transformation_mode'))).toThrow(`coordinates '${name}' are not supported`);
    expect(open(resize('nearest_mode'))).toThrow(`rounding '${name}' is not supported`);
    expect(open(pad)).toThrow(FormatError);
  });

  test('is an attribute without a meaning', () => {
    const open = (op: string, inputs: string[]) =>
      readOnnx(
        modelOf({
          nodes: [node(op, inputs, ['y'], record([name, 1]))],
          inputs: [value('x', [1, 1, 2, 2])],
          outputs: ['y'],
          tensors: { w: floats([1, 1, 1, 1], [1]) },
        }),
      );
    open('Relu', ['x']).free();
    expect(() => open('Conv', ['x', 'w'])).toThrow(`attribute '${name}' is not supported`);
  });

  test('is written and read again', () => {
    using predict = compile((x: VariableLike) => record([name, F.relu(x)]), [x]);
    expect(Object.keys(predict(x))).toEqual([name]);
    const bytes = predict.toOnnx({ inputNames: [`${name}.in`], name });
    using model = readOnnx(bytes);
    const results = model.run(record([`${name}.in`, x]));
    expect(Object.entries(results).map(([key, y]) => [key, y.tolist()])).toEqual([[name, [1, 0]]]);
  });
});

describe('names that come twice', () => {
  const inputs = [value('x', [2])];
  const outputs = ['y'];
  const relu = node('Relu', ['x'], ['y']);
  const open = (parts: Partial<Parameters<typeof modelOf>[0]>) => () =>
    readOnnx(modelOf({ nodes: [relu], inputs, outputs, ...parts }));

  test.each([
    ['two inputs', { inputs: [value('x', [2]), value('x', [3])] }, "two inputs are named 'x'"],
    ['two nodes', { nodes: [relu, node('Neg', ['x'], ['y'])] }, "output 0 ('y') is there already"],
    ['a node and an input', { nodes: [node('Neg', ['x'], ['x']), relu] }, "output 0 ('x') is there already"],
    [
      'a node and an initializer',
      { nodes: [node('Neg', ['x'], ['w']), node('Add', ['x', 'w'], ['y'])], tensors: { w: floats([2], [1, 2]) } },
      "output 0 ('w') is there already",
    ],
    ['outputs of one node', { nodes: [node('Split', ['x'], ['y', 'y'])] }, "output 1 ('y') is there already"],
  ])('%s', (_, parts, message) => {
    expect(open(parts)).toThrow(FormatError);
    expect(open(parts)).toThrow(message);
  });

  test('two outputs are the same value', () => {
    using model = open({ outputs: ['y', 'y'] })();
    expect(model.run({ x }).y.tolist()).toEqual([1, 0]);
  });
});

describe('values that no node computes', () => {
  const inputs = [value('x', [2])];
  test.each([
    ['a name that is nowhere', [node('Add', ['x', 'v'], ['y'])]],
    ['one that a later node computes', [node('Add', ['x', 'v'], ['y']), node('Relu', ['x'], ['v'])]],
    ['one that depends on itself', [node('Add', ['x', 'y'], ['y'])]],
    ['two that depend on each other', [node('Add', ['x', 'v'], ['y']), node('Add', ['x', 'y'], ['v'])]],
  ])('%s', (_, nodes) => {
    expect(() => readOnnx(modelOf({ nodes, inputs, outputs: ['y'] }))).toThrow(/is used before anything computes it/);
  });

  test.each([['v'], ['']])("an output '%s'", (name) => {
    const bytes = modelOf({ nodes: [node('Relu', ['x'], ['y'])], inputs, outputs: [name] });
    expect(() => readOnnx(bytes)).toThrow(FormatError);
  });

  test('an input without a name is not a value for nodes', () => {
    using model = readOnnx(
      modelOf({ nodes: [node('Relu', ['x'], ['y'])], inputs: [...inputs, value('', [1])], outputs: ['y'] }),
    );
    expect(model.run({ x, '': np.ones([1]) }).y.tolist()).toEqual([1, 0]);
  });
});

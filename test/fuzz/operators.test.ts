/** The fuzzers themselves: they reach every operator and function, and a number repeats a case. */
import { expect, test } from 'vitest';
import { OPERATORS } from '../../src/graph/onnx/operators/index.js';
import { LAYERS } from '../../src/links/model/caffe-layers.js';
import { LAYER_TYPES } from './caffe-case.js';
import { OPERATOR_CASES } from './graph-operators.js';

test('graphs draw every operator that is read', () => {
  expect(Object.keys(OPERATOR_CASES).sort()).toEqual([...OPERATORS.keys()].sort());
});

test('nets of Caffe draw every type of layer that is emulated', () => {
  expect([...LAYERS.keys()].filter((type) => !LAYER_TYPES.includes(type))).toEqual([]);
});

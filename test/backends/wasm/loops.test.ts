/** The compiler keeps a loop for each elementwise operation: folded into one, they would ask for the operation in each turn. */
import { readFileSync } from 'node:fs';
import binaryen from 'assemblyscript/binaryen';
import { expect, test } from 'vitest';
import { BINARY_OPS, UNARY_OPS } from '../../../src/backends/ops.js';

const module = binaryen.readBinary(readFileSync('src/backends/wasm/generated/relaxed.wasm'));
module.setFeatures(binaryen.Features.All);
const text = module.emitText();

/** The text of each function, by its name in the module. */
const functions = new Map(
  text
    .split('\n (func ')
    .slice(1)
    .map((body) => [body.slice(0, body.indexOf(' ')), body]),
);

/** The loops of a function and of those that it calls. */
function loopsOf(name: string, seen = new Set<string>()): number {
  if (seen.has(name)) return 0;
  seen.add(name);
  const body = functions.get(name) ?? '';
  const callees = [...body.matchAll(/\(call (\S+)/g)].map(([, callee]) => callee);
  return callees.reduce((sum, callee) => sum + loopsOf(callee, seen), [...body.matchAll(/\(loop/g)].length);
}

test.each([
  ['unaryF32', UNARY_OPS.length],
  ['unaryF64', UNARY_OPS.length],
  ['binaryF32', BINARY_OPS.length],
  ['binaryF64', BINARY_OPS.length],
  ['binaryI32', BINARY_OPS.length - 4], // `divide` and `arctan2`, `sigmoidGrad`, `tanhGrad` have none of their own
  ['binaryU8', BINARY_OPS.length - 4],
])('%s has a loop for each operation', (kernel, operations) => {
  const [, name] = text.match(new RegExp(`\\(export "${kernel}" \\(func (\\S+)\\)\\)`)) ?? [];
  expect(loopsOf(name)).toBeGreaterThanOrEqual(operations);
});

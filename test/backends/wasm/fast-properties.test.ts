/** The backend's object keeps fast properties, which engines read without a look-up by name. */
import { setFlagsFromString } from 'node:v8';
import { expect, test } from 'vitest';
import type { Backend } from '../../../src/backends/backend.js';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';

setFlagsFromString('--allow-natives-syntax');
const hasFastProperties: (object: object) => boolean = Function('o', 'return %HasFastProperties(o)') as never;
setFlagsFromString('--no-allow-natives-syntax');

/** The functions of a device, by name. */
const functionsOf = (device: Backend) => Object.entries(device).filter(([, member]) => typeof member === 'function');

test.each([1, 2, 3])('backend %i has fast properties, also after its members were exchanged and put back', () => {
  const device = createWasmBackend();
  expect(hasFastProperties(device)).toBe(true);
  const functions = functionsOf(device);
  expect(functions.length).toBeGreaterThan(30);
  Object.assign(device, Object.fromEntries(functions.map(([name]) => [name, () => {}])));
  expect(hasFastProperties(device)).toBe(true);
  Object.assign(device, Object.fromEntries(functions));
  expect(hasFastProperties(device)).toBe(true);
  expect(functionsOf(device)).toEqual(functions);
});

test('the limit of memory is an accessor, which a backend does not share', () => {
  const [one, other] = [createWasmBackend(), createWasmBackend()];
  const before = other.maxMemory;
  one.maxMemory = 2 ** 28;
  expect(one.maxMemory).toBe(2 ** 28);
  expect(other.maxMemory).toBe(before);
  expect(one.machine.heap.limit).toBe(2 ** 28);
});

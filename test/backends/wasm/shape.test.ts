/** The backend's object keeps fast properties, which engines read without a look-up by name. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Prints whether the wasm device has fast properties, while a step of its life passes. */
const PROGRAM = `
import { np } from './dist/index.js';
const { device } = np.zeros([1]);
const isFast = () => %HasFastProperties(device);
const seen = [isFast()];
const originals = Object.entries(device).filter(([, member]) => typeof member === 'function');
for (const [name] of originals) device[name] = () => {};
seen.push(isFast());
for (const [name, member] of originals) device[name] = member;
seen.push(isFast(), np.add(np.ones([1]), np.ones([1])).item());
console.log(JSON.stringify(seen));
`;

describe('the wasm backend', () => {
  it('keeps fast properties, also when members were exchanged and put back', () => {
    const printed = execFileSync(
      process.execPath,
      ['--allow-natives-syntax', '--input-type=module', '--eval', PROGRAM],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(printed)).toEqual([true, true, true, 2]);
  });
});

/** MD5 sums. Oracle: Node's crypto. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { md5 } from '../../src/formats/md5.js';
import { RandomState } from '../../src/ndarray/random-state.js';

test('md5 equals that of node:crypto, for every length around its blocks', () => {
  const random = new RandomState(3);
  for (const length of [...Array(200).keys(), 1000, 100_003]) {
    const bytes = random.bytes(length);
    expect(md5(bytes)).toBe(createHash('md5').update(bytes).digest('hex'));
  }
});

/**
 * The host's random streams. Oracle: NumPy's streams, in the fixtures and, where a test quotes them, from NumPy 2.4.
 */
import { describe, expect, test, vi } from 'vitest';
import { ShapeError, ValueError } from '../../src/errors.js';
import { narrow } from '../../src/formats/host-array.js';
import { parseNpz } from '../../src/formats/npz.js';
import { RandomState } from '../../src/ndarray/random-state.js';
import { fixtureBytes, fixtureCases } from '../support/chainer-fixtures.js';
import { present } from '../support/present.js';

interface StreamCase {
  name: string;
  op: string;
  seed: number;
  code: string;
}

/** Each call that the fixtures quote. */
const CALLS: Record<string, (random: RandomState) => ArrayLike<number>> = {
  'random_sample(700)': (random) => random.randomSample(700),
  'uniform(-0.3, 0.7, (3, 4))': (random) => random.uniform(-0.3, 0.7, 12),
  'normal(0.0, 0.5, (3, 5))': (random) => random.normal(0, 0.5, 15),
  'normal(); then normal(1.0, 2.0, 6)': (random) => {
    random.normal();
    return random.normal(1, 2, 6);
  },
  'permutation(23)': (random) => random.permutation(23),
  'permutation(10); permutation(10)': (random) => [...random.permutation(10), ...random.permutation(10)],
  'randint(0, 10, 20)': (random) => random.randint(0, 10, 20),
  'randint(2) ten times': (random) => Array.from({ length: 10 }, () => random.randint(2)),
};

const arrays = parseNpz(fixtureBytes('numpy_random/arrays.npz'));
const wanted = (name: string) => [...narrow(present(arrays.get(`${name}/y`))).data];

describe('draws the numbers of numpy.random.RandomState', () => {
  const cases = fixtureCases<StreamCase>('numpy_random').filter(({ code }) => code in CALLS);

  test('the fixtures quote every call here', () => {
    expect(new Set(cases.map(({ code }) => code))).toEqual(new Set(Object.keys(CALLS)));
  });

  test.each(cases)('$name: $code', ({ name, op, seed, code }) => {
    const got = Array.from(CALLS[code](new RandomState(seed)));
    if (op !== 'normal') return expect(got).toEqual(wanted(name));
    // Logarithms may differ in the last place from one platform to another.
    wanted(name).forEach((value, i) => {
      expect(Math.abs(got[i] - value)).toBeLessThanOrEqual(4 * Number.EPSILON * Math.abs(value));
    });
  });

  test('seeded by arrays', () => {
    expect([...new RandomState([1, 2, 3]).randint(0, 2 ** 31, 5)]).toEqual([
      471850590, 1552691353, 1660851139, 392716381, 2045850693,
    ]);
    expect([...new RandomState([5]).randint(0, 100, 5)]).toEqual([69, 57, 25, 60, 55]);
    const longerThanTheState = Array.from({ length: 700 }, (_, i) => i);
    expect([...new RandomState(longerThanTheState).randint(0, 1000, 5)]).toEqual([704, 956, 79, 854, 959]);
    expect(new RandomState(4294967295).randomSample()).toBe(0.0976320289940138);
  });

  test('randint over all of int32, and below zero', () => {
    expect([...new RandomState(7).randint(-(2 ** 31), 2 ** 31, 5)]).toEqual([
      -1819742033, -1171069756, 1202242073, -777508362, -264530365,
    ]);
    expect([...new RandomState(7).randint(-5, 6, 10)]).toEqual([-1, 4, 1, -2, -2, 2, 2, 4, 2, 3]);
  });

  test('calls in turn', () => {
    const random = new RandomState(3);
    expect(random.standardNormal()).toBeCloseTo(1.7886284734303186, 14);
    expect(random.randomSample()).toBe(0.2909047389129443);
    expect(random.standardNormal()).toBeCloseTo(0.43650985051198943, 14);
    expect([...random.permutation(5)]).toEqual([4, 2, 3, 1, 0]);
    expect(random.randint(1)).toBe(0); // one possibility takes no word
    expect(random.randomSample()).toBe(0.8962930889334381);
  });

  test('bytes and shuffle', () => {
    expect([...new RandomState(9).bytes(10)]).toEqual([126, 225, 167, 2, 92, 81, 77, 93, 126, 218]);
    const letters = [...'abcdefgh'];
    new RandomState(2).shuffle(letters);
    expect(letters.join('')).toBe('ebgcdhfa');
  });

  test('choice', () => {
    expect([...new RandomState(4).choice(10, 6)]).toEqual([7, 5, 1, 8, 7, 8]);
    expect([...new RandomState(4).choice(10, 6, { replace: false })]).toEqual([3, 8, 4, 9, 2, 6]);
    expect([...new RandomState(4).choice(4, 8, { p: [0.1, 0.2, 0.3, 0.4] })]).toEqual([3, 2, 3, 3, 3, 1, 3, 0]);
    const p = [0.1, 0.1, 0.2, 0.2, 0.4];
    expect([...new RandomState(4).choice(5, 4, { replace: false, p })]).toEqual([4, 3, 2, 0]);
  });

  test('the state is NumPy’s', () => {
    const random = new RandomState(12);
    random.standardNormal(3);
    const { key, position, gauss } = random.getState();
    expect([...key.subarray(0, 3), key[623]]).toEqual([2752380201, 991603648, 3240864687, 2150850701]);
    expect(position).toBe(8);
    expect(gauss).toBeCloseTo(-1.7007356340383315, 14);
  });
});

describe('state', () => {
  test('a state taken anywhere is gone on from', () => {
    const random = new RandomState(5);
    random.standardNormal(7);
    const state = random.getState();
    const expected = [...random.standardNormal(700)];
    const other = new RandomState(6);
    other.setState(state);
    expect([...other.standardNormal(700)]).toEqual(expected);
    random.setState(state); // the snapshot has not moved with the stream
    expect([...random.standardNormal(700)]).toEqual(expected);
  });

  test('seed starts again and drops the waiting Gaussian', () => {
    const random = new RandomState(5);
    const first = random.standardNormal();
    random.seed(5);
    expect(random.standardNormal()).toBe(first);
  });

  test('without a seed, entropy is taken at the first draw and no sooner', () => {
    const entropy = vi.spyOn(crypto, 'getRandomValues');
    const random = new RandomState();
    expect(entropy).not.toHaveBeenCalled();
    const drawn = random.randomSample(4);
    expect(entropy).toHaveBeenCalledTimes(1);
    expect([...new RandomState().randomSample(4)]).not.toEqual([...drawn]);
    entropy.mockRestore();
  });
});

describe('many numbers at once', () => {
  /** The polar method, as the paper says it, from a stream of uniform numbers. */
  function polar(random: RandomState, n: number): number[] {
    const values: number[] = [];
    while (values.length < n) {
      const [x, y] = random.randomSample(2).map((u) => 2 * u - 1);
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      values.push(factor * y, factor * x);
    }
    return values.slice(0, n);
  }

  // 624 words are 156 attempts at a pair; an odd word before them makes numbers of the words of two states.
  test.each([
    [0, 1],
    [0, 999],
    [1, 1000],
    [3, 2001],
  ])('after %i words, %i normal numbers are those of the paper', (words, n) => {
    const [ours, naive] = [new RandomState(11), new RandomState(11)];
    for (const random of [ours, naive]) random.bytes(4 * words);
    expect([...ours.normal(0, 1, n)]).toEqual(polar(naive, n));
    expect(ours.normal(3, 0.5, 7)).toHaveLength(7);
  });

  test('in parts they are the same, whatever the parts are', () => {
    const [whole, parts] = [new RandomState(5), new RandomState(5)];
    const expected = whole.normal(-1, 2, 1500);
    const got = [0, 1, 2, 311, 312, 313, 500, 61].flatMap((n) => [...parts.normal(-1, 2, n)]);
    expect(got).toEqual([...expected]);
    expect(parts.randomSample()).toBe(whole.randomSample());
  });

  test('float32 is rounded once', () => {
    const [wide, narrow32] = [new RandomState(6), new RandomState(6)];
    const out = new Float32Array(801);
    narrow32.fillNormal(out, 1, 3);
    expect(out).toEqual(Float32Array.from(wide.normal(1, 3, 801)));
    narrow32.fillUniform(out, -2, 5);
    expect(out).toEqual(Float32Array.from(wide.uniform(-2, 5, 801)));
  });
});

describe('empty draws', () => {
  test('sizes of zero', () => {
    const random = new RandomState(0);
    const sizes = [random.randomSample(0), random.normal(0, 1, 0), random.randint(0, 3, 0), random.permutation(0)];
    expect(sizes.map(({ length }) => length)).toEqual([0, 0, 0, 0]);
    expect(random.bytes(0).length).toBe(0);
    expect(random.choice(3, 0).length).toBe(0);
    random.shuffle([]);
    expect(random.randomSample()).toBe(new RandomState(0).randomSample());
  });
});

describe('refuses', () => {
  const random = new RandomState(0);
  test.each<[string, () => unknown, new () => Error, string]>([
    ['negative seeds', () => new RandomState(-1), ValueError, 'seed -1 is not an integer from 0 to 2^32 - 1'],
    ['large seeds', () => new RandomState(2 ** 32), ValueError, 'seed 4294967296'],
    ['fractions in seeds', () => new RandomState([1, 0.5]), ValueError, 'seed 0.5'],
    ['empty seeds', () => new RandomState([]), ValueError, 'an empty list'],
    ['negative sizes', () => random.randomSample(-1), ShapeError, 'randomSample: size is -1'],
    ['empty ranges', () => random.randint(3, 3), ValueError, 'the range from 3 to 3 is empty'],
    ['ranges beyond int32', () => random.randint(0, 2 ** 31 + 1), ValueError, 'is not one of int32'],
    ['infinite ranges', () => random.uniform(0, Infinity), ValueError, 'is not finite'],
    ['negative scales', () => random.normal(0, -1), ValueError, 'scale -1 is negative'],
    ['choosing from nothing', () => random.choice(0, 1), ValueError, 'something to choose from'],
    ['too many distinct', () => random.choice(3, 4, { replace: false }), ValueError, '4 of 3'],
    ['too many possible', () => random.choice(3, 2, { replace: false, p: [0, 1, 0] }), ValueError, '2 of 1'],
    ['probabilities of others', () => random.choice(3, 1, { p: [1] }), ShapeError, 'got 1'],
    ['probabilities that miss 1', () => random.choice(2, 1, { p: [0.4, 0.4] }), ValueError, 'add up to 0.8'],
    ['negative probabilities', () => random.choice(2, 1, { p: [2, -1] }), ValueError, 'probability -1'],
    ['short states', () => random.setState({ key: new Uint32Array(3), position: 0, gauss: null }), ValueError, 'got 3'],
    [
      'positions beyond the state',
      () => random.setState({ key: new Uint32Array(624), position: 625, gauss: null }),
      ValueError,
      'position 625',
    ],
  ])('%s', (_, call, kind, message) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
  });
});

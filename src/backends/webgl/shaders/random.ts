/**
 * Counter-based random numbers: Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as
 * 1, 2, 3"). The bits are the same on every backend. A texel takes the words of two counters.
 */

import type { RandomKind } from '../../ops.js';
import { sizeOf } from '../../shapes.js';
import type { Kernel } from '../program-cache.js';
import { fragment } from './glsl.js';
import { library } from './math/library.js';
import type { Shader } from './shader.js';

/** Fills `out`: element i is word i & 1 for counter (i >> 1, 0) and key (seed, stream). */
export const random: Shader<'random'> = (painter, kind, seed, stream, out) => {
  if (sizeOf(out.shape) === 0) return;
  painter.draw(KERNELS[kind], { uniforms: { key: [seed >>> 0, stream >>> 0] }, outputs: [out.memory] });
};

/** The rotations of eight rounds, and the key's parity constant. */
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];
const PARITY = '0x1BD11BDAu';
const ROUNDS = 20;

/** After every four rounds, the words of the key are added in turn, with the number of the addition. */
const rounds = Array.from({ length: ROUNDS }, (_, round) => {
  const by = ROTATIONS[round % 8];
  const mix = `  x.x += x.y; x.y = ((x.y << ${by}) | (x.y >> ${32 - by})) ^ x.x;\n`;
  if (round % 4 !== 3) return mix;
  const added = (round + 1) / 4;
  return `${mix}  x += uvec2(keys[${added % 3}], keys[${(added + 1) % 3}] + ${added}u);\n`;
}).join('');

const THREEFRY = `
uniform uvec2 key;
uvec2 threefry(uint counter) {
  uint keys[3] = uint[3](key.x, key.y, ${PARITY} ^ key.x ^ key.y);
  uvec2 x = uvec2(counter, 0u) + key;
${rounds}  return x;
}
`;

const KERNELS = {
  uniform: {
    key: 'random uniform',
    fragment: () =>
      fragment({
        outputs: ['float'],
        body: `${THREEFRY}
void main() {
  uint counter = uint(texel()) << 1;
  out0 = vec4(uvec4(threefry(counter), threefry(counter + 1u)) >> 8) * 5.9604644775390625e-8;
}
`,
      }),
  },
  normal: {
    key: 'random normal',
    fragment: () =>
      fragment({
        outputs: ['float'],
        body: `${library(['logarithm', 'angle'])}${THREEFRY}
// Box–Muller. The angle is reduced in turns, exactly, before the multiplication by π.
vec2 pair(uint counter) {
  vec2 u = vec2((threefry(counter) >> 8) + 1u) * 5.9604644775390625e-8;
  float turns = u.y * 4.0;
  float quadrant = roundEven(turns);
  float r = (turns - quadrant) * 1.57079633;
  vec2 axes = vec2(cosineNear0(r), sineNear0(r));
  int q = int(quadrant) & 3;
  vec2 turned = (q & 1) == 0 ? axes : vec2(-axes.y, axes.x);
  return sqrt(-2.0 * logarithm(u.x)) * ((q & 2) == 0 ? turned : -turned);
}
void main() {
  uint counter = uint(texel()) << 1;
  out0 = vec4(pair(counter), pair(counter + 1u));
}
`,
      }),
  },
} satisfies Record<RandomKind, Kernel>;

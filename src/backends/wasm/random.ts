/** Random numbers, from the kernels of assembly/random/. */
import { CHECKS } from '../operand-checks.js';
import type { Primitives } from '../primitives.js';
import type { Machine } from './machine.js';
import { addressOf } from './memory.js';

export const random = (machine: Machine): Pick<Primitives, 'random'> => ({
  random(kind, seed, stream, out) {
    CHECKS.random(kind, seed, stream, out);
    const { kernels, rows } = machine;
    const kernel = out.dtype === 'float64' ? kernels.randomF64 : kernels.randomF32;
    kernel(Number(kind === 'normal'), seed, stream, addressOf(out), out.memory.size, rows);
  },
});

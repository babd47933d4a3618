/** Matrix products, by the kernels of assembly/gemm/. */
import type { Backend } from '../backend.js';
import { CHECKS } from '../operand-checks.js';
import type { Machine } from './machine.js';
import { Products } from './products.js';

export function gemm(machine: Machine): Required<Pick<Backend, 'matmul' | 'prepareMatmul'>> {
  const products = new Products(machine);
  return {
    matmul(a, b, out, options) {
      CHECKS.matmul(a, b, out, options);
      products.matmul(a, b, out, options);
    },

    prepareMatmul(a, b, out, options, format) {
      CHECKS.matmul(a, b, out, options);
      return products.prepare(a, b, out, options, format);
    },
  };
}

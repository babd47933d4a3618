/** ONNX's activation functions on arrays. */
import { binary, type Operand, unary, where } from '../../../ndarray/elementwise.js';
import { clip } from '../../../ndarray/math.js';
import type { NDArray } from '../../../ndarray/ndarray.js';
import type { Operator } from '../call.js';

/** x where x > 0, and `otherwise` elsewhere. */
const aboveZero = (x: NDArray, below: Operand): NDArray => where(binary('greater', x, 0), x, below);

/** a·(eˣ − 1) for x ≤ 0. A larger x counts as 0, so that eˣ does not overflow. */
const exponential = (x: NDArray, a: number): NDArray => binary('multiply', unary('expm1', binary('minimum', x, 0)), a);

const hardSigmoid = (x: NDArray, alpha: number, beta: number): NDArray =>
  clip(binary('add', binary('multiply', x, alpha), beta), 0, 1);

export const ACTIVATIONS = {
  Elu: (call) => aboveZero(call.input(0), exponential(call.input(0), call.float('alpha', 1))),
  Gelu: (call) => {
    const x = call.input(0);
    const half = binary('multiply', x, 0.5);
    if (call.string('approximate', 'none') === 'tanh') {
      const cubic = binary('multiply', binary('multiply', unary('square', x), x), 0.044715);
      const inner = unary('tanh', binary('multiply', binary('add', x, cubic), Math.sqrt(2 / Math.PI)));
      return binary('multiply', half, binary('add', inner, 1));
    }
    return binary('multiply', half, binary('add', unary('erf', binary('multiply', x, Math.SQRT1_2)), 1));
  },
  HardSigmoid: (call) => hardSigmoid(call.input(0), call.float('alpha', 0.2), call.float('beta', 0.5)),
  HardSwish: (call) => binary('multiply', call.input(0), hardSigmoid(call.input(0), 1 / 6, 0.5)),
  LeakyRelu: (call) => aboveZero(call.input(0), binary('multiply', call.input(0), call.float('alpha', 0.01))),
  Mish: (call) => binary('multiply', call.input(0), unary('tanh', unary('softplus', call.input(0)))),
  PRelu: (call) => aboveZero(call.input(0), binary('multiply', call.input(0), call.input(1))),
  Relu: (call) => unary('relu', call.input(0)),
  Selu: (call) => {
    const x = call.input(0);
    const below = exponential(x, call.float('alpha', 1.6732632423543772));
    return binary('multiply', aboveZero(x, below), call.float('gamma', 1.0507009873554805));
  },
  Sigmoid: (call) => unary('sigmoid', call.input(0)),
  Softplus: (call) => unary('softplus', call.input(0)),
  Softsign: (call) => binary('divide', call.input(0), binary('add', unary('absolute', call.input(0)), 1)),
  Tanh: (call) => unary('tanh', call.input(0)),
} satisfies Record<string, Operator>;

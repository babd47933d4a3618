/** Convolutions and their gradients, by the kernels of assembly/conv/: the cheapest algorithm computes each. */
import type { Backend } from '../../backend.js';
import { CHECKS } from '../../operand-checks.js';
import { NOTHING_TO_DO, prepare, run } from '../calls/call.js';
import type { ConvolutionProblem } from '../calls/convolution.js';
import { plainLoops } from '../calls/plain-loops.js';
import type { Machine } from '../machine.js';
import { fillElements } from '../memory.js';
import { type ConvolutionAlgorithm, chooseAlgorithm, DIRECTIONS, type Direction } from './algorithms.js';
import { type ConvolutionShape, shapeOf } from './shape.js';

/** Options of the choice among algorithms. */
export interface ConvolutionOptions {
  /** The algorithm of each convolution that it applies to. Default: the cheapest for each shape. */
  readonly convolution?: ConvolutionAlgorithm;
  /** Whether Winograd's algorithms may be chosen. Default: true. */
  readonly winograd?: boolean;
}

/** The operand that a call computes. */
type Result = keyof typeof DIRECTIONS;

const NO_EPILOGUE = { bias: null, activation: 'none', residual: null } as const;

/** The family of convolutions. */
export function conv(
  machine: Machine,
  { convolution: forced, winograd = true }: ConvolutionOptions = {},
): Required<Pick<Backend, 'conv2d' | 'prepareConv2d' | 'conv2dGradInput' | 'conv2dGradWeight'>> {
  const allowed = (direction: Direction) =>
    winograd ? direction : direction.filter(({ name }) => !name.startsWith('winograd'));

  const directions = {
    forward: allowed(DIRECTIONS.forward),
    gradInput: allowed(DIRECTIONS.gradInput),
    gradWeight: allowed(DIRECTIONS.gradWeight),
  };

  const choose = (among: Direction, shape: ConvolutionShape) =>
    chooseAlgorithm(among, shape, machine.blocking, forced).kind;

  /** Computes one operand of a convolution from the two others; float32 alone has a choice. */
  const compute = (result: Result, problem: ConvolutionProblem) => {
    const { x, w, y, geometry } = problem;
    const kind = x.dtype === 'float32' ? choose(directions[result], shapeOf(x, w, geometry, y)) : plainLoops[result];
    run(machine, kind, problem);
  };

  return {
    conv2d(x, w, bias, geometry, out, epilogue = {}) {
      CHECKS.conv2d(x, w, bias, geometry, out, epilogue);
      if (out.memory.size === 0) return;
      const { activation = 'none', residual = null } = epilogue;
      compute('forward', { x, w, y: out, geometry, bias, activation, residual });
    },

    prepareConv2d(x, w, bias, geometry, out, epilogue, format) {
      CHECKS.conv2d(x, w, bias, geometry, out, epilogue);
      if (out.memory.size === 0) return NOTHING_TO_DO;
      const { activation = 'none', residual = null } = epilogue;
      const problem = { x, w, y: out, geometry, bias, activation, residual };
      if (out.dtype !== 'float32') return prepare(machine, plainLoops.forward, problem, format);
      const among = directions.forward.filter(({ kind }) => kind.packing?.formats.includes(format) ?? true);
      return prepare(machine, choose(among, shapeOf(x, w, geometry, out, true)), problem, format);
    },

    conv2dGradInput(gy, w, geometry, out) {
      CHECKS.conv2dGradInput(gy, w, geometry, out);
      if (out.memory.size === 0) return;
      if (gy.memory.size === 0 || w.memory.size === 0) fillElements(machine.heap, out, 0);
      else compute('gradInput', { ...NO_EPILOGUE, x: out, w, y: gy, geometry });
    },

    conv2dGradWeight(x, gy, geometry, out) {
      CHECKS.conv2dGradWeight(x, gy, geometry, out);
      if (out.memory.size === 0) return;
      if (gy.memory.size === 0 || x.memory.size === 0) fillElements(machine.heap, out, 0);
      else compute('gradWeight', { ...NO_EPILOGUE, x, w: out, y: gy, geometry });
    },
  };
}

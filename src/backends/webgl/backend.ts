/**
 * The seam, carried out by fragment shaders: memory is handed out and kernels are run; what they compute is written in
 * `shaders/`, one file per family. Knows nothing of gradients or owners.
 */

import { DTypeError } from '../../errors.js';
import type { Backend, Precision, PreparedCall } from '../backend.js';
import { assertBinary, assertUnary } from '../kernel-dtypes.js';
import { CHECKS } from '../operand-checks.js';
import type { ArgReduceOp, BinaryOp, CumulativeOp, RandomKind, ReduceOp, UnaryOp, UpdateRuleName } from '../ops.js';
import type {
  AffineAddend,
  AffineCoefficients,
  Conv2dGeometry,
  DType,
  Epilogue,
  MatmulOptions,
  Memory,
  Pool2dGeometry,
  StridedView,
  Tensor,
  TypedArray,
} from '../primitives.js';
import { Context } from './context.js';
import type { WebglBackendOptions } from './options.js';
import { type Arranging, Painter } from './painter.js';
import { preparedCall } from './prepared.js';
import { Residency } from './residency.js';
import { conv2d, conv2dGradInput } from './shaders/conv/conv.js';
import { conv2dGradWeight } from './shaders/conv/grad-weight.js';
import { addToView } from './shaders/copy/add-to-view.js';
import { copy } from './shaders/copy/copy.js';
import { gather } from './shaders/copy/gather.js';
import { scatterAdd } from './shaders/copy/scatter-add.js';
import { binary } from './shaders/elementwise/binary.js';
import { cast } from './shaders/elementwise/cast.js';
import { unary } from './shaders/elementwise/unary.js';
import { where } from './shaders/elementwise/where.js';
import { type Addends, matmul } from './shaders/gemm/gemm.js';
import { affine, comoments, moments } from './shaders/normalize.js';
import { averagePool2d, averagePool2dGrad, maxPool2d, maxPool2dGather, maxPool2dGrad } from './shaders/pool.js';
import { random } from './shaders/random.js';
import { argReduce } from './shaders/reduce/arg-reduce.js';
import { cumulative } from './shaders/reduce/cumulative.js';
import { reduce } from './shaders/reduce/reduce.js';
import { softmax } from './shaders/reduce/softmax.js';
import { update } from './shaders/update.js';
import { isWebglDType, type TextureTensor, WEBGL_DTYPES } from './storage.js';
import { TexturePool } from './texture-pool.js';

export class WebglBackend implements Backend {
  readonly name = 'webgl';
  readonly dtypes = WEBGL_DTYPES;
  readonly precision: Precision;
  readonly #context: Context;
  readonly #pool: TexturePool;
  readonly #painter: Painter;
  readonly #residency: Residency;
  #running = false;

  constructor({
    canvas,
    precision,
    memoryBudget = Number.POSITIVE_INFINITY,
    keepWritten = false,
  }: WebglBackendOptions) {
    this.#context = new Context(canvas, precision);
    this.precision = this.#context.precision;
    this.#pool = new TexturePool(this.#context, memoryBudget);
    this.#residency = new Residency(this.#context, this.#pool, keepWritten);
    this.#painter = new Painter(this.#context, this.#pool);
    this.#context.onRestored = () => {
      this.#residency.forgetTextures();
      this.#pool.forgetAll();
      this.#painter.forgetAll();
    };
    this.#context.onFailed = () => this.#residency.giveUpTextures();
  }

  // Memory ---------------------------------------------------------------------------------------------------------

  alloc(size: number, dtype: DType): Memory {
    this.#context.assertAlive('alloc');
    if (!isWebglDType(dtype)) {
      throw new DTypeError(`webgl: alloc: ${dtype} cannot be held here, only ${WEBGL_DTYPES.join(', ')}`);
    }
    return this.#residency.alloc(size, dtype);
  }

  free(memory: Memory): void {
    this.#residency.free(memory);
  }

  write(memory: Memory, data: TypedArray): void {
    this.#run('write', () => this.#residency.write(memory, data));
  }

  read(memory: Memory): Promise<TypedArray> {
    return this.#residency.read(memory);
  }

  readSync(memory: Memory): TypedArray {
    return this.#residency.readSync(memory);
  }

  keepHostCopies(memories: readonly Memory[]): Promise<void> {
    return this.#residency.keepCopies(memories);
  }

  warmUp(work: () => void): Promise<void> {
    return this.#painter.programs.prepare(this.#painter.collect(work));
  }

  restored(): Promise<void> {
    return this.#context.restored();
  }

  /** Waits for the GPU process: takes the GL errors, and looks at the framebuffer that was drawn to and at every texture's size. */
  verify(primitive: string): void {
    this.#context.assertDrawn(primitive);
    this.#residency.verifyReach(primitive);
  }

  /** Besides what every backend tells: how many textures exist, and how many programs are compiled. */
  stats(): { bytes: number; blocks: number; reserved: number; paged: number; textures: number; programs: number } {
    const { reservedBytes, textures } = this.#pool.stats;
    return { ...this.#residency.stats, reserved: reservedBytes, textures, programs: this.#painter.programs.size };
  }

  // Elementwise ----------------------------------------------------------------------------------------------------

  fill(out: Tensor, value: number): void {
    this.#run('fill', () => this.#painter.fill(this.#residency.useToOverwrite(out.memory, 'fill'), value));
  }

  cast(x: Tensor, out: Tensor): void {
    this.#run('cast', () => cast(this.#painter, this.#tensor(x), this.#target(out)));
  }

  unary(op: UnaryOp, x: Tensor, out: Tensor): void {
    assertUnary(op, x, out);
    this.#run(op, () => unary(this.#painter, op, this.#tensor(x), this.#target(out)));
  }

  binary(op: BinaryOp, a: Tensor | number, b: Tensor | number, out: Tensor): void {
    const { dtype } = typeof a !== 'number' ? a : typeof b !== 'number' ? b : out;
    assertBinary(op, dtype, a, b, out);
    this.#run(op, () => binary(this.#painter, op, this.#operand(a), this.#operand(b), this.#target(out)));
  }

  where(condition: Tensor, a: Tensor | number, b: Tensor | number, out: Tensor): void {
    CHECKS.where(condition, a, b, out);
    this.#run('where', () =>
      where(this.#painter, this.#tensor(condition), this.#operand(a), this.#operand(b), this.#target(out)),
    );
  }

  // Reductions -----------------------------------------------------------------------------------------------------

  reduce(op: ReduceOp, x: Tensor, axes: readonly number[], out: Tensor): void {
    CHECKS.reduce(op, x, axes, out);
    this.#run(op, () => reduce(this.#painter, op, this.#tensor(x), axes, this.#target(out)));
  }

  argReduce(op: ArgReduceOp, x: Tensor, axis: number, out: Tensor): void {
    CHECKS.argReduce(op, x, axis, out);
    this.#run(op, () => argReduce(this.#painter, op, this.#tensor(x), axis, this.#target(out)));
  }

  cumulative(op: CumulativeOp, x: Tensor, axis: number, out: Tensor): void {
    CHECKS.cumulative(op, x, axis, out);
    this.#run(op, () => cumulative(this.#painter, op, this.#tensor(x), axis, this.#target(out)));
  }

  softmax(x: Tensor, axis: number, log: boolean, out: Tensor): void {
    CHECKS.softmax(x, axis, log, out);
    this.#run('softmax', () => softmax(this.#painter, this.#tensor(x), axis, log, this.#target(out)));
  }

  // Normalization --------------------------------------------------------------------------------------------------

  moments(x: Tensor, axes: readonly number[], mean: Tensor, variance: Tensor): void {
    CHECKS.moments(x, axes, mean, variance);
    this.#run('moments', () =>
      moments(this.#painter, this.#tensor(x), axes, this.#target(mean), this.#target(variance)),
    );
  }

  comoments(x: Tensor, center: Tensor, y: Tensor, axes: readonly number[], sum: Tensor, product: Tensor): void {
    CHECKS.comoments(x, center, y, axes, sum, product);
    this.#run('comoments', () => {
      const sums = { sum: this.#target(sum), product: this.#target(product) };
      comoments(this.#painter, this.#tensor(x), this.#tensor(center), this.#tensor(y), axes, sums);
    });
  }

  affine(x: Tensor, { center, scale, shift }: AffineCoefficients, addend: AffineAddend | null, out: Tensor): void {
    CHECKS.affine(x, { center, scale, shift }, addend, out);
    this.#run('affine', () => {
      const own = {
        x: this.#tensor(x),
        center: this.#tensor(center),
        scale: this.#tensor(scale),
        shift: this.#tensor(shift),
      };
      const added = addend && { y: this.#tensor(addend.y), factor: this.#tensor(addend.scale) };
      affine(this.#painter, own, added, this.#target(out));
    });
  }

  // Moving elements ------------------------------------------------------------------------------------------------

  copy(x: Tensor, from: StridedView, out: Tensor, to: StridedView, shape: readonly number[]): void {
    CHECKS.copy(x, from, out);
    this.#run('copy', () => copy(this.#painter, this.#tensor(x), from, this.#tensor(out), to, shape));
  }

  addToView(x: Tensor, out: Tensor, to: StridedView): void {
    CHECKS.addToView(x, out);
    this.#run('addToView', () => addToView(this.#painter, this.#tensor(x), this.#tensor(out), to));
  }

  gather(x: Tensor, indices: Tensor, axis: number, out: Tensor): void {
    CHECKS.gather(x, indices, axis, out);
    this.#run('gather', () => gather(this.#painter, this.#tensor(x), this.#tensor(indices), axis, this.#target(out)));
  }

  scatterAdd(x: Tensor, indices: Tensor, axis: number, out: Tensor): void {
    CHECKS.scatterAdd(x, indices, axis, out);
    this.#run('scatterAdd', () =>
      scatterAdd(this.#painter, this.#tensor(x), this.#tensor(indices), axis, this.#tensor(out)),
    );
  }

  // Products -------------------------------------------------------------------------------------------------------

  matmul(a: Tensor, b: Tensor, out: Tensor, options: MatmulOptions = {}): void {
    this.#matmul(a, b, out, options);
  }

  prepareMatmul(a: Tensor, b: Tensor, out: Tensor, options: MatmulOptions): PreparedCall {
    return preparedCall(this.#painter, this.#residency, (arranging) => this.#matmul(a, b, out, options, arranging));
  }

  #matmul(a: Tensor, b: Tensor, out: Tensor, options: MatmulOptions, arranging?: Arranging): void {
    CHECKS.matmul(a, b, out, options);
    this.#run('matmul', () => {
      const addends = this.#addends(options.bias, options.residual);
      matmul(this.#painter, this.#tensor(a), this.#tensor(b), this.#target(out), addends, options, arranging);
    });
  }

  conv2d(
    x: Tensor,
    w: Tensor,
    bias: Tensor | null,
    geometry: Conv2dGeometry,
    out: Tensor,
    epilogue: Epilogue = {},
  ): void {
    this.#conv2d(x, w, bias, geometry, out, epilogue);
  }

  prepareConv2d(
    x: Tensor,
    w: Tensor,
    bias: Tensor | null,
    geometry: Conv2dGeometry,
    out: Tensor,
    epilogue: Epilogue,
  ): PreparedCall {
    const run = (arranging: Arranging) => this.#conv2d(x, w, bias, geometry, out, epilogue, arranging);
    return preparedCall(this.#painter, this.#residency, run);
  }

  #conv2d(
    x: Tensor,
    w: Tensor,
    bias: Tensor | null,
    geometry: Conv2dGeometry,
    out: Tensor,
    { activation, residual }: Epilogue,
    arranging?: Arranging,
  ): void {
    CHECKS.conv2d(x, w, bias, geometry, out, { activation, residual });
    this.#run('conv2d', () => {
      const addends = this.#addends(bias, residual);
      const [image, filter] = [x, w].map((tensor) => this.#tensor(tensor));
      conv2d(this.#painter, image, filter, addends, geometry, this.#target(out), activation, arranging);
    });
  }

  #addends(bias: Tensor | null = null, residual: Tensor | null = null): Addends {
    return { bias: bias && this.#tensor(bias), residual: residual && this.#tensor(residual) };
  }

  conv2dGradInput(gy: Tensor, w: Tensor, geometry: Conv2dGeometry, out: Tensor): void {
    CHECKS.conv2dGradInput(gy, w, geometry, out);
    this.#run('conv2dGradInput', () =>
      conv2dGradInput(this.#painter, this.#tensor(gy), this.#tensor(w), geometry, this.#target(out)),
    );
  }

  conv2dGradWeight(x: Tensor, gy: Tensor, geometry: Conv2dGeometry, out: Tensor): void {
    CHECKS.conv2dGradWeight(x, gy, geometry, out);
    this.#run('conv2dGradWeight', () =>
      conv2dGradWeight(this.#painter, this.#tensor(x), this.#tensor(gy), geometry, this.#target(out)),
    );
  }

  // Pooling --------------------------------------------------------------------------------------------------------

  maxPool2d(x: Tensor, geometry: Pool2dGeometry, out: Tensor, indices: Tensor): void {
    CHECKS.maxPool2d(x, geometry, out, indices);
    this.#run('maxPool2d', () =>
      maxPool2d(this.#painter, this.#tensor(x), geometry, this.#target(out), this.#target(indices)),
    );
  }

  maxPool2dGrad(gy: Tensor, indices: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    CHECKS.maxPool2dGrad(gy, indices, geometry, out);
    this.#run('maxPool2dGrad', () =>
      maxPool2dGrad(this.#painter, this.#tensor(gy), this.#tensor(indices), geometry, this.#target(out)),
    );
  }

  maxPool2dGather(x: Tensor, indices: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    CHECKS.maxPool2dGather(x, indices, geometry, out);
    this.#run('maxPool2dGather', () =>
      maxPool2dGather(this.#painter, this.#tensor(x), this.#tensor(indices), geometry, this.#target(out)),
    );
  }

  averagePool2d(x: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    CHECKS.averagePool2d(x, geometry, out);
    this.#run('averagePool2d', () => averagePool2d(this.#painter, this.#tensor(x), geometry, this.#target(out)));
  }

  averagePool2dGrad(gy: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    CHECKS.averagePool2dGrad(gy, geometry, out);
    this.#run('averagePool2dGrad', () =>
      averagePool2dGrad(this.#painter, this.#tensor(gy), geometry, this.#target(out)),
    );
  }

  // Randomness and learning ----------------------------------------------------------------------------------------

  random(kind: RandomKind, seed: number, stream: number, out: Tensor): void {
    CHECKS.random(kind, seed, stream, out);
    this.#run('random', () => random(this.#painter, kind, seed, stream, this.#target(out)));
  }

  update(
    rule: UpdateRuleName,
    param: Tensor,
    grad: Tensor,
    states: readonly Tensor[],
    hyperparameters: readonly number[],
  ): void {
    CHECKS.update(rule, param, grad, states);
    // A training loop that reads nothing would go on computing for a GPU that is gone.
    if (!this.#painter.isCollecting) this.#context.assertAnswering(rule);
    this.#run(rule, () => {
      const tensors = states.map((state) => this.#tensor(state));
      update(this.#painter, rule, this.#tensor(param), this.#tensor(grad), tensors, hyperparameters);
    });
  }

  // ----------------------------------------------------------------------------------------------------------------

  /** An operand that comes back from the host is written while the primitive that needs it runs: only the outermost call ends. */
  #run(operation: string, primitive: () => void): void {
    if (this.#running) {
      primitive();
      return;
    }
    this.#running = true;
    try {
      this.#painter.run(operation, primitive);
    } finally {
      this.#running = false;
      this.#residency.unpin();
    }
  }

  #operand(operand: Tensor | number): TextureTensor | number {
    return typeof operand === 'number' ? operand : this.#tensor(operand);
  }

  /** A tensor that the primitive fills as a whole: what it held may be lost. Looked up after the inputs, of which it may be one. */
  #target({ shape, memory }: Tensor): TextureTensor {
    const owned = this.#residency.useToOverwrite(memory, 'an operation');
    return { shape, dtype: owned.dtype, memory: owned };
  }

  #tensor({ shape, memory }: Tensor): TextureTensor {
    const owned = this.#residency.use(memory, 'an operation');
    return { shape, dtype: owned.dtype, memory: owned };
  }
}

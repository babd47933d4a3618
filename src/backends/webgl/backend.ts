/**
 * The seam, carried out by fragment shaders: memory is handed out and kernels are run; what they compute is written in
 * `shaders/`, one file per family. Knows nothing of gradients or owners.
 */

import { DTypeError, MemoryError } from '../../errors.js';
import type {
  Activation,
  ArgReduceOp,
  Backend,
  BinaryOp,
  Conv2dGeometry,
  CumulativeOp,
  DType,
  MatmulOptions,
  Memory,
  Pool2dGeometry,
  ReduceOp,
  StridedView,
  Tensor,
  TypedArray,
  UnaryOp,
  UpdateRuleName,
} from '../backend.js';
import { type Canvas, Context } from './context.js';
import { Device } from './device.js';
import { download, downloadSync, upload } from './readback.js';
import { addToView } from './shaders/add-to-view.js';
import { argReduce } from './shaders/arg-reduce.js';
import { binary } from './shaders/binary.js';
import { cast } from './shaders/cast.js';
import { conv2d, conv2dGradInput } from './shaders/conv2d.js';
import { conv2dGradWeight } from './shaders/conv2d-grad-weight.js';
import { copy } from './shaders/copy.js';
import { cumulative } from './shaders/cumulative.js';
import { gather } from './shaders/gather.js';
import { matmul } from './shaders/matmul.js';
import { averagePool2d, averagePool2dGrad, maxPool2d, maxPool2dGather, maxPool2dGrad } from './shaders/pool2d.js';
import { random } from './shaders/random.js';
import { reduce } from './shaders/reduce.js';
import { scatterAdd } from './shaders/scatter-add.js';
import { softmax } from './shaders/softmax.js';
import { unary } from './shaders/unary.js';
import { update } from './shaders/update.js';
import { where } from './shaders/where.js';
import { bytesOf, FORMATS, isWebglDType, TextureMemory, type TextureTensor, WEBGL_DTYPES } from './storage.js';
import { TexturePool } from './texture-pool.js';

export class WebglBackend implements Backend {
  readonly name = 'webgl';
  readonly dtypes = WEBGL_DTYPES;
  readonly #context: Context;
  readonly #pool: TexturePool;
  readonly #device: Device;
  readonly #live = new Set<TextureMemory>();
  #bytes = 0;

  constructor(canvas?: Canvas) {
    this.#context = new Context(canvas);
    this.#pool = new TexturePool(this.#context);
    this.#device = new Device(this.#context, this.#pool);
  }

  // Memory ---------------------------------------------------------------------------------------------------------

  alloc(size: number, dtype: DType): Memory {
    this.#context.assertAlive('alloc');
    if (!isWebglDType(dtype)) {
      throw new DTypeError(`webgl: alloc: ${dtype} cannot be held here, only ${WEBGL_DTYPES.join(', ')}`);
    }
    const memory = new TextureMemory(dtype, size, this.#pool.acquire(size, FORMATS[dtype]));
    this.#live.add(memory);
    this.#bytes += bytesOf(memory.block);
    return memory;
  }

  free(memory: Memory): void {
    const owned = this.#owned(memory, 'free');
    this.#live.delete(owned);
    this.#bytes -= bytesOf(owned.block);
    this.#pool.release(owned.block);
  }

  write(memory: Memory, data: TypedArray): void {
    this.#context.assertAlive('write');
    upload(this.#context, this.#owned(memory, 'write'), data);
  }

  async read(memory: Memory): Promise<TypedArray> {
    this.#context.assertAlive('read');
    return download(this.#context, this.#owned(memory, 'read'));
  }

  readSync(memory: Memory): TypedArray {
    this.#context.assertAlive('readSync');
    return downloadSync(this.#context, this.#owned(memory, 'readSync'));
  }

  /** Besides what every backend tells: how many textures exist, and how many programs are compiled. */
  stats(): { bytes: number; blocks: number; reserved: number; textures: number; programs: number } {
    const { reservedBytes, textures } = this.#pool.stats;
    return {
      bytes: this.#bytes,
      blocks: this.#live.size,
      reserved: reservedBytes,
      textures,
      programs: this.#device.programs.size,
    };
  }

  // Elementwise ----------------------------------------------------------------------------------------------------

  fill(out: Tensor, value: number): void {
    this.#run('fill', () => this.#device.fill(this.#tensor(out).memory, value));
  }

  cast(x: Tensor, out: Tensor): void {
    this.#run('cast', () => cast(this.#device, this.#tensor(x), this.#tensor(out)));
  }

  unary(op: UnaryOp, x: Tensor, out: Tensor): void {
    this.#run(op, () => unary(this.#device, op, this.#tensor(x), this.#tensor(out)));
  }

  binary(op: BinaryOp, a: Tensor | number, b: Tensor | number, out: Tensor): void {
    this.#run(op, () => binary(this.#device, op, this.#operand(a), this.#operand(b), this.#tensor(out)));
  }

  where(condition: Tensor, a: Tensor | number, b: Tensor | number, out: Tensor): void {
    this.#run('where', () =>
      where(this.#device, this.#tensor(condition), this.#operand(a), this.#operand(b), this.#tensor(out)),
    );
  }

  // Reductions -----------------------------------------------------------------------------------------------------

  reduce(op: ReduceOp, x: Tensor, axes: readonly number[], out: Tensor): void {
    this.#run(op, () => reduce(this.#device, op, this.#tensor(x), axes, this.#tensor(out)));
  }

  argReduce(op: ArgReduceOp, x: Tensor, axis: number, out: Tensor): void {
    this.#run(op, () => argReduce(this.#device, op, this.#tensor(x), axis, this.#tensor(out)));
  }

  cumulative(op: CumulativeOp, x: Tensor, axis: number, out: Tensor): void {
    this.#run(op, () => cumulative(this.#device, op, this.#tensor(x), axis, this.#tensor(out)));
  }

  softmax(x: Tensor, axis: number, log: boolean, out: Tensor): void {
    this.#run('softmax', () => softmax(this.#device, this.#tensor(x), axis, log, this.#tensor(out)));
  }

  // Moving elements ------------------------------------------------------------------------------------------------

  copy(x: Tensor, from: StridedView, out: Tensor, to: StridedView, shape: readonly number[]): void {
    this.#run('copy', () => copy(this.#device, this.#tensor(x), from, this.#tensor(out), to, shape));
  }

  addToView(x: Tensor, out: Tensor, to: StridedView): void {
    this.#run('addToView', () => addToView(this.#device, this.#tensor(x), this.#tensor(out), to));
  }

  gather(x: Tensor, indices: Tensor, axis: number, out: Tensor): void {
    this.#run('gather', () => gather(this.#device, this.#tensor(x), this.#tensor(indices), axis, this.#tensor(out)));
  }

  scatterAdd(x: Tensor, indices: Tensor, axis: number, out: Tensor): void {
    this.#run('scatterAdd', () =>
      scatterAdd(this.#device, this.#tensor(x), this.#tensor(indices), axis, this.#tensor(out)),
    );
  }

  // Products -------------------------------------------------------------------------------------------------------

  matmul(a: Tensor, b: Tensor, out: Tensor, options: MatmulOptions = {}): void {
    const bias = options.bias ? this.#tensor(options.bias) : null;
    this.#run('matmul', () => matmul(this.#device, this.#tensor(a), this.#tensor(b), this.#tensor(out), bias, options));
  }

  conv2d(
    x: Tensor,
    w: Tensor,
    bias: Tensor | null,
    geometry: Conv2dGeometry,
    out: Tensor,
    activation: Activation = 'none',
  ): void {
    this.#run('conv2d', () =>
      conv2d(
        this.#device,
        this.#tensor(x),
        this.#tensor(w),
        bias && this.#tensor(bias),
        geometry,
        this.#tensor(out),
        activation,
      ),
    );
  }

  conv2dGradInput(gy: Tensor, w: Tensor, geometry: Conv2dGeometry, out: Tensor): void {
    this.#run('conv2dGradInput', () =>
      conv2dGradInput(this.#device, this.#tensor(gy), this.#tensor(w), geometry, this.#tensor(out)),
    );
  }

  conv2dGradWeight(x: Tensor, gy: Tensor, geometry: Conv2dGeometry, out: Tensor): void {
    this.#run('conv2dGradWeight', () =>
      conv2dGradWeight(this.#device, this.#tensor(x), this.#tensor(gy), geometry, this.#tensor(out)),
    );
  }

  // Pooling --------------------------------------------------------------------------------------------------------

  maxPool2d(x: Tensor, geometry: Pool2dGeometry, out: Tensor, indices: Tensor): void {
    this.#run('maxPool2d', () =>
      maxPool2d(this.#device, this.#tensor(x), geometry, this.#tensor(out), this.#tensor(indices)),
    );
  }

  maxPool2dGrad(gy: Tensor, indices: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    this.#run('maxPool2dGrad', () =>
      maxPool2dGrad(this.#device, this.#tensor(gy), this.#tensor(indices), geometry, this.#tensor(out)),
    );
  }

  maxPool2dGather(x: Tensor, indices: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    this.#run('maxPool2dGather', () =>
      maxPool2dGather(this.#device, this.#tensor(x), this.#tensor(indices), geometry, this.#tensor(out)),
    );
  }

  averagePool2d(x: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    this.#run('averagePool2d', () => averagePool2d(this.#device, this.#tensor(x), geometry, this.#tensor(out)));
  }

  averagePool2dGrad(gy: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    this.#run('averagePool2dGrad', () =>
      averagePool2dGrad(this.#device, this.#tensor(gy), geometry, this.#tensor(out)),
    );
  }

  // Randomness and learning ----------------------------------------------------------------------------------------

  random(kind: 'uniform' | 'normal', seed: number, stream: number, out: Tensor): void {
    this.#run('random', () => random(this.#device, kind, seed, stream, this.#tensor(out)));
  }

  update(
    rule: UpdateRuleName,
    param: Tensor,
    grad: Tensor,
    states: readonly Tensor[],
    hyperparameters: readonly number[],
  ): void {
    this.#run(rule, () => {
      const tensors = states.map((state) => this.#tensor(state));
      update(this.#device, rule, this.#tensor(param), this.#tensor(grad), tensors, hyperparameters);
    });
  }

  // ----------------------------------------------------------------------------------------------------------------

  #run(operation: string, primitive: () => void): void {
    this.#device.run(operation, primitive);
  }

  #operand(operand: Tensor | number): TextureTensor | number {
    return typeof operand === 'number' ? operand : this.#tensor(operand);
  }

  #tensor({ shape, memory }: Tensor): TextureTensor {
    const owned = this.#owned(memory, 'an operation');
    return { shape, dtype: owned.dtype, memory: owned };
  }

  /** The handle behind the opaque one; what this backend did not hand out, or took back, is refused. */
  #owned(memory: Memory, operation: string): TextureMemory {
    if (memory instanceof TextureMemory && this.#live.has(memory)) return memory;
    throw new MemoryError(
      `webgl: ${operation}: ${memory.size} elements of ${memory.dtype} are not in this device's memory; ` +
        'they were freed, or live on another device',
    );
  }
}

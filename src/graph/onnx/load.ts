/** An ONNX model that can be called. It has a compiled graph for each set of input shapes, made at its first use. */
import type { WeightFormat } from '../../backends/backend.js';
import { bytesOf } from '../../backends/shapes.js';
import { DeviceError, DTypeError, ShapeError, ValueError } from '../../errors.js';
import { Budget, type Limits } from '../../formats/limits.js';
import type { OnnxModel, OnnxValue } from '../../formats/onnx/model.js';
import { parseOnnx } from '../../formats/onnx/parse.js';
import type { BytesSource } from '../../formats/stored-bytes.js';
import { type DeviceName, getDevice } from '../../ndarray/device.js';
import { NDArray } from '../../ndarray/ndarray.js';
import { formatShape, sizeOf } from '../../ndarray/shape.js';
import { inWords } from '../../options.js';
import { CompiledGraph } from '../compiled-graph.js';
import { GraphCache } from '../graph-cache.js';
import { traceDry } from '../trace.js';
import { computedDType } from './dtypes.js';
import { checkOperators, interpret } from './interpret.js';
import { LoadingCosts } from './loading-costs.js';
import type { OnnxOptions } from './write.js';

/** Options of {@link compileOnnx}. */
export interface LoadOnnxOptions {
  /** The format of the weights of convolutions and products. Default: 'float32'. */
  weights?: WeightFormat;
  /** The device on which a model with known shapes is prepared. Default: the device set by `init`. */
  device?: DeviceName;
  /** The number of graphs that are kept, one for each set of input shapes. One more frees the one unused for longest. Default: 8. */
  maxShapes?: number;
  /**
   * Limits on what the file may cost until it can be called. The defaults grow with the file. If the file leaves lengths open, the
   * inputs of a call count as a part of the file.
   */
  limits?: Limits;
}

/** Arrays by the names of the inputs or outputs. */
type NamedArrays = Readonly<Record<string, NDArray>>;

/** The model of an ONNX file. A call takes arrays in the order of the model's inputs, and gives its only output. */
export interface LoadedOnnx extends Disposable {
  /**
   * @throws ValueError if the model has several outputs: use `run` for them. TypeError, ShapeError, DTypeError or DeviceError for an
   *   input unlike its entry in `inputs`; the error names the input.
   */
  (...inputs: readonly NDArray[]): NDArray;
  /** Names, dtypes and shapes of the inputs. A length that the file leaves open is a name. */
  readonly inputs: readonly OnnxValue[];
  /** Names, dtypes and shapes of the outputs. */
  readonly outputs: readonly OnnxValue[];
  /** All outputs by name, for inputs by name. */
  run(inputs: NamedArrays): NamedArrays;
  /** The compiled graph for arrays of these shapes. It has `summary`, `profile` and `dot`. */
  graphFor(...inputs: readonly NDArray[]): CompiledGraph;
  /**
   * The bytes of an ONNX file of the optimized model, for inputs of these shapes. The code that writes it is loaded at the first
   * call.
   */
  toOnnx(inputs: readonly NDArray[], options?: OnnxOptions): Promise<Uint8Array>;
  /** Frees the graphs with their weights. The model cannot be called any more. */
  free(): void;
  /** The same as {@link free}. */
  dispose(): void;
}

/**
 * The most elements of an input for which a graph is made before the first call. A damaged file may declare more; the inputs of a
 * call count as a part of the file.
 */
const MAX_EXAMPLE = 2 ** 26;

/** The shape and dtype of an input: an array, or the file's declaration of one. */
type ArrayLike = Pick<NDArray, 'shape' | 'dtype'>;

const bytesOfAll = (arrays: readonly ArrayLike[]): number =>
  arrays.reduce((sum, { shape, dtype }) => sum + bytesOf({ size: sizeOf(shape), dtype }), 0);

/** The dtype that computes an input. */
const dtypeOf = ({ name, dtype }: OnnxValue): NDArray['dtype'] => computedDType(dtype, `input '${name}'`);

/** The type of an input in words: `float32 (n,3,224,224)`. */
const expected = (value: OnnxValue): string =>
  `${dtypeOf(value)} (${value.shape?.map((n) => n || '?') ?? 'any shape'})`;

/** @throws ShapeError, TypeError, DTypeError or DeviceError for inputs unlike the model's. */
function checkInputs(values: readonly OnnxValue[], inputs: readonly NDArray[]): void {
  if (inputs.length !== values.length) {
    const names = values.map((value) => `'${value.name}' ${expected(value)}`).join(', ');
    throw new ShapeError(`onnx: ${inputs.length} arrays for the ${values.length} inputs ${names}`);
  }
  for (const [i, value] of values.entries()) {
    const x = inputs[i];
    const what = `onnx: input '${value.name}' is`;
    if (!(x instanceof NDArray)) throw new TypeError(`${what} ${inWords(x)}, expected an NDArray ${expected(value)}`);
    const { shape, dtype, device } = x;
    const fits = value.shape?.every((n, k) => typeof n === 'string' || n === shape[k]) ?? true;
    if (!fits || (value.shape && value.shape.length !== shape.length))
      throw new ShapeError(`${what} ${formatShape(shape)}, expected ${expected(value)}`);
    if (dtype !== dtypeOf(value)) throw new DTypeError(`${what} ${dtype}, expected ${expected(value)}`);
    if (device !== inputs[0].device)
      throw new DeviceError(`${what} on '${device.name}', the first input on '${inputs[0].device.name}'`);
  }
}

/** A model with its graphs. */
class OnnxGraphs {
  readonly model: OnnxModel;
  readonly #options: LoadOnnxOptions;
  readonly #graphs: GraphCache<CompiledGraph>;

  constructor(model: OnnxModel, options: LoadOnnxOptions) {
    this.#graphs = new GraphCache('onnx', options.maxShapes);
    checkOperators(model);
    this.model = model;
    this.#options = options;
  }

  graphFor(inputs: readonly NDArray[]): CompiledGraph {
    return this.#graphs.of(inputs, () => {
      checkInputs(this.model.inputs, inputs);
      return this.#compiled(inputs, inputs[0]?.device ?? getDevice(this.#options.device));
    });
  }

  /** Makes the graph for the shapes that the file declares, if it declares all of them and none exceeds {@link MAX_EXAMPLE}. */
  prepare(): void {
    const { inputs } = this.model;
    const shapes = inputs.map(({ shape }) => shape?.filter((n) => typeof n === 'number') ?? []);
    if (inputs.some(({ shape }, i) => shape?.length !== shapes[i].length)) return;
    if (shapes.some((shape) => sizeOf(shape) > MAX_EXAMPLE)) return;
    const examples = inputs.map((value, i) => ({ shape: shapes[i], dtype: dtypeOf(value) }));
    this.#graphs.add(this.#compiled(examples, getDevice(this.#options.device), 0));
  }

  #compiled(inputs: readonly ArrayLike[], device: NDArray['device'], given = bytesOfAll(inputs)): CompiledGraph {
    const { weights = 'float32' } = this.#options;
    const { graph, abandoned, costs } = this.trace(inputs, device, given);
    return new CompiledGraph(graph, device, abandoned, { weights, costs });
  }

  /**
   * Records the model for inputs like these. The caller frees the abandoned memory.
   *
   * @param given bytes of the inputs of a call, which count as a part of the file
   */
  trace(inputs: readonly ArrayLike[], device: NDArray['device'], given = bytesOfAll(inputs)) {
    const { model } = this;
    const budget = new Budget('onnx', this.#options.limits, (model.bytes ?? 0) + given);
    const costs = new LoadingCosts(budget, model.opset);
    const run = (own: readonly NDArray[]) => interpret(model, own, device, costs);
    return { ...traceDry(inputs, device, run, { layers: costs, costs }), costs };
  }

  free(): void {
    this.#graphs.free();
  }
}

/**
 * A model of {@link parseOnnx}, ready to be called. As in `compile`, constants are folded, batch normalization is merged into the
 * weights before it, and memory is planned. A model whose shapes are all known is compiled now, another at its first call with each
 * set of shapes.
 *
 * @throws FormatError naming node, operator and version of an unsupported operator, or the limit that the file exceeds; MemoryError
 *   when memory runs out; ValueError unless `maxShapes` is a positive integer.
 */
export function compileOnnx(model: OnnxModel, options: LoadOnnxOptions = {}): LoadedOnnx {
  const graphs = new OnnxGraphs(model, options);
  const { inputs, outputs } = model;
  const run = (arrays: readonly NDArray[]): NDArray[] => graphs.graphFor(arrays).run(arrays, true);
  const call = (...arrays: readonly NDArray[]): NDArray => {
    if (outputs.length !== 1)
      throw new ValueError(
        `onnx: the model has ${outputs.length} outputs (${outputs.map(({ name }) => name)}): use run`,
      );
    return run(arrays)[0];
  };
  const free = () => graphs.free();
  const loaded: LoadedOnnx = Object.assign(call, {
    inputs,
    outputs,
    run(named: NamedArrays): NamedArrays {
      const arrays = inputs.map(({ name }) => {
        const x = named && Object.hasOwn(named, name) ? named[name] : undefined;
        if (!x)
          throw new ValueError(
            `onnx: input '${name}' is missing; given are ${Object.keys(named ?? {}).join(', ') || 'none'}`,
          );
        return x;
      });
      const results = run(arrays);
      return Object.fromEntries(outputs.map(({ name }, i) => [name, results[i]]));
    },
    graphFor: (...arrays: readonly NDArray[]) => graphs.graphFor(arrays),
    async toOnnx(arrays: readonly NDArray[], given: OnnxOptions = {}) {
      const { toOnnx } = await import('./write.js');
      const [inputNames, outputNames] = [inputs, outputs].map((values) => values.map(({ name }) => name));
      const options = { name: model.name, inputNames, outputNames, ...given };
      checkInputs(inputs, arrays);
      const device = arrays[0]?.device ?? getDevice();
      const { graph, abandoned } = graphs.trace(arrays, device);
      return toOnnx(graph, device, abandoned, options);
    },
    free,
    dispose: free,
    [Symbol.dispose]: free,
  });
  graphs.prepare();
  return loaded;
}

/** {@link compileOnnx} of the bytes of a file. `what` names the file in errors. */
export function readOnnx(source: BytesSource | ArrayBuffer, options: LoadOnnxOptions = {}, what = 'onnx'): LoadedOnnx {
  return compileOnnx(parseOnnx(source, what, options.limits), options);
}

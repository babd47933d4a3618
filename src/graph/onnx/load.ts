/** An ONNX model that can be called: for each shape of its inputs a compiled graph, made when it is first needed. */
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
  /** How the weights of convolutions and products are kept. Default 'float32'. */
  weights?: WeightFormat;
  /** Where a model whose shapes are all known is made ready. Default: the device set by `init`. */
  device?: DeviceName;
  /** For how many shapes of inputs graphs are kept; beyond that the one longest unused is freed. Default 8. */
  maxShapes?: number;
  /**
   * What the file may cost until it can be called. The defaults grow with the file; where a call brings lengths that the file leaves
   * open, its inputs count as a part of the file.
   */
  limits?: Limits;
}

/** Arrays by the names of the inputs or outputs. */
type NamedArrays = Readonly<Record<string, NDArray>>;

/** A model of an ONNX file. It is called with arrays in the order of its inputs, and gives its only output. */
export interface LoadedOnnx extends Disposable {
  /**
   * @throws ValueError if the model has several outputs: then `run` gives them. TypeError, ShapeError, DTypeError or DeviceError for
   *   inputs unlike `inputs`, by name.
   */
  (...inputs: readonly NDArray[]): NDArray;
  /** What goes in: names, dtypes, and shapes, in which lengths known only at a call are names. */
  readonly inputs: readonly OnnxValue[];
  /** What comes out. */
  readonly outputs: readonly OnnxValue[];
  /** All outputs by name, for inputs by name. */
  run(inputs: NamedArrays): NamedArrays;
  /** The compiled graph for arrays of these shapes: it has `summary`, `profile` and `dot`. */
  graphFor(...inputs: readonly NDArray[]): CompiledGraph;
  /**
   * The model as ONNX again, with what could be folded folded, for inputs of these shapes. What writes it is loaded now, so
   * that programs that only read carry none of it.
   */
  toOnnx(inputs: readonly NDArray[], options?: OnnxOptions): Promise<Uint8Array>;
  /** Frees the graphs with their weights. The model cannot be called any more. */
  free(): void;
  /** The same as {@link free}. */
  dispose(): void;
}

/** Inputs of more elements may be a damaged file's: the first call brings them, and then they count as a part of the file. */
const MAX_EXAMPLE = 2 ** 26;

/** What a graph is made for: an array, or what the file says of one. */
type ArrayLike = Pick<NDArray, 'shape' | 'dtype'>;

const bytesOfAll = (arrays: readonly ArrayLike[]): number =>
  arrays.reduce((sum, { shape, dtype }) => sum + bytesOf({ size: sizeOf(shape), dtype }), 0);

/** The dtype that an input has here. */
const dtypeOf = ({ name, dtype }: OnnxValue): NDArray['dtype'] => computedDType(dtype, `input '${name}'`);

/** What an input takes, in words: `float32 (n,3,224,224)`. */
const expected = (value: OnnxValue): string =>
  `${dtypeOf(value)} (${value.shape?.map((n) => n || '?') ?? 'any shape'})`;

/** Refuses what is not like the model's inputs. */
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

/** The graphs of a model by the shapes of its inputs. */
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

  /** Makes the graph for the shapes that the file declares, if it declares them all and they are no larger than {@link MAX_EXAMPLE}. */
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
    const { graph, abandoned, costs } = this.record(inputs, device, given);
    return new CompiledGraph(graph, device, abandoned, { weights, costs });
  }

  /**
   * Writes down what the model does with arrays like these. Memory that was given up belongs to the caller.
   *
   * @param given bytes of the inputs that the caller brought: they count as a part of the file
   */
  record(inputs: readonly ArrayLike[], device: NDArray['device'], given = bytesOfAll(inputs)) {
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
 * A model read by {@link parseOnnx}, ready to be called. Constants are folded, batch normalization goes into the weights before
 * it, and memory is planned, as `compile` does it. A model whose shapes are all known is made ready now, others for each
 * shape when it comes.
 *
 * @throws FormatError naming node, operator and version for what is not supported, or the limit that the file exceeds; MemoryError when
 *   there is no room.
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
      const { graph, abandoned } = graphs.record(arrays, device);
      return toOnnx(graph, device, abandoned, options);
    },
    free,
    dispose: free,
    [Symbol.dispose]: free,
  });
  graphs.prepare();
  return loaded;
}

/** {@link compileOnnx} of a file, in memory or not. `what` names it in errors. */
export function readOnnx(source: BytesSource | ArrayBuffer, options: LoadOnnxOptions = {}, what = 'onnx'): LoadedOnnx {
  return compileOnnx(parseOnnx(source, what, options.limits), options);
}

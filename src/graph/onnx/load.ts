/** An ONNX model that can be called: for each shape of its inputs a compiled graph, made when it is first needed. */
import type { WeightFormat } from '../../backends/backend.js';
import { DeviceError, DTypeError, MemoryError, ShapeError, ValueError } from '../../errors.js';
import type { OnnxModel, OnnxValue } from '../../formats/onnx/model.js';
import { parseOnnx } from '../../formats/onnx/parse.js';
import type { BytesSource } from '../../formats/stored-bytes.js';
import { zeros } from '../../ndarray/creation.js';
import { type DeviceName, getDevice } from '../../ndarray/device.js';
import { scope } from '../../ndarray/lifetime.js';
import { allocate, NDArray } from '../../ndarray/ndarray.js';
import { formatShape, sizeOf } from '../../ndarray/shape.js';
import { inWords } from '../../options.js';
import { CompiledGraph } from '../compiled-graph.js';
import { type Recording, record } from '../record.js';
import { computedDType } from './dtypes.js';
import { checkOperators, interpret } from './interpret.js';
import type { OnnxOptions } from './write.js';

/** Options of {@link compileOnnx}. */
export interface LoadOnnxOptions {
  /** How the weights of convolutions and products are kept. Default 'float32'. */
  weights?: WeightFormat;
  /** Where a model whose shapes are all known is made ready. Default: the device set by `init`. */
  device?: DeviceName;
  /** For how many shapes of inputs graphs are kept; beyond that the one longest unused is freed. Default 8. */
  maxShapes?: number;
}

/** Arrays by the names of the inputs or outputs. */
export type NamedArrays = Readonly<Record<string, NDArray>>;

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

/** The dtype that an input has here. */
const dtypeOf = ({ name, dtype }: OnnxValue): NDArray['dtype'] => computedDType(dtype, `input '${name}'`);

/** Inputs of more elements are not made up: a file that claims them may be damaged. The first call brings them. */
const MAX_EXAMPLE = 2 ** 26;

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
  /** The last used first. */
  readonly #graphs: CompiledGraph[] = [];
  #freed = false;

  constructor(model: OnnxModel, options: LoadOnnxOptions) {
    const { maxShapes = 8 } = options;
    if (!Number.isInteger(maxShapes) || maxShapes < 1)
      throw new ValueError(`onnx: maxShapes is ${maxShapes}, expected a positive integer`);
    checkOperators(model);
    this.model = model;
    this.#options = options;
  }

  graphFor(inputs: readonly NDArray[]): CompiledGraph {
    if (this.#freed) throw new MemoryError('onnx: this model was freed');
    const graphs = this.#graphs;
    for (let i = 0; i < graphs.length; i++) {
      if (!graphs[i].accepts(inputs)) continue;
      if (i > 0) graphs.unshift(...graphs.splice(i, 1));
      return graphs[0];
    }
    const { weights = 'float32', maxShapes = 8 } = this.#options;
    const graph = this.record(
      inputs,
      ({ graph, abandoned }, device) => new CompiledGraph(graph, device, abandoned, { weights }),
    );
    graphs.unshift(graph);
    for (const spare of graphs.splice(maxShapes)) spare.free();
    return graph;
  }

  /** Writes down what the model does with arrays like these; memory that was given up belongs to `make`, and so do results. */
  record<T>(
    inputs: readonly NDArray[],
    make: (recording: Pick<Recording<unknown>, 'graph' | 'abandoned'>, device: NDArray['device']) => T,
  ): T {
    checkInputs(this.model.inputs, inputs);
    const device = inputs[0]?.device ?? getDevice(this.#options.device);
    const layers = { current: '' };
    return scope(null, () => {
      // Two inputs may be one array, which the graph must tell apart. What they hold is not looked at.
      const own = inputs.map(({ shape, dtype, storage }, i) =>
        inputs.findIndex((x) => x.storage === storage) < i ? allocate(shape, dtype, device) : inputs[i],
      );
      const run = () => scope(null, () => ({ arrays: interpret(this.model, own, device, layers) }));
      const { graph, result, abandoned } = record(own, device, run, { layers, dry: true });
      // A result may be a constant, which the graph reads at each run; an input is the caller's.
      const results = new Set(result.arrays.map(({ storage }) => storage));
      for (const { storage } of own) results.delete(storage);
      const owned = Array.from(results, (storage) => storage.handOver('use after free: it belongs to the graph'));
      return make({ graph, abandoned: [...abandoned, ...owned] }, device);
    });
  }

  free(): void {
    this.#freed = true;
    for (const graph of this.#graphs.splice(0)) graph.free();
  }
}

/**
 * A model read by {@link parseOnnx}, ready to be called. Constants are folded, batch normalization goes into the weights before
 * it, and memory is planned, as `compile` does it. A model whose shapes are all known is made ready now, others for each
 * shape when it comes.
 *
 * @throws FormatError naming node, operator and version for what is not supported; MemoryError when there is no room.
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
        const x = named?.[name];
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
      return graphs.record(arrays, ({ graph, abandoned }, device) => toOnnx(graph, device, abandoned, options));
    },
    free,
    dispose: free,
    [Symbol.dispose]: free,
  });
  const device = getDevice(options.device);
  const shapes = inputs.map(({ shape }) => shape?.filter((n) => typeof n === 'number') ?? []);
  const isKnown = inputs.every(({ shape }, i) => shapes[i].length === shape?.length);
  const isModest = shapes.every((shape) => sizeOf(shape) <= MAX_EXAMPLE);
  if (isKnown && isModest) {
    scope(null, () => {
      const at = (value: OnnxValue) => ({ dtype: dtypeOf(value), device: device.name });
      graphs.graphFor(inputs.map((value, i) => zeros(shapes[i], at(value))));
    });
  }
  return loaded;
}

/** {@link compileOnnx} of a file, in memory or not. `what` names it in errors. */
export function readOnnx(source: BytesSource | ArrayBuffer, options: LoadOnnxOptions = {}, what = 'onnx'): LoadedOnnx {
  return compileOnnx(parseOnnx(source, what), options);
}

import { Link } from '../../core/link.js';
import type { CopyValue } from '../../core/link-copy.js';
import { asVariable, type Variable, type VariableLike } from '../../core/variable.js';
import { FormatError, KeyError } from '../../errors.js';
import { type CaffeLayer, parseCaffemodel } from '../../formats/caffemodel.js';
import { Budget, type Limits } from '../../formats/limits.js';
import { quoted, shortened } from '../../formats/quoted.js';
import { reading } from '../../formats/reading.js';
import { checkOptions } from '../../options.js';
import { splitTransferOptions, type TransferOptions } from '../../serializers/download.js';
import { type ByteSource, nameOf, readBytes } from '../../serializers/files.js';
import type { CaffePooling, Emulation } from './caffe-emulation.js';
import { emulationOf } from './caffe-layers.js';

/** Options of making a {@link CaffeFunction}. */
export interface CaffeFunctionOptions {
  /**
   * The library whose rules poolings follow where the two differ. `caffe`, the default: a last window that does not fit is kept for
   * averages too (or left out if `round_mode` is FLOOR) and dropped if it would begin in the padding, and an average is divided by the
   * number of its pixels within the padded image. `chainer`: a maximum keeps all windows; an average keeps those that fit, and is divided
   * by the window's size.
   */
  pooling?: CaffePooling;
  /**
   * Limits. `nodes`: the number of layers, bottoms, tops and arrays, by default 16,384; `bytes`: the size of an output that is more than 64
   * times its bottom, by default 256 MiB, or 64 times the file if that is more.
   */
  limits?: Limits;
}

/** Options of {@link CaffeFunction.load}. */
export interface CaffeFunctionLoadOptions extends CaffeFunctionOptions, TransferOptions {}

/** The largest number of warnings about skipped layers: a file can have any number of them. */
const MAX_WARNINGS = 10;

/** Options of {@link CaffeFunction.forward}. */
export interface CaffeFunctionCallOptions {
  /** Layers to leave out. */
  disable?: Iterable<string>;
}

/** Layers that only feed data or rename blobs. They are left out without a warning. */
const DATA = 'Data';
const SPLIT = 'Split';

/** A layer of the net that runs. */
export interface CaffeStep {
  /** The layer's name in the net. */
  readonly name: string;
  /** The blobs that it reads, by their names before they were split. */
  readonly bottoms: readonly string[];
  /** The blobs that it writes. It replaces an existing blob. */
  readonly tops: readonly string[];
}

/**
 * A net of Caffe, emulated from its .caffemodel: parameters become links with the names of the layers, and convolutions of up to four
 * groups become dense ones, as in Chainer. It runs BatchNorm, Concat, Convolution, Deconvolution, Dropout, Eltwise, InnerProduct, LRN,
 * Pooling, ReLU, Reshape, Scale, Sigmoid, Slice, Softmax, SoftmaxWithLoss and Split; it skips other layers with a warning. Follows
 * chainer.links.caffe.CaffeFunction (Jia et al., "Caffe", 2014).
 *
 * Poolings give Caffe's shapes and values; those of Chainer's CaffeFunction differ: see {@link CaffeFunctionOptions}.
 *
 *     const net = await L.CaffeFunction.load('bvlc_reference_caffenet.caffemodel');
 *     const [fc8] = net({ data: x }, ['fc8']);
 */
export class CaffeFunction extends Link {
  /** The layers in the order in which they run. */
  readonly layers: readonly CaffeStep[] = [];
  /** The emulations of {@link layers}. */
  readonly #emulations: Emulation[] = [];
  readonly #links = new Map<string, Link>();
  /** Layers that lacked a bottom in some call. */
  readonly #lacking = new Set<string>();

  /**
   * @param bytes the bytes of a .caffemodel
   * @param name the name of the file, for errors
   * @param options `pooling`, `limits`
   * @throws FormatError if the bytes are damaged or beyond a limit, or if a layer has settings that cannot be emulated.
   */
  constructor(bytes: Uint8Array = new Uint8Array(0), name = 'caffemodel', options: CaffeFunctionOptions = {}) {
    super();
    checkOptions('CaffeFunction', options, { pooling: 'caffe', limits: {} });
    const { pooling = 'caffe', limits = {} } = options;
    const budget = new Budget(name, limits, bytes.length);
    const original = new Map<string, string>();
    const steps: CaffeStep[] = [];
    const skipped: string[] = [];
    const { layers } = parseCaffemodel(bytes, name, limits);
    for (const layer of layers) {
      const bottoms = layer.bottoms.map((blob) => original.get(blob) ?? blob);
      if (layer.type === SPLIT) {
        if (bottoms.length !== 1) {
          throw new FormatError(`CaffeFunction: layer ${quoted(layer.name)} splits ${bottoms.length} bottoms`);
        }
        for (const top of layer.tops) original.set(top, bottoms[0]);
        continue;
      }
      const emulation = emulationOf(layer, { pooling, budget });
      if (emulation) this.#add(layer, emulation);
      if (emulation) steps.push({ name: layer.name, bottoms, tops: layer.tops });
      else if (layer.type !== DATA) {
        skipped.push(`layer ${quoted(layer.name)} is skipped: the type ${shortened(layer.type)} is not supported`);
      }
    }
    for (const warning of skipped.slice(0, MAX_WARNINGS)) console.warn(`CaffeFunction: ${warning}`);
    if (skipped.length > MAX_WARNINGS) {
      console.warn(`CaffeFunction: ${skipped.length - MAX_WARNINGS} more layers are skipped`);
    }
    this.layers = steps;
  }

  #add({ name }: CaffeLayer, emulation: Emulation): void {
    this.#emulations.push(emulation);
    if (!emulation.link) return;
    if (this.#links.has(name))
      throw new FormatError(`CaffeFunction: two layers with parameters are called ${quoted(name)}`);
    this.#links.set(name, emulation.link);
  }

  /** Reads a .caffemodel: a path, URL, Blob or bytes. @throws FileError if it cannot be read, FormatError if damaged. */
  static async load(source: ByteSource, options: CaffeFunctionLoadOptions = {}): Promise<CaffeFunction> {
    const { transfer, rest } = splitTransferOptions(options);
    const [bytes, name] = [await readBytes(source, transfer, 'CaffeFunction.load'), nameOf(source)];
    return reading('caffemodel', bytes, name, () => {
      const net = new CaffeFunction(bytes, name, rest);
      if (net.layers.length === 0) throw new FormatError(`${name}: there are no layers in it (${bytes.length} bytes)`);
      return net;
    });
  }

  override namedChildren(): [name: string, link: Link][] {
    return [...this.#links].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The link with the parameters of a layer. @throws KeyError if the layer has none. */
  link(name: string): Link {
    const link = this.#links.get(name);
    if (!link) throw new KeyError(`CaffeFunction: there is no layer ${quoted(name)} with parameters`);
    return link;
  }

  /**
   * Runs the net layer by layer. It skips a layer that lacks a bottom, the first time with a warning.
   *
   * @param inputs blobs by name
   * @param outputs the names of the blobs to return, in order
   * @throws KeyError if an output is not among the computed blobs.
   */
  forward(
    inputs: Readonly<Record<string, VariableLike>>,
    outputs: readonly string[],
    options: CaffeFunctionCallOptions = {},
  ): Variable[] {
    checkOptions('CaffeFunction', options, { disable: 1 });
    const disabled = new Set(options.disable ?? []);
    const blobs = new Map(Object.entries(inputs));
    for (const [i, { name, bottoms, tops }] of this.layers.entries()) {
      if (disabled.has(name)) continue;
      const given = bottoms.flatMap((blob) => blobs.get(blob) ?? []);
      if (given.length < bottoms.length) {
        this.#warn(
          name,
          bottoms.filter((blob) => !blobs.has(blob)),
        );
        continue;
      }
      const results = this.#emulations[i].run(given, this.#links.get(name));
      const list: readonly Variable[] = Array.isArray(results) ? results : [results];
      for (const [i, result] of list.slice(0, tops.length).entries()) blobs.set(tops[i], result);
    }
    return outputs.map((name) => {
      const blob = blobs.get(name);
      if (!blob)
        throw new KeyError(
          `CaffeFunction: blob ${quoted(name)} was not computed, only ${shortened([...blobs.keys()].join(', '))}`,
        );
      return asVariable(blob);
    });
  }

  #warn(name: string, missing: readonly string[]): void {
    if (this.#lacking.has(name) || this.#lacking.size >= MAX_WARNINGS) return;
    this.#lacking.add(name);
    console.warn(
      `CaffeFunction: layer ${quoted(name)} is skipped: its bottom ${shortened(missing.join(', '))} is missing`,
    );
  }

  protected override blank(): Link {
    return Reflect.construct(CaffeFunction, [], this.constructor);
  }

  protected override adopt(source: Link, copy: CopyValue): void {
    super.adopt(source, copy);
    if (!(source instanceof CaffeFunction)) return;
    this.#emulations.push(...source.#emulations);
    for (const [name, link] of source.#links) this.#links.set(name, copy(link));
  }
}

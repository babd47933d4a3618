/** The base class of networks trained on ImageNet: layers by name, prediction for pictures, and trained weights. */
import { Chain } from '../../../core/chain.js';
import { noBackpropMode, usingConfig } from '../../../core/config.js';
import { asVariable, type Variable, type VariableLike } from '../../../core/variable.js';
import { FileError, KeyError, ValueError } from '../../../errors.js';
import { parseCaffemodel } from '../../../formats/caffemodel.js';
import type { Limits } from '../../../formats/limits.js';
import { reading } from '../../../formats/reading.js';
import { softmax } from '../../../functions/activation/softmax.js';
import { type FunctionOperand, input } from '../../../functions/arguments/operands.js';
import { reshape } from '../../../functions/array/reshape.js';
import { average } from '../../../functions/math/average.js';
import type { InitializerLike } from '../../../initializers/initializer.js';
import { scope } from '../../../ndarray/lifetime.js';
import { type NDArray, stack, toDevice } from '../../../ndarray/np.js';
import { cachedDownload, getDatasetRoot } from '../../../serializers/cached-download.js';
import { type WriteOptions, writeBytes } from '../../../serializers/disk.js';
import { openStore } from '../../../serializers/download/open-store.js';
import type { Store } from '../../../serializers/download/store.js';
import { type TransferOptions, transferOptionsOf } from '../../../serializers/download.js';
import { type ByteSource, nameOf, readBytes } from '../../../serializers/files.js';
import { fromNpz, toNpz } from '../../../serializers/npz.js';
import { type CaffeSource, setFromCaffe } from './caffe-weights.js';
import { cropCentre, oversample } from './crops.js';
import { type BlueGreenRed, type Image, type ImageSize, prepareImage } from './prepare.js';

/** Options of a new network. */
export interface ImageNetOptions {
  /** The initial value of all weights. Default: that of the paper. */
  initialW?: InitializerLike;
  /** The number of channels of all layers, divided by the paper's. Trained weights need 1, the default; less is for experiments. */
  width?: number;
}

/** Options of loading trained weights. */
export interface LoadOptions extends TransferOptions {
  /** The directory in which `'auto'` keeps files. Default: `datasets.getDatasetRoot()`. */
  cacheDirectory?: string;
  /** Takes the messages of `'auto'`. Default: prints them on the console. */
  log?: (line: string) => void;
  /** Limits for the file: see `L.CaffeFunction` and `serializers.loadNpz`. */
  limits?: Limits;
}

/** Options of {@link ImageNetModel.extract}. */
export interface ExtractOptions {
  /** The names of the layers whose outputs to return. */
  layers?: readonly string[];
  /** The width and height to which pictures are resized; null: no resizing. Default 224 × 224. */
  size?: ImageSize | null;
}

/** Options of {@link ImageNetModel.predict}. */
export interface PredictOptions {
  /** Whether to average over the corners, the middle and their mirror images, instead of the middle alone. Default true. */
  oversample?: boolean;
}

/** The source of a network's trained weights. */
export interface Pretrained {
  /** The name of the converted weights in the cache. */
  readonly npz: string;
  /** The name of the file that the authors published. */
  readonly caffemodel: string;
  /** The address of that file; null: a program cannot download it. */
  readonly url: string | null;
  /** The address of a page about the weights. */
  readonly page: string;
}

/** A layer: functions, one after another. If `from` names a layer, they begin with its output. */
export interface Stage {
  readonly name: string;
  readonly steps: readonly ((h: VariableLike) => Variable)[];
  readonly from?: string;
}

/** The size of a network's input, in pixels. */
const CROP = [224, 224] as const;
const WHOLE: ImageSize = [256, 256];

/** A class of networks. */
interface ImageNetClass<M> {
  new (options?: ImageNetOptions): M;
}

/**
 * A network that was trained on ImageNet: {@link VGG16Layers}, {@link VGG19Layers}, {@link ResNet50Layers} and its relatives,
 * {@link GoogLeNet}. Follows the classes of chainer.links.model.vision.
 */
export abstract class ImageNetModel extends Chain {
  /** The mean colour, which is subtracted from pictures. */
  protected abstract readonly mean: BlueGreenRed;
  /** The default layer of {@link extract}. */
  protected abstract readonly features: string;

  /** The source of its trained weights. */
  protected abstract readonly pretrained: Pretrained;

  /** The layers in the order in which they run. */
  protected abstract stages(): readonly Stage[];

  /** The links, each with the layer of a .caffemodel that has its arrays. */
  protected abstract caffeSources(): Iterable<CaffeSource>;

  /** The names of all layers, in the order in which they run. */
  get availableLayers(): string[] {
    return this.stages().map(({ name }) => name);
  }

  /**
   * The outputs of layers for prepared pictures x (N, 3, H, W), by name. It computes only what they need.
   *
   * @param layers the names of the layers. Default `['prob']`, the probabilities (N, 1000)
   * @throws KeyError for a layer that is not among {@link availableLayers}.
   */
  forward(x: FunctionOperand, layers: readonly string[] = ['prob']): Record<string, Variable> {
    const stages = this.stages();
    const wanted = new Set(layers);
    for (const name of wanted) {
      if (!stages.some((stage) => stage.name === name))
        throw new KeyError(`${this.constructor.name}: there is no layer '${name}'`);
    }
    const sources = new Set(stages.flatMap(({ name, from }) => (from !== undefined && wanted.has(name) ? from : [])));
    const last = stages.findLastIndex(
      ({ name, from }) => from === undefined && (wanted.has(name) || sources.has(name)),
    );
    const branches = new Map<string, Variable>();
    const found: Record<string, Variable> = {};
    let trunk = asVariable(input(this.constructor.name, 'x', x));
    for (const [i, { name, steps, from }] of stages.entries()) {
      if (from === undefined ? i > last : !wanted.has(name)) continue;
      const start = from === undefined ? trunk : branches.get(from);
      const h = steps.reduce((before, step) => step(before), start ?? trunk);
      if (from === undefined) trunk = h;
      if (sources.has(name)) branches.set(name, h);
      if (wanted.has(name)) found[name] = h;
    }
    return found;
  }

  /** Makes the network's input (3, H, W) of a picture. `size` null keeps the picture's size. See {@link Image}. */
  prepare(image: Image, size: ImageSize | null = CROP): NDArray {
    return prepareImage(image, size, this.mean);
  }

  /** Prepared pictures on the network's device. @throws ValueError if there are none. */
  protected batch(op: string, images: Iterable<Image>, size: ImageSize | null): NDArray {
    const prepared = Array.from(images, (image) => this.prepare(image, size));
    if (prepared.length === 0) throw new ValueError(`${this.constructor.name}.${op}: there are no images`);
    const [param] = this.params(false);
    return toDevice(stack(prepared), param.array.device.name);
  }

  /**
   * The outputs of layers for pictures, by name. `config.train` and backprop stay as they are: call it under
   * `usingConfig('train', false, …)` for features.
   *
   * @throws ShapeError for a value that is not a picture, KeyError for a layer that does not exist.
   */
  extract(images: Iterable<Image>, options: ExtractOptions = {}): Record<string, Variable> {
    const { layers = [this.features], size = CROP } = options;
    const x = scope(null, () => this.batch('extract', images, size));
    return this.forward(x, layers);
  }

  /** The probabilities (N, 1000) of the classes for pictures, in test mode and without a graph. */
  predict(images: Iterable<Image>, options: PredictOptions = {}): Variable {
    return scope(this, () => {
      const whole = this.batch('predict', images, WHOLE);
      const x = options.oversample === false ? cropCentre(whole, CROP) : oversample(whole, CROP);
      return noBackpropMode(() =>
        usingConfig('train', false, () => {
          const { prob } = this.forward(x);
          const [n] = whole.shape;
          return x.shape[0] === n ? prob : average(reshape(prob, [n, x.shape[0] / n, -1]), 1);
        }),
      );
    });
  }

  /** Sets all weights from the bytes of a .caffemodel, or of an .npz file. */
  protected setFrom(bytes: Uint8Array, name: string, limits?: Limits): void {
    if (isZip(bytes)) fromNpz(bytes, this, { limits }, name);
    else scope(this, () => setFromCaffe(parseCaffemodel(bytes, name, limits), this.caffeSources()));
  }

  /** Sets all weights from a file. */
  protected async readFrom(source: ByteSource, options: LoadOptions = {}): Promise<void> {
    const transfer = transferOptionsOf(options);
    const [bytes, name] = [await readBytes(source, transfer, this.constructor.name), nameOf(source)];
    await reading(isZip(bytes) ? 'npz' : 'caffemodel', bytes, name, () => this.setFrom(bytes, name, options.limits));
  }

  /**
   * A network with trained weights from a path, URL, Blob or bytes: a .caffemodel of its authors, or an .npz file. `'auto'` takes the file
   * in the cache, or downloads it once and converts it. Checksums in the options are those of the authors' file; with a checksum, `'auto'`
   * reads that file and not the converted one.
   *
   * @throws FormatError if the file is damaged or of another network, FileError if there is none.
   */
  static async load<M extends ImageNetModel>(
    this: ImageNetClass<M>,
    source: ByteSource = 'auto',
    options: LoadOptions = {},
  ): Promise<M> {
    // Drawing a hundred million numbers takes longer than reading them.
    const model = new this({ initialW: 0 });
    if (source === 'auto') await model.retrieve(options);
    else await model.readFrom(source, options);
    return model;
  }

  /** Writes the .npz file of a .caffemodel. Follows Chainer's convert_caffemodel_to_npz. */
  static async convertCaffemodelToNpz<M extends ImageNetModel>(
    this: ImageNetClass<M>,
    source: ByteSource,
    path: string,
    options: TransferOptions & WriteOptions = {},
  ): Promise<void> {
    const model = new this({ initialW: 0 });
    await model.readFrom(source, options);
    await writeBytes(path, toNpz(model, { compression: false }), { durable: options.durable });
  }

  /** Sets all weights from the cache, and fills the cache first if need be. */
  protected async retrieve(options: LoadOptions): Promise<void> {
    const { pretrained } = this;
    const { cacheDirectory = getDatasetRoot(), log = console.info } = options;
    const store = await openStore(cacheDirectory);
    // Checksums are those of the authors' file. The converted file has none.
    const isChecked = (options.sha256 ?? options.md5 ?? null) !== null;
    const kept = isChecked ? null : await store.find(pretrained.npz);
    if (kept) return this.setFrom(kept, pretrained.npz);
    const bytes = await findOriginal(store, pretrained, { ...options, cacheDirectory, log });
    this.setFrom(bytes, pretrained.caffemodel);
    await store.keep(pretrained.npz, toNpz(this, { compression: false }));
    log(`${pretrained.caffemodel} was converted and is kept as ${pretrained.npz} in ${cacheDirectory}`);
  }
}

/** Finds the .caffemodel in the cache, where a user may have put it, or downloads it. */
async function findOriginal(
  store: Store,
  { caffemodel, url, page }: Pretrained,
  { cacheDirectory, log, ...options }: Required<Pick<LoadOptions, 'cacheDirectory' | 'log'>> & LoadOptions,
): Promise<Uint8Array> {
  const placed = await store.find(caffemodel);
  if (placed) return readBytes(placed, transferOptionsOf(options), caffemodel);
  if (url === null) {
    throw new FileError(
      `${caffemodel} cannot be downloaded by programs: get it from ${page} and put it into ${cacheDirectory}, ` +
        'or give its path to load()',
      { code: 'ENOENT', path: `${cacheDirectory}/${caffemodel}` },
    );
  }
  log(`downloading ${url} to ${cacheDirectory}`);
  return cachedDownload(url, { cacheDirectory, ...transferOptionsOf(options) });
}

/** Whether bytes are a zip file, as .npz files are. */
function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] <= 8;
}

/** The layer that turns scores into probabilities. */
export const PROB: Stage = { name: 'prob', steps: [(h) => softmax(h)] };

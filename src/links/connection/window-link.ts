/** The base class of links that convolve: W, b, sizes, and the short form of their arguments. */

import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import { ShapeError, ValueError } from '../../errors.js';
import { checkNdim, type FunctionOperand, input } from '../../functions/arguments/operands.js';
import { batchAxisNames } from '../../functions/arguments/remedies.js';
import { checkCounts, type Sizes, sizes } from '../../functions/arguments/window-sizes.js';
import { checkOptions } from '../../options.js';
import type { WeightOptions } from '../link-options.js';

/** Settings of a function besides stride and padding. The groups also decide the shape of W. */
interface Settings {
  groups?: number;
}

/**
 * A link with W and b (out,) whose windows have `ndim` axes. With `inChannels` null, or in Chainer's short form `(out, ksize)`, the
 * first call sets the number of input channels.
 */
export abstract class WindowLink<S extends Settings> extends Link {
  /** The weights: (out, in / groups, ...ksize) of a convolution, (in, out / groups, ...ksize) of a deconvolution. */
  readonly W: Parameter;
  /** The bias (out,); null with `nobias`. */
  readonly b: Parameter | null;
  /** Output channels. */
  readonly outChannels: number;
  /** Lengths of the kernel along the spatial axes. */
  readonly ksize: readonly number[];
  /** The settings of the function besides stride and padding. */
  protected readonly settings: S;

  /** @throws ValueError if `outChannels` or `ksize` is missing, ShapeError if the groups do not divide the channels. */
  constructor(
    /** The number of spatial axes. */
    readonly ndim: number,
    inChannels: number | null,
    outChannels: number | null,
    ksize: Sizes | null | undefined,
    /** Step of the kernel along each axis, or one for all. */
    readonly stride: Sizes,
    /** Zeros around the input along each axis, or as many along all. */
    readonly pad: Sizes,
    options: WeightOptions & S,
  ) {
    super();
    const short = ksize === undefined || ksize === null;
    const [cIn, cOut, k] = short ? [null, inChannels, outChannels] : [inChannels, outChannels, ksize];
    const op = this.constructor.name;
    checkOptions<WeightOptions>(op, options, { nobias: 1, initialW: 1, initialBias: 1, ...this.settingNames() });
    const { nobias = false, initialW = null, initialBias = 0, ...settings } = options;
    if (cOut === null || k === null) throw new ValueError(`${op}: output channels and ksize are needed`);
    checkCounts(op, { inChannels: cIn ?? 0, outChannels: cOut });
    this.outChannels = cOut;
    this.ksize = sizes(op, 'ksize', k, ndim, 1);
    sizes(op, 'stride', stride, ndim, 1);
    sizes(op, 'pad', pad, ndim, 0);
    // The options without those of the weights. The type of a rest of generic options does not say so.
    this.settings = settings as unknown as S;
    checkGroups(this, cIn ?? 0);
    this.W = new Parameter(initialW, cIn === null ? null : this.weightShape(cIn, this.groups), { name: 'W' });
    this.b = nobias ? null : new Parameter(initialBias ?? 0, [cOut], { name: 'b' });
  }

  /** The shape of W for a number of input channels. Called before the fields of a subclass exist. */
  protected abstract weightShape(inChannels: number, groups: number): number[];

  /** The names of the settings, as keys. */
  protected abstract settingNames(): Readonly<Record<keyof S, unknown>>;

  /** The number of groups of channels. */
  get groups(): number {
    return this.settings.groups ?? 1;
  }

  /** Gives W its shape by the first input. @throws ShapeError if the input has other axes than N, C and the windows'. */
  protected initialize(x: FunctionOperand): void {
    if (this.W.isInitialized) return;
    const { shape } = input(this.constructor.name, 'x', x);
    checkNdim(this.constructor.name, 'x', { shape }, batchAxisNames(this.ndim + 2));
    const [, inChannels] = shape;
    checkGroups(this, inChannels);
    this.W.initialize(this.weightShape(inChannels, this.groups));
  }
}

/** Refuses groups that do not divide the channels. */
function checkGroups(link: WindowLink<Settings>, inChannels: number): void {
  const { groups, outChannels } = link;
  checkCounts(link.constructor.name, { groups }, 1);
  if (inChannels % groups === 0 && outChannels % groups === 0) return;
  throw new ShapeError(
    `${link.constructor.name}: ${inChannels} input and ${outChannels} output channels do not divide into ${groups} groups`,
  );
}

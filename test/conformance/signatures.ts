/**
 * How a call of Chainer, by parameter names, is written in Rensa: a camelCase function of `F`, the parameters listed
 * here by position, all others in one options object. A new function whose optional parameters are positional gets a
 * line here; one without a line takes its inputs by position and everything else as options.
 */

/** Chainer's parameter names in Rensa's positions; `...xs` spreads a list. */
const POSITIONAL: Readonly<Record<string, string>> = {
  // activation
  clipped_relu: 'x z',
  crelu: 'x axis',
  elu: 'x alpha',
  leaky_relu: 'x slope',
  log_softmax: 'x axis',
  maxout: 'x pool_size axis',
  rrelu: 'x l u',
  selu: 'x alpha scale',
  softmax: 'x axis',
  softplus: 'x beta',
  // array
  as_strided: 'x shape strides storage_offset',
  broadcast: '...args',
  broadcast_to: 'x shape',
  cast: 'x typ',
  concat: 'xs axis',
  depth2space: 'X r',
  diagonal: 'x offset axis1 axis2',
  expand_dims: 'x axis',
  flip: 'x axis',
  get_item: 'x slices',
  im2col: 'x ksize stride pad',
  moveaxis: 'x source destination',
  pad: 'x pad_width mode',
  pad_sequence: 'xs length padding',
  permutate: 'x indices axis inv',
  repeat: 'x repeats axis',
  reshape: 'x shape',
  resize_images: 'x output_shape',
  rollaxis: 'x axis start',
  scatter_add: 'a slices b',
  separate: 'x axis',
  space2depth: 'X r',
  spatial_transformer_grid: 'theta output_shape',
  split_axis: 'x indices_or_sections axis',
  squeeze: 'x axis',
  stack: 'xs axis',
  swapaxes: 'x axis1 axis2',
  tile: 'x reps',
  transpose: 'x axes',
  // connection
  bilinear: 'e1 e2 W V1 V2 b',
  convolution_1d: 'x W b stride pad',
  convolution_2d: 'x W b stride pad',
  convolution_3d: 'x W b stride pad',
  convolution_nd: 'x W b stride pad',
  deconvolution_1d: 'x W b stride pad',
  deconvolution_2d: 'x W b stride pad',
  deconvolution_3d: 'x W b stride pad',
  deconvolution_nd: 'x W b stride pad',
  depthwise_convolution_2d: 'x W b stride pad',
  dilated_convolution_2d: 'x W b stride pad dilate',
  linear: 'x W b',
  local_convolution_2d: 'x W b stride',
  shift: 'x ksize dilate',
  // math
  add_n: '...xs',
  argmax: 'x axis',
  argmin: 'x axis',
  average: 'x axis weights keepdims',
  batch_matmul: 'a b transa transb',
  bias: 'x y axis',
  clip: 'x x_min x_max',
  cumprod: 'x axis',
  cumsum: 'x axis',
  einsum: 'subscripts ...operands',
  logsumexp: 'x axis',
  matmul: 'a b transa transb',
  max: 'x axis keepdims',
  mean: 'x axis keepdims',
  min: 'x axis keepdims',
  prod: 'x axis keepdims',
  scale: 'x y axis',
  sum: 'x axis keepdims',
  sum_to: 'x shape',
  tensordot: 'a b axes',
  // loss
  discriminative_margin_based_clustering_loss: 'embeddings labels delta_v delta_d max_embedding_dim',
  huber_loss: 'x t delta',
  mean_squared_error: 'x0 x1',
  softmax_cross_entropy: 'x t',
  // noise
  dropout: 'x ratio',
  gumbel_softmax: 'log_pi tau axis',
  simplified_dropconnect: 'x W b ratio',
  zoneout: 'h x ratio',
  // normalization
  batch_normalization: 'x gamma beta',
  group_normalization: 'x groups gamma beta eps',
  layer_normalization: 'x gamma beta eps',
  normalize: 'x eps axis',
  // pooling
  average_pooling_1d: 'x ksize stride pad',
  average_pooling_2d: 'x ksize stride pad',
  average_pooling_3d: 'x ksize stride pad',
  average_pooling_nd: 'x ksize stride pad',
  max_pooling_1d: 'x ksize stride pad',
  max_pooling_2d: 'x ksize stride pad',
  max_pooling_3d: 'x ksize stride pad',
  max_pooling_nd: 'x ksize stride pad',
  roi_average_align_2d: 'x rois roi_indices outsize spatial_scale',
  roi_average_pooling_2d: 'x rois roi_indices outsize spatial_scale',
  roi_max_align_2d: 'x rois roi_indices outsize spatial_scale',
  roi_max_pooling_2d: 'x rois roi_indices outsize spatial_scale',
  roi_pooling_2d: 'x rois outh outw spatial_scale',
  spatial_pyramid_pooling_2d: 'x pyramid_height',
  unpooling_1d: 'x ksize stride pad',
  unpooling_2d: 'x ksize stride pad',
  unpooling_3d: 'x ksize stride pad',
  unpooling_nd: 'x ksize stride pad',
  upsampling_2d: 'x indexes ksize stride pad',
};

/** The same for the constructors of optimizers, hooks and initializers. */
const CONSTRUCTORS: Readonly<Record<string, string>> = {
  // optimizers
  AdaBound: 'alpha beta1 beta2 final_lr gamma eps',
  AdaDelta: 'rho eps',
  AdaGrad: 'lr eps',
  Adam: 'alpha beta1 beta2 eps',
  AdamW: 'alpha beta1 beta2 eps',
  AMSBound: 'alpha beta1 beta2 final_lr gamma eps',
  AMSGrad: 'alpha beta1 beta2 eps',
  CorrectedMomentumSGD: 'lr momentum',
  MomentumSGD: 'lr momentum',
  MSVAG: 'lr beta',
  NesterovAG: 'lr momentum',
  RMSprop: 'lr alpha eps',
  RMSpropGraves: 'lr alpha momentum eps',
  SGD: 'lr',
  SMORMS3: 'lr eps',
  // optimizer hooks
  GradientClipping: 'threshold',
  GradientHardClipping: 'lower_bound upper_bound',
  GradientLARS: 'threshold',
  Lasso: 'rate',
  WeightDecay: 'rate',
  // initializers
  Constant: 'fill_value',
  GlorotNormal: 'scale',
  GlorotUniform: 'scale',
  HeNormal: 'scale',
  HeUniform: 'scale',
  Identity: 'scale',
  LeCunNormal: 'scale',
  LeCunUniform: 'scale',
  Normal: 'scale',
  Orthogonal: 'scale',
  Uniform: 'scale',
};

/** Functions whose call in Rensa differs from Chainer's. */
const RENAMED: Readonly<Record<string, string>> = { add_n: 'add' };

/** An operator: whose operands, for want of parameter names, are `a` and `b`, or `a` and a scalar on one side. */
const OPERATORS = new Set(['add', 'sub', 'mul', 'div', 'pow', 'floordiv']);

/** `max_pooling_2d` → `maxPooling2d`. Other words of Python need no change. */
export function camelCase(name: string): string {
  return name.replace(/_+([a-zA-Z0-9])/g, (_, first: string) => first.toUpperCase());
}

/** Chainer's names of the first parameters of `op`. */
export function parametersOf(op: string): string[] {
  if (OPERATORS.has(op)) return ['a', 'b'];
  return POSITIONAL[op]?.replaceAll('...', '').split(' ') ?? ['x'];
}

/** A call as it is made. */
export interface Call {
  /** The name of the function in `F`. */
  readonly name: string;
  readonly args: unknown[];
}

/** The call of `op` whose parameters are `inputs`, in Chainer's order, and `kwargs`. */
export function bindCall(op: string, inputs: ReadonlyMap<string, unknown>, kwargs: ReadonlyMap<string, unknown>): Call {
  const name = RENAMED[op] ?? camelCase(op);
  const given = new Map([...inputs, ...kwargs]);
  if (OPERATORS.has(op) && (given.has('lhs') || given.has('rhs'))) {
    return { name, args: given.has('lhs') ? [given.get('lhs'), given.get('a')] : [given.get('a'), given.get('rhs')] };
  }
  return { name, args: arrange(POSITIONAL[op]?.split(' ') ?? [...inputs.keys()], given) };
}

/** The arguments of a constructor whose parameters are `kwargs`. */
export function bindConstructor(name: string, kwargs: ReadonlyMap<string, unknown>): unknown[] {
  return arrange(CONSTRUCTORS[name]?.split(' ') ?? [], kwargs);
}

/** Arguments by position, and one options object for those that have none. */
function arrange(parameters: readonly string[], given: ReadonlyMap<string, unknown>): unknown[] {
  const options = new Map(given);
  const args = parameters.flatMap((parameter) => {
    const spread = parameter.startsWith('...');
    const key = spread ? parameter.slice(3) : parameter;
    const value = options.get(key);
    options.delete(key);
    return spread && Array.isArray(value) ? value : [value];
  });
  if (options.size > 0) {
    args.push(Object.fromEntries(Array.from(options, ([key, value]) => [camelCase(key), value])));
  } else {
    while (args.length > 0 && args.at(-1) === undefined) args.pop();
  }
  return args;
}

// @ts-check
/** The public names of Chainer 7.8.1 by section of its reference. `coverage.mjs` compares the package with them. */

const words = (/** @type {string} */ text) => text.trim().split(/\s+/);

/** Names under `chainer.functions`. */
export const FUNCTIONS = {
  Arithmetic: words('add'),
  Activation: words(`clipped_relu crelu elu hard_sigmoid leaky_relu log_softmax lstm maxout prelu relu relu6 rrelu selu
    sigmoid slstm softmax softplus swish tanh tree_lstm`),
  'Array manipulation':
    words(`as_strided broadcast broadcast_to cast concat copy depth2space diagonal dstack expand_dims
    flatten flip fliplr flipud get_item hstack im2col moveaxis pad pad_sequence permutate repeat reshape resize_images
    rollaxis scatter_add select_item separate space2depth spatial_transformer_grid spatial_transformer_sampler split_axis
    squeeze stack swapaxes tile transpose transpose_sequence vstack where`),
  'Neural network connections': words(`bilinear convolution_1d convolution_2d convolution_3d convolution_nd
    deconvolution_1d deconvolution_2d deconvolution_3d deconvolution_nd depthwise_convolution_2d
    deformable_convolution_2d_sampler dilated_convolution_2d embed_id linear local_convolution_2d n_step_bigru
    n_step_bilstm n_step_birnn n_step_gru n_step_lstm n_step_rnn shift`),
  Evaluation: words('accuracy binary_accuracy classification_summary f1_score precision r2_score recall'),
  Loss: words(`absolute_error bernoulli_nll black_out connectionist_temporal_classification contrastive
    crf1d argmax_crf1d cross_covariance decov discriminative_margin_based_clustering_loss gaussian_kl_divergence
    gaussian_nll hinge huber_loss mean_absolute_error mean_squared_error negative_sampling sigmoid_cross_entropy
    softmax_cross_entropy squared_error triplet`),
  Mathematics: words(`absolute arccos arcsin arctan arctan2 argmax argmin average batch_det batch_inv
    batch_l2_norm_squared batch_matmul bias ceil cholesky clip cos cosh cumprod cumsum det digamma einsum erf erfc
    erfcinv erfcx erfinv exp exp2 expm1 fft fix floor fmod ifft inv lgamma linear_interpolate log log10 log1p log2
    log_ndtr logsumexp matmul max maximum mean min minimum ndtr ndtri polygamma prod rsqrt scale sign sin sinh
    sparse_matmul sqrt square squared_difference sum sum_to tan tanh tensordot zeta`),
  Noise: words('dropout gaussian gumbel_softmax simplified_dropconnect zoneout'),
  Normalization: words(`batch_normalization batch_renormalization decorrelated_batch_normalization
    fixed_batch_normalization fixed_batch_renormalization fixed_decorrelated_batch_normalization group_normalization
    layer_normalization local_response_normalization normalize`),
  Pooling: words(`average_pooling_1d average_pooling_2d average_pooling_3d average_pooling_nd max_pooling_1d
    max_pooling_2d max_pooling_3d max_pooling_nd roi_average_align_2d roi_average_pooling_2d roi_max_align_2d
    roi_max_pooling_2d roi_pooling_2d spatial_pyramid_pooling_2d unpooling_1d unpooling_2d unpooling_3d unpooling_nd
    upsampling_2d`),
  Utility: words('forget'),
};

/** Names under the other namespaces, with their namespaces in this package. */
export const CLASSES = {
  Links: {
    at: 'L',
    names: words(`Bias Bilinear ChildSumTreeLSTM Convolution1D Convolution2D Convolution3D ConvolutionND
    Deconvolution1D Deconvolution2D Deconvolution3D DeconvolutionND DeformableConvolution2D DepthwiseConvolution2D
    DilatedConvolution2D EmbedID GRU Highway Inception InceptionBN LSTM Linear LocalConvolution2D MGU MLPConvolution2D
    NStepBiGRU NStepBiLSTM NStepBiRNNReLU NStepBiRNNTanh NStepGRU NStepLSTM NStepRNNReLU NStepRNNTanh NaryTreeLSTM
    Parameter Scale StatefulGRU StatefulMGU StatefulPeepholeLSTM StatefulZoneoutLSTM StatelessGRU StatelessLSTM
    StatelessMGU Maxout PReLU Swish SimplifiedDropconnect BatchNormalization BatchRenormalization
    DecorrelatedBatchNormalization GroupNormalization LayerNormalization BinaryHierarchicalSoftmax BlackOut CRF1d
    NegativeSampling Classifier VGG16Layers VGG19Layers GoogLeNet ResNet50Layers ResNet101Layers ResNet152Layers
    CaffeFunction`),
  },
  'Link composition': { at: '', names: words('Link Chain ChainList Sequential') },
  'Link hooks': { at: 'linkHooks', names: words('SpectralNormalization TimerHook WeightStandardization') },
  Optimizers: {
    at: 'optimizers',
    names: words(`AdaBound AdaDelta AdaGrad Adam AdamW AMSBound AMSGrad
    CorrectedMomentumSGD MomentumSGD MSVAG NesterovAG RMSprop RMSpropGraves SGD SMORMS3`),
  },
  'Optimizer hooks': {
    at: 'optimizerHooks',
    names: words(`GradientClipping GradientHardClipping GradientLARS
    GradientNoise Lasso WeightDecay`),
  },
  Initializers: {
    at: 'initializers',
    names: words(`Constant DownsamplingConvFilter GlorotNormal GlorotUniform HeNormal
    HeUniform Identity LeCunNormal LeCunUniform NaN Normal One Orthogonal Uniform UpsamplingDeconvFilter Zero`),
  },
  Training: { at: 'training', names: words('Trainer StandardUpdater ParallelUpdater MultiprocessParallelUpdater') },
  'Training extensions': {
    at: 'training.extensions',
    names: words(`Evaluator LogReport PrintReport PrintReportNotebook
    ProgressBar ProgressBarNotebook PlotReport VariableStatisticsPlot ParameterStatistics FailOnNonNumber
    ExponentialShift InverseShift LinearShift MultistepShift PolynomialShift StepShift WarmupShift DumpGraph
    observe_lr observe_value snapshot snapshot_object unchain_variables`),
  },
  Triggers: {
    at: 'training.triggers',
    names: words(`BestValueTrigger EarlyStoppingTrigger IntervalTrigger
    ManualScheduleTrigger MaxValueTrigger MinValueTrigger OnceTrigger TimeTrigger`),
  },
  Iterators: {
    at: 'iterators',
    names: words(`SerialIterator MultithreadIterator MultiprocessIterator
    DaliIterator ShuffleOrderSampler`),
  },
  Datasets: {
    at: 'datasets',
    names: words(`ConcatenatedDataset DictDataset ImageDataset LabeledImageDataset
    LabeledZippedImageDataset MultiZippedImageDataset PickleDataset SubDataset TextDataset TransformDataset TupleDataset
    ZippedImageDataset get_cifar10 get_cifar100 get_cross_validation_datasets get_cross_validation_datasets_random
    get_fashion_mnist get_kuzushiji_mnist get_mnist get_svhn split_dataset split_dataset_n split_dataset_n_random
    split_dataset_random`),
  },
  Serializers: { at: 'serializers', names: words('DictionarySerializer load_npz save_npz load_hdf5 save_hdf5') },
  'Function hooks': { at: 'functionHooks', names: words('CUDAProfileHook PrintHook TimerHook') },
};

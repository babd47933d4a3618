/** The kernels that run models and compute with arrays: a module of these alone is what edge workers carry. */
export { convDepthwise } from './conv/depthwise';
export { convDepthwiseGradInput } from './conv/depthwise-grad-input';
export { packFilters } from './conv/filters';
export { convForward } from './conv/forward';
export { convF64 } from './conv/generic';
export { convGradInput } from './conv/grad-input';
export { winogradFilters } from './conv/winograd/filters';
export { winograd } from './conv/winograd/forward';
export { addToView } from './copy/add-to-view';
export { copyRows, copyStrided8, copyStrided32, copyStrided64 } from './copy/copy';
export { gather, scatterAdd } from './copy/gather';
export { transpose32 } from './copy/transpose';
export { binaryF32 } from './elementwise/binary-float32';
export { binaryI32, binaryU8 } from './elementwise/binary-integer';
export { binaryF64 } from './elementwise/binary-scalar';
export { binaryBroadcast } from './elementwise/broadcast';
export { castTo } from './elementwise/cast';
export { unaryF32 } from './elementwise/unary-float32';
export { unaryI32, unaryU8 } from './elementwise/unary-integer';
export { unaryF64 } from './elementwise/unary-scalar';
export { where8, where32, where64 } from './elementwise/where';
export { blockColumns, blockDepth, blockRows, tileColumns, tileRows } from './gemm/blocking';
export { bytesOf as formatBytes } from './gemm/format';
export { gemm } from './gemm/gemm';
export { matmulF64, matmulI32 } from './gemm/generic';
export { fullTile } from './gemm/tile';
export { packWeight } from './gemm/weight';
export { affineF32, affineF64 } from './normalize/affine';
export { momentsF64, momentsRowsF32, productsColumnsF32 } from './normalize/moments';
export { averagePoolF32, averagePoolF64 } from './pool/average-pool';
export { maxPoolF32, maxPoolF64 } from './pool/max-pool';
export { argExtreme, cumulate } from './reduce/along-axis';
export { reduceColumnsF32, reduceRowsF32 } from './reduce/reduce-float32';
export { reduceScalar } from './reduce/reduce-scalar';
export { softmaxF32, softmaxF64 } from './reduce/softmax';

/** The first address that no constant of the kernels occupies. */
export function heapBase(): usize {
  return __heap_base;
}

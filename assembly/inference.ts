/**
 * The kernels that run models and compute with arrays. Edge workers that only run models carry a module of these alone. A file
 * whose exports are all kernels is exported whole.
 */
export { convDepthwise } from './conv/depthwise';
export * from './conv/depthwise-grad-input';
export { filtersBytes, packFilters } from './conv/filters';
export { convForward } from './conv/forward';
export { convF64 } from './conv/generic';
export * from './conv/grad-input';
export { winogradFilters, winogradFiltersBytes } from './conv/winograd/filters';
export { winograd } from './conv/winograd/forward';
export { addToView } from './copy/add-to-view';
export { copyRows, copyStrided8, copyStrided32, copyStrided64 } from './copy/copy';
export * from './copy/gather';
export { transpose32 } from './copy/transpose';
export * from './elementwise/binary-float32';
export * from './elementwise/binary-integer';
export { binaryF64 } from './elementwise/binary-scalar';
export * from './elementwise/broadcast';
export * from './elementwise/cast';
export * from './elementwise/unary-float32';
export * from './elementwise/unary-integer';
export { unaryF64 } from './elementwise/unary-scalar';
export { where8, where32, where64 } from './elementwise/where';
export { blockColumns, blockDepth, blockRows, tileColumns, tileRows } from './gemm/blocking';
export { gemm } from './gemm/gemm';
export { matmulF64, matmulI32 } from './gemm/generic';
export { fullTile } from './gemm/tile';
export * from './gemm/weight';
export { affineF32, affineF64 } from './normalize/affine';
export { momentsF64, momentsRowsF32, productsColumnsF32 } from './normalize/moments';
export { averagePoolF32, averagePoolF64 } from './pool/average-pool';
export * from './pool/max-pool';
export * from './reduce/along-axis';
export * from './reduce/reduce-float32';
export * from './reduce/reduce-scalar';
export * from './reduce/softmax';

/** The first address behind the kernels' constants. */
export function heapBase(): usize {
  return __heap_base;
}

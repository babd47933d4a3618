/** The kernels that nothing but learning calls: gradients in weights and through poolings, updates, random numbers. */
export { convDepthwiseGradWeight } from './conv/depthwise-grad-weight';
export { convGradWeight } from './conv/grad-weight';
export { winogradGradWeight } from './conv/winograd/grad-weight';
export { comomentsF64, comomentsRowsF32 } from './normalize/moments';
export { averagePoolGradF32, averagePoolGradF64 } from './pool/average-pool';
export { maxPoolGatherF32, maxPoolGatherF64, maxPoolGradF32, maxPoolGradF64 } from './pool/max-pool-adjoints';
export { randomF32, randomF64 } from './random/threefry';
export { updateF32, updateF64 } from './update/update';

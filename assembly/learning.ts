/** The kernels that only learning calls: gradients in weights and through poolings, updates, random numbers. */
export * from './conv/depthwise-grad-weight';
export * from './conv/grad-weight';
export * from './conv/winograd/grad-weight';
export { comomentsF64, comomentsRowsF32 } from './normalize/moments';
export { averagePoolGradF32, averagePoolGradF64 } from './pool/average-pool';
export * from './pool/max-pool-adjoints';
export * from './random/threefry';
export * from './update/update';

/** The imports of a tfjs program that trains and answers on WebAssembly, by its manual. */
export * from '@tensorflow/tfjs';
export * from '@tensorflow/tfjs-backend-wasm';

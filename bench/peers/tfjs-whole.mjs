/** What a program imports of tfjs to train and answer on WebAssembly, as its manual says. */
export * from '@tensorflow/tfjs';
export * from '@tensorflow/tfjs-backend-wasm';

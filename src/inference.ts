/**
 * The package `rensa/inference`, for programs that only run a model, such as an edge worker. It exports arrays (`np`
 * without `np.random`), static graphs, and the readers of model files and pictures, but no autograd, links or training.
 * The code that reads and writes files is loaded when a program first asks for it.
 */
export * from './errors.js';
export type { Limits } from './formats/limits.js';
export type { OnnxModel } from './formats/onnx/model.js';
export {
  type DecodeImageOptions,
  decodeImage,
  type HostImage,
  type ReadArraysOptions,
  readNpy,
  readNpz,
  readSafetensors,
} from './formats/readers.js';
export { CompiledGraph, type CompiledGraphOptions } from './graph/compiled-graph.js';
export type { Graph, GraphBuffer, GraphNode } from './graph/graph.js';
export type { LoadedOnnx, LoadOnnxOptions } from './graph/onnx/load.js';
export { compileOnnx, parseOnnx, readOnnx } from './graph/onnx/readers.js';
export type { OnnxOptions } from './graph/onnx/write.js';
export { type DeviceName, getDevice, type InitOptions, init, usingDevice } from './ndarray/device.js';
export { keep, scope } from './ndarray/lifetime.js';
/** Arrays and their routines, without `np.random`; follows NumPy. */
export * as np from './ndarray/routines.js';
export { NDArray, slice } from './ndarray/routines.js';
export { getRuntimeInfo, type RuntimeInfo } from './ndarray/runtime-info.js';

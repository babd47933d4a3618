/** The public surface of the package `rensa`, exported by hand. */
import './functions/methods.js';

export type { Backend } from './backends/backend.js';
export { type Compilable, type CompiledModel, type CompileOptions, compile } from './compile/index.js';
export { type BackwardOptions, type GradOptions, grad } from './core/backprop.js';
export { Chain } from './core/chain.js';
export { ChainList, type UnaryLink } from './core/chain-list.js';
export {
  buildComputationalGraph,
  ComputationalGraph,
  type ComputationalGraphOptions,
} from './core/computational-graph.js';
export { type Config, config, forceBackpropMode, noBackpropMode, usingConfig } from './core/config.js';
export { installFormatters } from './core/devtools.js';
export { type FunctionHook, usingHook } from './core/function-hook.js';
/** Hooks of functions: times, memory, prints. */
export * as functionHooks from './core/function-hooks/index.js';
export { FunctionNode, FunctionNode as Function } from './core/function-node.js';
/** Gradients against finite differences; follows chainer.gradient_check. */
export * as gradientCheck from './core/gradient-check.js';
export { Link } from './core/link.js';
export { type LinkHook, usingLinkHook } from './core/link-hook.js';
export type { LayerSummary, LinkSummary } from './core/link-summary.js';
export { type CopyMode, Parameter } from './core/parameter.js';
export { type Observation, Reporter, report } from './core/reporter.js';
export { type Layer, type LayerType, Sequential } from './core/sequential.js';
export type { Persistent, Serializer } from './core/serializer.js';
export type { StateDict, StateDifferences } from './core/state-dict.js';
export { DictSummary, Summary } from './core/summary.js';
export { asVariable, type GraphFunction, Variable, type VariableLike } from './core/variable.js';
/** Datasets, and functions that put their examples into batches; follows chainer.datasets and chainer.dataset. */
export * as datasets from './datasets/index.js';
export * from './errors.js';
export type { Limits } from './formats/limits.js';
export type { OnnxModel } from './formats/onnx/model.js';
export { parseOnnx } from './formats/onnx/parse.js';
export type { Sizes } from './functions/arguments/window-sizes.js';
/** Functions of variables; follows chainer.functions. */
export * as F from './functions/index.js';
/** Output sizes of convolutions and poolings; follows chainer.utils. */
export * as utils from './functions/outsize.js';
export { compileOnnx, type LoadedOnnx, type LoadOnnxOptions, readOnnx } from './graph/onnx/load.js';
export type { OnnxOptions } from './graph/onnx/write.js';
/** Initial values of parameters; follows chainer.initializers. */
export * as initializers from './initializers/index.js';
/** Iterators: batches of a dataset, one after another; follows chainer.iterators. */
export * as iterators from './iterators/index.js';
/** Links: layers with parameters; follows chainer.links. */
export * as L from './links/index.js';
/** Hooks of links; follows chainer.link_hooks. */
export * as linkHooks from './links/link-hooks/index.js';
export {
  checkDevice,
  type DeviceReport,
  type OperationReport,
  printDeviceReport,
} from './ndarray/check-device.js';
/** Devices under Chainer's names; follows chainer.backends.cuda. */
export * as cuda from './ndarray/cuda.js';
export { type DeviceName, getDevice, type InitOptions, init, usingDevice } from './ndarray/device.js';
export { keepHostCopy } from './ndarray/host-copy.js';
export { keep, scope } from './ndarray/lifetime.js';
/** Arrays and their routines; follows NumPy. */
export * as np from './ndarray/np.js';
export { NDArray, slice } from './ndarray/np.js';
export { getRuntimeInfo, printRuntimeInfo, type RuntimeInfo } from './ndarray/runtime-info.js';
/** Changes to gradients before an update, or to parameters after it; follows chainer.optimizer_hooks. */
export * as optimizerHooks from './optimizer-hooks/index.js';
/** Optimizers: rules by which parameters learn; follows chainer.optimizers. */
export * as optimizers from './optimizers/index.js';
/** Reading and writing the state of models and trainings; follows chainer.serializers. */
export * as serializers from './serializers/index.js';
/** Trainers, updaters, triggers and extensions; follows chainer.training. */
export * as training from './training/index.js';

/** The imports of the kernels, in every build and in every thread. */

/** The memory, and the engine's functions of float64 that assembly/math/host.ts declares. */
export const kernelImports = (memory: WebAssembly.Memory): WebAssembly.Imports => ({
  env: { memory, remainder: (a: number, b: number) => a % b },
  // TypeScript does not take `Math` for a record of functions, since these are not enumerable.
  Math: Math as object as WebAssembly.ModuleImports,
});

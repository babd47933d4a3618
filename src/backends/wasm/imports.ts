/** What every build of the kernels imports, in this thread and in others. */

/** Their memory, and the engine's own functions of float64: assembly/math/host.ts names them. */
export const kernelImports = (memory: WebAssembly.Memory): WebAssembly.Imports => ({
  env: { memory, remainder: (a: number, b: number) => a % b },
  // Its functions are not enumerable, so that no type sees a record in it.
  Math: Math as object as WebAssembly.ModuleImports,
});

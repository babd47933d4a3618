/** The dtypes' numbers, as src/backends/wasm/dtypes.ts lists them. */
export enum DType {
  Float32,
  Float64,
  Int32,
  Uint8,
  Bool,
}

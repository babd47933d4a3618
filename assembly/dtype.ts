/** The dtypes. The host reads their codes from the generated table `DTYPE_CODES`. */
export enum DType {
  Float32,
  Float64,
  Int32,
  Uint8,
  Bool,
}

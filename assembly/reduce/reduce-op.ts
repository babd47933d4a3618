/** The reductions, numbered as `REDUCE_OPS` of src/backends/backend.ts lists them. */
export enum ReduceOp {
  Sum,
  Prod,
  Max,
  Min,
}

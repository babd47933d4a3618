/** The elementwise functions of two arrays, numbered as `BINARY_OPS` of src/backends/backend.ts lists them. */
export enum BinaryOp {
  Add,
  Subtract,
  Multiply,
  Divide,
  Power,
  Maximum,
  Minimum,
  Mod,
  Fmod,
  FloorDivide,
  Arctan2,
  SigmoidGrad,
  TanhGrad,
  ReluGrad,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  LogicalAnd,
  LogicalOr,
  LogicalXor,
}

/** Which operands of a row are one element that stands for all: bits of a set. */
export enum Scalars {
  None = 0,
  A = 1,
  B = 2,
}

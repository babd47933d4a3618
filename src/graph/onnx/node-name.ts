/** The names of ONNX nodes in errors. */
import type { OnnxNode } from '../../formats/onnx/model.js';

/** A node in words: its name, operator and version. */
export function nameOf({ name, op, domain }: OnnxNode, opset: number): string {
  return `node '${name}' (${domain ? `${domain}.` : ''}${op}, version ${opset})`;
}

/** A program that runs LeNet5 of an ONNX file and does nothing else. */
import { np, readOnnx, scope } from 'rensa/inference';

const model = await readOnnx(new Uint8Array(await (await fetch('lenet5.onnx')).arrayBuffer()));

export const read = (pixels) =>
  scope(null, () => model(np.array(pixels, 'float32').reshape([1, 1, 28, 28])).dataSync());

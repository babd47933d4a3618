/** Loads LeNet5, trained by `npm start` and written as ONNX with weights of 16 bits. */
import { np, readOnnx, scope } from 'rensa/inference';

/**
 * Makes a function from 784 pixels to ten probabilities. The model is prepared once, and a call leaves nothing in
 * memory.
 */
export async function makeReader(bytes) {
  const model = await readOnnx(bytes, {}, 'lenet5.onnx');
  return (pixels) => scope(null, () => model(np.array(pixels, 'float32').reshape([1, 1, 28, 28])).dataSync());
}

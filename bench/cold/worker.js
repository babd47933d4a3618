/** From start to LeNet5's first answer on workerd: the first request loads the model. */
import { np, readOnnx } from '#rensa/inference';
import weights from '../../examples/edge-worker/lenet5.onnx';

export default {
  async fetch() {
    const model = await readOnnx(new Uint8Array(weights));
    return Response.json([...model(np.full([1, 1, 28, 28], 0.5)).dataSync()]);
  },
};

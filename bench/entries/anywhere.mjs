/** The entries that do not need Node, so that a page can run them, and the entry that needs a page. */
import { classifier } from './classifier.mjs';

const EVERYWHERE = ['node', 'chromium'];

/** @type {Record<string, import('./index.mjs').Entry>} */
export const ANYWHERE = {
  overhead: { title: 'What one call costs', runsIn: EVERYWHERE, load: () => import('./overhead.mjs') },
  gemm: { title: 'Matrix products', runsIn: EVERYWHERE, load: () => import('./gemm.mjs') },
  memory: { title: 'Work that memory limits', runsIn: EVERYWHERE, load: () => import('./memory.mjs') },
  'lenet5-inference': { title: 'LeNet5, inference', runsIn: EVERYWHERE, load: () => import('./lenet5-inference.mjs') },
  'lenet5-train': { title: 'LeNet5, a training step', runsIn: EVERYWHERE, load: () => import('./lenet5-train.mjs') },
  webgl: { title: 'WebGL2', runsIn: ['chromium'], load: () => import('./webgl.mjs') },
  mobilenetv2: {
    title: 'MobileNetV2',
    runsIn: EVERYWHERE,
    load: async () => ({ cases: classifier('mobilenetv2', { batches: [1] }) }),
  },
  resnet50: {
    title: 'ResNet-50',
    runsIn: EVERYWHERE,
    load: async () => ({ cases: classifier('resnet50', { batches: [1] }) }),
  },
};

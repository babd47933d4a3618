/**
 * A page that times each program once, from import to LeNet5's first answer. The model's file is loaded before the
 * clock starts.
 */
const PROGRAMS = {
  rensa: () => import('./rensa.mjs'),
  'rensa-inference': () => import('./rensa-inference.mjs'),
  'onnxruntime-web': () => import('./onnxruntime-web.mjs'),
  tfjs: () => import('./tfjs.mjs'),
};

window.start = async (program) => {
  const model = new Uint8Array(await (await fetch('/model/lenet5.onnx')).arrayBuffer());
  const before = performance.now();
  const { answer } = await PROGRAMS[program]();
  const answered = [...(await answer(model))];
  return { took: performance.now() - before, answer: answered };
};

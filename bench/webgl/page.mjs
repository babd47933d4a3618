/** The page of the WebGL2 benchmark: Rensa and tfjs in one browser, each on a WebGL2 context of its own, take turns. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-backend-webgl';
import { init } from 'rensa';
import { interleave } from '../measure.mjs';
import { CASES } from './cases.mjs';

/** What the browser says the contexts run on. */
window.renderer = () => {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  return gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
};

window.caseNames = () => Object.keys(CASES);

/** Compares the answers of a case, then times it. */
window.runCase = async (name) => {
  await init({ device: 'webgl' });
  await tf.setBackend('webgl');
  await tf.ready();
  const { title, ours, theirs } = CASES[name]();
  const contestants = [
    { name: 'rensa webgl', run: ours },
    { name: 'tfjs webgl 4.22', run: theirs },
  ];
  return { title, timings: await interleave(contestants, { rounds: 20, budgetMs: 6_000 }) };
};

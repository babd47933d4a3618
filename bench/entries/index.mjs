/**
 * The entries of the suite, in their order. `load` gives `cases` to time, or `measured` results that were timed
 * elsewhere. For a comparison of two builds it gives `starts`, cases that are timed elsewhere.
 */
import { ANYWHERE } from './anywhere.mjs';
import { classifier } from './classifier.mjs';

/** @typedef {{ title: string, runsIn: readonly ('node' | 'chromium')[], load: () => Promise<object> }} Entry */

const NODE = ['node'];

/** @type {Record<string, Entry>} */
export const ENTRIES = {
  ...ANYWHERE,
  convolution: { title: 'Convolutions of classifiers', runsIn: NODE, load: () => import('./convolution.mjs') },
  'mnist-epoch': { title: 'LeNet5, an epoch', runsIn: NODE, load: () => import('./mnist-epoch.mjs') },
  resnet152: {
    title: 'ResNet-152',
    runsIn: NODE,
    load: async () => ({ cases: classifier('resnet152', { batches: [1] }) }),
  },
  vgg16: { title: 'VGG16', runsIn: NODE, load: async () => ({ cases: classifier('vgg16', { batches: [1] }) }) },
  threads: { title: 'One and two threads', runsIn: NODE, load: () => import('./threads.mjs') },
  'data-parallel': {
    title: 'LeNet5, batches divided among threads',
    runsIn: NODE,
    load: () => import('./data-parallel.mjs'),
  },
  package: { title: 'The package: cold start and size', runsIn: NODE, load: () => import('./package.mjs') },
  'mobilenetv2-batch8': {
    title: 'MobileNetV2, eight images',
    runsIn: NODE,
    load: async () => ({ cases: classifier('mobilenetv2', { batches: [8] }) }),
  },
  'resnet50-batch8': {
    title: 'ResNet-50, eight images',
    runsIn: NODE,
    load: async () => ({ cases: classifier('resnet50', { batches: [8] }) }),
  },
  'resnet152-batch8': {
    title: 'ResNet-152, eight images',
    runsIn: NODE,
    load: async () => ({ cases: classifier('resnet152', { batches: [8] }) }),
  },
  'vgg16-batch8': {
    title: 'VGG16, eight images',
    runsIn: NODE,
    load: async () => ({ cases: classifier('vgg16', { batches: [8] }) }),
  },
  start: { title: 'Load time and memory', runsIn: NODE, load: () => import('./start.mjs') },
};

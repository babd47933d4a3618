/**
 * Networks that others have trained, on a picture: features, probabilities, the likeliest classes.
 *
 *     node scripts/run-example.mjs examples/pretrained.ts cat.jpg ResNet-152-model.caffemodel
 */
import { pathToFileURL } from 'node:url';
import { datasets, L, type np, usingConfig } from 'rensa';

/** The indices of the `n` largest values, the largest first. */
function likeliest(probabilities: np.NDArray, n = 5): number[] {
  const values = Array.from(probabilities.dataSync());
  return [...values.keys()].sort((a, b) => values[b] - values[a]).slice(0, n);
}

/** Prints what the two networks see in a picture. The classes are arguments, so that a test can pass small ones. */
export async function look(
  picture: string,
  resnetFile = 'ResNet-152-model.caffemodel',
  { VGG16Layers, ResNet152Layers }: Pick<typeof L, 'VGG16Layers' | 'ResNet152Layers'> = L,
) {
  const image = await datasets.readImage(picture);

  const vgg = await VGG16Layers.load(); // 'auto': downloads the caffemodel once, converts it to .npz, caches it, says so
  const resnet = await ResNet152Layers.load(resnetFile); // path, URL, Blob, bytes; .caffemodel or .npz
  const { fc7 } = usingConfig('train', false, () => vgg.extract([image], { layers: ['fc7'] }));
  const probabilities = vgg.predict([image], { oversample: true });

  console.log(`VGG16 has the layers ${vgg.availableLayers.join(', ')}`);
  console.log(`fc7 gives ${fc7.shape[1]} features of the picture`);
  for (const [name, found] of [['VGG16', probabilities] as const, ['ResNet152', resnet.predict([image])] as const]) {
    const classes = likeliest(found.array).map((i) => `${i} (${(100 * found.array.at(0, i).item()).toFixed(1)} %)`);
    console.log(`${name}: likeliest of ${found.shape[1]} classes: ${classes.join(', ')}`);
  }
  return { fc7, probabilities };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [picture, resnetFile] = process.argv.slice(2);
  await look(picture, resnetFile);
}

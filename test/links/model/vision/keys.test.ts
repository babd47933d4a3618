/** The pretrained networks' parameters, persistent values and layers. Oracle: those of Chainer's classes (zoo_keys.json). */
import { describe, expect, it } from 'vitest';
import { L, scope } from '../../../../src/index.js';
import { fixtureBytes } from '../../../support/chainer-fixtures.js';

interface Keys {
  readonly params: readonly (readonly [path: string, shape: readonly number[]])[];
  readonly persistent: readonly string[];
  readonly layers: readonly string[];
}

const zoo = JSON.parse(new TextDecoder().decode(fixtureBytes('models/zoo_keys.json'))) as Record<string, Keys>;
const { GoogLeNet, ResNet50Layers, ResNet101Layers, ResNet152Layers, VGG16Layers, VGG19Layers } = L;
const CLASSES = { GoogLeNet, ResNet50Layers, ResNet101Layers, ResNet152Layers, VGG16Layers, VGG19Layers };

/** Whole, these take half a gigabyte. */
const LARGE = ['VGG16Layers', 'VGG19Layers'];

describe.each(Object.entries(zoo))('%s', (name, { params, persistent, layers }) => {
  const Model = CLASSES[name as keyof typeof CLASSES];

  it('has the parameters, persistent values and layers of its original', () => {
    const model = new Model({ initialW: 0, width: 1 / 64 });
    const found = Array.from(model.namedParams(), ([path]) => path);
    expect(found.sort()).toEqual(params.map(([path]) => path).sort());
    const values = [...model.namedLinks()].flatMap(([path, link]) =>
      link.persistents().map(([key]) => `${path}/${key}`),
    );
    expect(values.sort()).toEqual([...persistent].sort());
    expect(model.availableLayers).toEqual(layers);
  });

  it.skipIf(LARGE.includes(name))('whole, has parameters of these shapes', () => {
    const shapes = scope(null, () => {
      const model = new Model({ initialW: 0 });
      return Array.from(model.namedParams(), ([path, { shape }]) => [path, [...shape]] as const);
    });
    expect(new Map(shapes)).toEqual(new Map(params));
  });
});

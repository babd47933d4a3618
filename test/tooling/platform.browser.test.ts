/** The browser of the tests has the features that they rely on. Without them, suites would pass by skipping. */
import { expect, test } from 'vitest';

test('the page is cross-origin isolated, so shared memory and threads work', () => {
  expect(crossOriginIsolated).toBe(true);
});

test('WebGL2 renders to float textures', () => {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  expect(gl?.getExtension('EXT_color_buffer_float')).not.toBeNull();
});

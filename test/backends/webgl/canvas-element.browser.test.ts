/**
 * Browsers whose OffscreenCanvas has no WebGL2, such as WebKit: the context comes from a canvas element, if there is a
 * document.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createWebglBackend } from '../../../src/backends/webgl/index.js';
import { DeviceError } from '../../../src/errors.js';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** OffscreenCanvas whose `getContext` does this. */
const stubOffscreenCanvas = (getContext: () => null) =>
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      getContext = getContext;
    },
  );

function expectToCompute(): void {
  const backend = createWebglBackend();
  const memory = backend.alloc(5, 'float32');
  const x = { shape: [5], dtype: 'float32', memory } as const;
  backend.fill(x, 2);
  backend.binary('multiply', x, 3, x);
  expect(backend.readSync(memory)).toEqual(new Float32Array(5).fill(6));
}

describe('on a page', () => {
  test.each<[string, () => void]>([
    ['gives null', () => stubOffscreenCanvas(() => null)],
    [
      'does not know webgl2',
      () =>
        stubOffscreenCanvas(() => {
          throw new TypeError("'webgl2' is not a valid value for enumeration OffscreenRenderingContextId");
        }),
    ],
    ['is missing', () => vi.stubGlobal('OffscreenCanvas', undefined)],
  ])('OffscreenCanvas %s: an element is taken', (_, stub) => {
    stub();
    expectToCompute();
  });

  test('without either, the error lists the attempts', () => {
    stubOffscreenCanvas(() => null);
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
    expect(() => createWebglBackend()).toThrow(DeviceError);
    expect(() => createWebglBackend()).toThrow(
      /no WebGL2 context: new OffscreenCanvas gives none .*, document\.createElement\('canvas'\) gives none/,
    );
  });
});

test('in a worker whose OffscreenCanvas has no WebGL2, the error says that there are no elements', async () => {
  const worker = new Worker(new URL('./in-worker-without-webgl2.ts', import.meta.url), { type: 'module' });
  const answer = new Promise<unknown>((resolve) => worker.addEventListener('message', ({ data }) => resolve(data)));
  expect(await answer).toMatch(
    /OffscreenCanvas gives none .*, document\.createElement\('canvas'\) does not exist here/,
  );
  worker.terminate();
});

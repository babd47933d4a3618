/** The backend works where there is no document. */
import { expect, test } from 'vitest';

test('in a worker, on an OffscreenCanvas', async () => {
  const worker = new Worker(new URL('./in-worker.ts', import.meta.url), { type: 'module' });
  const answer = await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });
  worker.terminate();
  expect(answer).toEqual([1, 4, 9, 16, 25]);
});

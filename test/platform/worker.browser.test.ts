/** The transport to workers, in a page. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openWorker, type WorkerScript } from '../../src/platform/worker.js';

const TEXT = `
  onmessage = ({ data }) => {
    if (data === 'throw') throw new TypeError('too late');
    if (data instanceof Uint8Array) postMessage(data.fill(7), [data.buffer]);
    else postMessage(data + 1);
  };`;

const made = (type: WorkerType): WorkerScript => ({
  make: () => new Worker(`data:text/javascript,${encodeURIComponent(TEXT)}`, { type }),
  file: () => {
    throw new TypeError('a page takes the worker');
  },
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** What the listener hears first. */
const firstOf = (script: WorkerScript, message: unknown, transfer?: ArrayBuffer[]) => {
  let end = async (): Promise<unknown> => undefined;
  const first = new Promise((resolve) => {
    const worker = openWorker(script, { received: resolve, lost: (reason) => resolve({ reason }) });
    ({ end } = worker);
    worker.hold(true);
    worker.send(message, transfer);
  });
  return first.finally(() => end());
};

describe.each<[string, WorkerScript]>([
  ['a text', { text: TEXT }],
  ['a script', made('classic')],
  ['a module', made('module')],
])('a worker of %s', (_, script) => {
  it('answers', async () => expect(await firstOf(script, 4)).toBe(5));

  it('takes buffers, and gives them back', async () => {
    const bytes = new Uint8Array(3);
    expect(await firstOf(script, bytes, [bytes.buffer])).toEqual(Uint8Array.of(7, 7, 7));
    expect(bytes.length).toBe(0);
  });

  it('is lost by an error', async () => {
    expect(await firstOf(script, 'throw')).toEqual({ reason: expect.stringMatching(/too late/) });
  });
});

it('a script that is not there is a loss', async () => {
  const make = () => new Worker('/not-there.js', { type: 'module' });
  expect(await firstOf({ make }, 1)).toEqual({ reason: 'its script could not be loaded' });
});

it('object URLs are revoked: when the worker answers, is ended, or cannot be made', async () => {
  const created = vi.spyOn(URL, 'createObjectURL');
  const revoked = vi.spyOn(URL, 'revokeObjectURL');
  await firstOf({ text: TEXT }, 1);
  const silent = openWorker({ text: '' }, { received: () => {}, lost: () => {} });
  await silent.end();
  vi.stubGlobal(
    'Worker',
    class {
      constructor() {
        throw new TypeError('refused');
      }
    },
  );
  expect(() => openWorker({ text: TEXT }, { received: () => {}, lost: () => {} })).toThrow('refused');
  vi.unstubAllGlobals();
  const urls = created.mock.results.map(({ value }) => value);
  expect(urls).toHaveLength(3);
  expect(new Set(revoked.mock.calls.map(([url]) => url))).toEqual(new Set(urls));
});

/** The transport to workers, in Node: messages both ways, every way to be lost, and what keeps a process alive. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openWorker, type WorkerScript, type WorkerThread } from '../../src/platform/worker.js';
import { expectNoneAlive, threads, unwatchWorkers, watchWorkers } from '../support/watched-workers.js';

const folder = mkdtempSync(join(tmpdir(), 'rensa-worker-'));
/** A worker that does what its messages say; by the port that the package has for it. */
let text = '';
beforeAll(async () => {
  const contents = `
    import { workerPort } from './src/platform/worker-port.ts';
    const port = workerPort();
    const acts = {
      add: ([a, b]) => port.postMessage(a + b),
      fill: (bytes) => port.postMessage(bytes.fill(7), [bytes.buffer]),
      throw: (message) => { throw new TypeError(message); },
      exit: (code) => process.exit(code),
      compute: () => { for (;;); },
    };
    port.onmessage = ({ data: [name, argument] }) => acts[name](argument);
  `;
  const { outputFiles } = await build({ stdin: { contents, resolveDir: process.cwd() }, bundle: true, write: false });
  text = outputFiles[0].text;
  writeFileSync(join(folder, 'script.cjs'), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(watchWorkers);
afterEach(async () => {
  await expectNoneAlive();
  unwatchWorkers();
});

type Message = readonly [name: string, argument?: unknown];

/** A worker, with the next thing that its listener hears: a message, or the reason of its loss. */
function open(script: WorkerScript): { worker: WorkerThread<Message>; next: () => Promise<unknown> } {
  const heard: unknown[] = [];
  const waiting: ((what: unknown) => void)[] = [];
  const hear = (what: unknown) => {
    const resolve = waiting.shift();
    if (resolve) resolve(what);
    else heard.push(what);
  };
  const worker = openWorker<Message>(script, { received: hear, lost: (reason) => hear({ reason }) });
  const next = async () => heard.shift() ?? new Promise((resolve) => void waiting.push(resolve));
  return { worker, next };
}

const never = (): Worker => {
  throw new TypeError('Node takes the file');
};

describe.each([
  ['a text', () => ({ text })],
  ['a file', () => ({ make: never, file: () => pathToFileURL(join(folder, 'script.cjs')) })],
])('a worker of %s', (_, script) => {
  it('answers, and buffers move both ways', async () => {
    const { worker, next } = open(script());
    worker.send(['add', [2, 3]]);
    expect(await next()).toBe(5);
    const bytes = new Uint8Array(4);
    worker.send(['fill', bytes], [bytes.buffer]);
    expect(bytes.length).toBe(0);
    expect(await next()).toEqual(Uint8Array.of(7, 7, 7, 7));
    await worker.end();
  });

  it.each<[Message, string]>([
    [['throw', 'too late'], 'too late'],
    [['exit', 3], 'it ended with code 3'],
    [['exit', 0], 'it ended with code 0'],
  ])('that does %j is lost', async (message, reason) => {
    const { worker, next } = open(script());
    worker.send(message);
    expect(await next()).toEqual({ reason });
    await worker.end();
  });

  it('is ended in the middle of a computation, and sends nothing more', async () => {
    const lost = vi.fn();
    const worker = openWorker<Message>(script(), { received: () => {}, lost });
    worker.send(['compute']);
    await worker.end();
    await expectNoneAlive();
    expect(lost).not.toHaveBeenCalled();
  });

  it('refuses values that cannot be cloned', async () => {
    const { worker } = open(script());
    expect(() => worker.send(['add', () => {}])).toThrow(/could not be cloned/);
    await worker.end();
  });
});

it('tells of a file that is not there', async () => {
  const { worker, next } = open({ make: never, file: () => pathToFileURL(join(folder, 'missing.cjs')) });
  expect(await next()).toMatchObject({ reason: expect.stringMatching(/missing\.cjs/) });
  await worker.end();
});

it('throws what the runtime throws where no worker can be made', () => {
  threads.Worker = class {
    constructor() {
      throw new RangeError('no more threads');
    }
  } as unknown as typeof threads.Worker;
  expect(() => open({ text })).toThrow('no more threads');
});

describe('a worker that somebody else made', () => {
  /** A browser's worker as far as the transport knows it. */
  class Made {
    onmessage: ((event: object) => void) | null = null;
    onmessageerror: (() => void) | null = null;
    onerror: ((event: object) => void) | null = null;
    readonly postMessage = vi.fn();
    readonly terminate = vi.fn();
  }

  it('is heard through its events until it is ended', async () => {
    const made = new Made();
    const { worker, next } = open({ make: () => made as unknown as Worker });
    worker.send(['add', 1]);
    expect(made.postMessage).toHaveBeenCalledWith(['add', 1], []);
    made.onmessage?.({ data: 'hello' });
    expect(await next()).toBe('hello');
    made.onmessageerror?.();
    expect(await next()).toEqual({ reason: 'it sent a message that cannot be read' });
    const preventDefault = vi.fn();
    made.onerror?.({ message: 'a fault', preventDefault });
    expect(await next()).toEqual({ reason: 'a fault' });
    made.onerror?.({ message: '', preventDefault });
    expect(await next()).toEqual({ reason: 'its script could not be loaded' });
    expect(preventDefault).toHaveBeenCalledTimes(2);
    await worker.end();
    expect(made.terminate).toHaveBeenCalledOnce();
    expect([made.onmessage, made.onmessageerror, made.onerror]).toEqual([null, null, null]);
  });
});

it.each([
  [false, 'ends'],
  [true, 'waits'],
])('a process whose worker is held: %s', async (held, what) => {
  const program = join(folder, `held-${held}.mjs`);
  const contents = `
    import { openWorker } from './src/platform/worker.ts';
    const worker = openWorker({ text: 'setInterval(() => {}, 1000)' }, { received() {}, lost() {} });
    worker.hold(${held});
    const timer = setTimeout(() => { console.log('waits'); process.exit(); }, 1500);
    timer.unref();
    process.on('exit', () => console.log('ends'));
  `;
  const stdin = { contents, resolveDir: process.cwd() };
  await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile: program, logLevel: 'error' });
  const output = execFileSync(process.execPath, [program], { timeout: 20_000, encoding: 'utf8' });
  expect(output.split('\n')[0]).toBe(what);
});

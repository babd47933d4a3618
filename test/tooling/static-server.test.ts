/** The server of pages serves the files of its folders, and refuses every other request. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostileRequests } from '../../scripts/soak/server/hostile-requests.mjs';
import { exchange, message } from '../../scripts/soak/server/raw-http.mjs';
import { serveFolders } from '../../scripts/static-server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'static-'));
const served = join(folder, 'served');
let server: Awaited<ReturnType<typeof serveFolders>>;

beforeAll(async () => {
  mkdirSync(join(served, 'a b'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'served-too.txt'), 'secret');
  writeFileSync(join(served, 'index.html'), 'index');
  writeFileSync(join(served, 'a b/ü.js'), 'script');
  execFileSync('mkfifo', [join(served, 'pipe')]);
  server = await serveFolders({ '/files/': served }, { pages: { '/page': 'page' } });
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const ask = (target: string, method = 'GET') =>
  exchange(Number(new URL(server.origin).port), message(`${method} ${target} HTTP/1.1\nHost: a\nConnection: close`));

it.each([
  ['/files/', 200, 'index'],
  ['/files/index.html?a=%', 200, 'index'],
  ['/files/a%20b/%C3%BC.js', 200, 'script'],
  ['/files/x/../index.html', 200, 'index'],
  ['/page', 200, 'page'],
])('%s: %i', async (target, status, body) => {
  const { statuses, received } = await ask(target);
  expect(statuses).toEqual([status]);
  expect(received).toContain(body);
});

it.each([
  '/files/../secret.txt',
  '/files/%2e%2e/secret.txt',
  '/files/%2e%2e%2fsecret.txt',
  '/files/..%5csecret.txt',
  '/files/....//secret.txt',
  '/files//../../secret.txt',
  '/files/%252e%252e/secret.txt',
  '/files/%00',
  '/files/index.html%00.js',
  '/files/a%20b',
  '/files/pipe',
  '/files',
  '/constructor',
  '/__proto__',
  '/files/__proto__',
  `/files/${'a'.repeat(5000)}`,
])('%.40s: 404', async (target) => {
  const { statuses, received } = await ask(target);
  expect(statuses).toEqual([404]);
  expect(received).not.toContain('secret');
});

it.each(['/%', '/%ff', '*', 'http://x/files/', 'x'])('%s: 400', async (target) => {
  expect((await ask(target)).statuses).toEqual([400]);
});

it('other methods: 405', async () => {
  for (const method of ['POST', 'DELETE', 'TRACE', 'OPTIONS']) expect((await ask('/', method)).statuses).toEqual([405]);
});

it('answers on after each hostile request', async () => {
  const port = Number(new URL(server.origin).port);
  for (const request of hostileRequests()) {
    const { statuses } = await exchange(port, request.bytes, { ...request, timeout: 20_000 });
    expect([request.name, statuses.includes(500)]).toEqual([request.name, false]);
  }
  expect((await ask('/files/')).statuses).toEqual([200]);
});

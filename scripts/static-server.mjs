// @ts-check
/**
 * A server on loopback for files in folders on disk. Its pages are cross-origin isolated, so that they have shared memory.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cache-Control': 'no-store',
};

/** @type {Record<string, string>} */
const TYPES = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/**
 * The file that a request names: the longest prefix of `folders` decides, and nothing above its folder is served.
 * @param {Record<string, string>} folders
 * @param {string} path
 */
function fileOf(folders, path) {
  const prefix = Object.keys(folders)
    .filter((candidate) => path.startsWith(candidate))
    .sort((a, b) => b.length - a.length)[0];
  return prefix && join(folders[prefix], normalize(`/${path.slice(prefix.length)}`));
}

/**
 * Starts the server.
 * @param {Record<string, string>} folders URL prefixes, ending in a slash, and the folders behind them
 * @param {{ port?: number, pages?: Record<string, string>, headers?: Record<string, string> }} [options] `port`: default any
 *   that is free; `pages`: HTML by path; `headers`: added to every answer
 * @returns {Promise<{ origin: string, close(): void }>}
 */
export async function serveFolders(folders, { port = 0, pages = {}, headers = {} } = {}) {
  const common = { ...HEADERS, ...headers };
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (path in pages) {
      response.writeHead(200, { ...common, 'Content-Type': TYPES['.html'] });
      response.end(pages[path]);
      return;
    }
    const file = fileOf(folders, path.endsWith('/') ? `${path}index.html` : path) ?? '';
    try {
      const body = await readFile(file);
      response.writeHead(200, { ...common, 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
      response.end(body);
    } catch {
      response.writeHead(404, common);
      response.end();
    }
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(null));
  });
  const address = server.address();
  const actual = typeof address === 'object' ? address?.port : port;
  return { origin: `http://127.0.0.1:${actual}`, close: () => void server.close() };
}

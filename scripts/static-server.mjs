// @ts-check
/**
 * A server on loopback for files in folders on disk. Its pages are cross-origin isolated, so they have shared memory.
 */
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
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
 * The decoded path of a request; null if its target is not a path or not UTF-8.
 * @param {string} target
 */
function pathOf(target) {
  if (!target.startsWith('/')) return null;
  try {
    return decodeURIComponent(target.replace(/[?#].*/s, ''));
  } catch {
    return null;
  }
}

/**
 * The file of a path. The longest matching prefix of `folders` gives the folder; files outside of it are not served.
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
 * Starts the server. It answers GET and HEAD: 404 if there is no file, 405 to other methods, 400 to a target that is not a path.
 * @param {Record<string, string>} folders the folders by URL prefixes, which end in a slash
 * @param {{ port?: number, pages?: Record<string, string>, headers?: Record<string, string> }} [options] `port`: default any
 *   free port; `pages`: HTML by path; `headers`: headers of every answer
 * @returns {Promise<{ origin: string, close(): void }>}
 */
export async function serveFolders(folders, { port = 0, pages = {}, headers = {} } = {}) {
  const common = { ...HEADERS, ...headers };

  /** @param {string} method @param {string} target @returns {Promise<[status: number, type?: string, body?: string | Uint8Array]>} */
  async function answer(method, target) {
    if (method !== 'GET' && method !== 'HEAD') return [405];
    const path = pathOf(target);
    if (path === null) return [400];
    if (Object.hasOwn(pages, path)) return [200, TYPES['.html'], pages[path]];
    const file = fileOf(folders, path.endsWith('/') ? `${path}index.html` : path) ?? '';
    try {
      // Reading a pipe or a device would not end.
      if (!(await stat(file)).isFile()) return [404];
      return [200, TYPES[extname(file)] ?? 'application/octet-stream', await readFile(file)];
    } catch {
      return [404];
    }
  }

  const server = createServer(async ({ method = '', url = '' }, response) => {
    const [status, type, body] = await answer(method, url);
    const more = status === 405 ? { Allow: 'GET, HEAD' } : type ? { 'Content-Type': type } : {};
    response.writeHead(status, { ...common, ...more }).end(body);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(null));
  });
  const address = server.address();
  const actual = typeof address === 'object' ? address?.port : port;
  return { origin: `http://127.0.0.1:${actual}`, close: () => void server.close() };
}

// @ts-check
/**
 * Opens a page in headless Chromium whose files come from folders on disk, through a server on loopback that lives as
 * long as the page. The page is cross-origin isolated, so that it has shared memory. It knows nothing of what the page does.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { CHROMIUM_FLAGS, ensureChromium } from './chromium.mjs';

const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** @type {Record<string, string>} */
const TYPES = {
  '.js': 'text/javascript',
  '.html': 'text/html',
  '.json': 'application/json',
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
 * @param {Record<string, string>} folders
 * @param {string} script
 */
function serve(folders, script) {
  return createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (path === '/') {
      response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/html' });
      response.end(`<!doctype html><title>rensa</title><script type="module" src="${script}"></script>`);
      return;
    }
    try {
      const body = await readFile(fileOf(folders, path) ?? '');
      response.writeHead(200, { ...HEADERS, 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' });
      response.end(body);
    } catch {
      response.writeHead(404, HEADERS);
      response.end();
    }
  });
}

/**
 * Opens a page that has loaded `script`.
 * @param {Record<string, string>} folders URL prefixes, ending in a slash, and the folders behind them
 * @param {string} script the URL of the page's module
 */
export async function openPage(folders, script) {
  const executablePath = ensureChromium();
  const { chromium } = await import('playwright');
  const server = serve(folders, script);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  const close = async () => {
    await browser.close();
    server.close();
  };
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`page: ${error.message}`));
    await page.goto(`http://127.0.0.1:${port}/`, { waitUntil: 'load' });
    return { page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

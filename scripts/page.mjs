// @ts-check
/** Opens a page in headless Chromium, with files from folders on disk. */
import { CHROMIUM_FLAGS, ensureChromium } from './chromium.mjs';
import { serveFolders } from './static-server.mjs';

/**
 * Starts a server of the files, and opens a page.
 * @param {Record<string, string>} folders the folders by URL prefixes, which end in a slash
 * @param {string} path the URL of a page, or of a module (`.js`, `.mjs`), which gets an empty page
 * @param {Record<string, string>} [headers] headers of every answer
 * @param {readonly string[]} [flags] more arguments for Chromium
 */
export async function openPage(folders, path, headers = {}, flags = []) {
  const executablePath = ensureChromium();
  const { chromium } = await import('playwright');
  const isModule = /\.m?js$/.test(path);
  const pages = { '/': `<!doctype html><title>rensa</title><script type="module" src="${path}"></script>` };
  const server = await serveFolders(folders, isModule ? { pages, headers } : { headers });
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS, ...flags] });
  const close = async () => {
    await browser.close();
    server.close();
  };
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`page: ${error.message}`));
    await page.goto(`${server.origin}${isModule ? '/' : path}`, { waitUntil: 'load' });
    return { page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

// @ts-check
/** Opens a page in headless Chromium whose files come from folders on disk. It knows nothing of what the page does. */
import { CHROMIUM_FLAGS, ensureChromium } from './chromium.mjs';
import { serveFolders } from './static-server.mjs';

/**
 * Opens a page, and the server that its files come from.
 * @param {Record<string, string>} folders URL prefixes, ending in a slash, and the folders behind them
 * @param {string} path what is opened: the URL of a page, or of a module (`.js`, `.mjs`), which gets an empty page of its own
 * @param {Record<string, string>} [headers] added to every answer
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

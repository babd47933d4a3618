// @ts-check
/**
 * Finds a Chromium for the browser tests, and installs Debian's if there is none and the user may. Also has the flags with which WebGL2
 * works without a GPU. Imports only Node's own modules.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from './stages.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

/** The paths of browsers on systems that do not put them into PATH. */
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** WebGL2 on the software rasteriser SwiftShader, and none of the browser's own traffic. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox', // containers run as root, where the sandbox refuses to start
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The path of a Chromium: the environment variable CHROMIUM, else the first known name in PATH, else a known place.
 * @returns {string | undefined}
 */
export function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const directories = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = NAMES.flatMap((name) => directories.map((directory) => join(directory, name)));
  return [...candidates, ...PLACES].find(isExecutable);
}

/** Finds Chromium or installs it. If it can do neither, throws an error with instructions. */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '-q'], env);
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], env);
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error(
    'The browser tests need Chromium and none was found in PATH. Install it (Debian: `apt-get install chromium`), ' +
      'or set CHROMIUM to the path of a Chromium or Chrome executable.',
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) console.log(ensureChromium());

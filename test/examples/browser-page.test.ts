/** The page of examples/browser as a person uses it, unbundled and bundled: train, draw, save, load. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { afterAll, describe, expect, it } from 'vitest';
import { askedPort, bundle, serve } from '../../examples/browser/serve.mjs';
import { openPage } from '../../scripts/page.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'rensa-'));
afterAll(() => rmSync(directory, { recursive: true }));

const text = (page: Page, id: string) => page.locator(`#${id}`).textContent();

/** Waits until the text of the element matches. */
const says = (page: Page, id: string, pattern: RegExp, timeout = 120_000) =>
  page.waitForFunction(
    ({ id, source }) => new RegExp(source).test(document.getElementById(id)?.textContent ?? ''),
    { id, source: pattern.source },
    { timeout },
  );

/** Draws a line through places on the pad, as fractions of its sides. */
async function draw(page: Page, places: readonly (readonly [x: number, y: number])[]) {
  const box = await page.locator('#pad').boundingBox();
  if (!box) throw new Error('no pad');
  const at = ([x, y]: readonly [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(places[0]));
  await page.mouse.down();
  for (const place of places.slice(1)) await page.mouse.move(...at(place), { steps: 8 });
  await page.mouse.up();
}

const ONE = [
  [0.5, 0.15],
  [0.5, 0.85],
] as const;
const ZERO = Array.from({ length: 25 }, (_, i) => {
  const angle = (2 * Math.PI * i) / 24 - Math.PI / 2;
  return [0.5 + 0.22 * Math.cos(angle), 0.5 + 0.33 * Math.sin(angle)] as const;
});

/** Clears the pad, draws, and waits until the page recognises the digit. */
async function reads(page: Page, places: readonly (readonly [number, number])[], digit: number): Promise<void> {
  await page.click('#clear');
  await draw(page, places);
  await says(page, 'digit', new RegExp(`^${digit}$`), 20_000);
}

describe('unbundled, from the checkout', () => {
  it.each(['wasm', 'webgl'])('trains on %s, reads drawings, saves and loads', { timeout: 240_000 }, async (device) => {
    const images = device === 'wasm' ? 30_000 : 6_000;
    const { page, close } = await openPage({ '/': root }, `/examples/browser/index.html?images=${images}`);
    try {
      await page.selectOption('#device', device);
      await page.fill('#epochs', device === 'wasm' ? '2' : '3');
      await page.click('#train');
      await says(page, 'speed', /images\/s/);
      // It reads while it trains.
      await draw(page, ONE);
      await says(page, 'digit', /\d/);
      await says(page, 'status', /trained for/, 200_000);
      expect(Number.parseFloat((await text(page, 'tested')) ?? '')).toBeGreaterThan(device === 'wasm' ? 95 : 85);
      await reads(page, ONE, 1);
      await reads(page, ZERO, 0);
      if (device !== 'wasm') return;

      mkdirSync(join(root, 'build'), { recursive: true });
      await page.screenshot({ path: join(root, 'build/browser-example.png') });
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
      const file = join(directory, 'lenet5.npz');
      await download.saveAs(file);
      await page.reload();
      await page.setInputFiles('#file', file);
      await says(page, 'status', /weights loaded/);
      await reads(page, ZERO, 0);
      await page.setInputFiles('#file', {
        name: 'x.npz',
        mimeType: 'application/zip',
        buffer: Buffer.from('no weights'),
      });
      await says(page, 'status', /load: /);
    } finally {
      await close();
    }
  });
});

describe('the server', () => {
  it('takes the first free port, or the one asked for', async () => {
    const taken = await serve(directory, 0);
    try {
      const port = Number(new URL(taken.origin).port);
      await expect(serve(directory, port)).rejects.toThrow(`port ${port} is taken by other programs`);
    } finally {
      taken.close();
    }
    const [one, two] = [await serve(directory, null), await serve(directory, null)];
    for (const { close } of [one, two]) close();
    expect(one.origin).not.toBe(two.origin);
  });

  it('is told by an option or a variable', () => {
    expect(askedPort([], undefined)).toBeNull();
    expect(askedPort([], '9001')).toBe(9001);
    expect(askedPort(['--port', '9000'], '9001')).toBe(9000);
    expect(() => askedPort(['--port', 'x'], undefined)).toThrow('port x: expected a number from 0 to 65535');
  });
});

describe('bundled', () => {
  it('asks for whole epochs, and finds its icon', { timeout: 60_000 }, async () => {
    const out = join(directory, 'asking');
    await bundle(out);
    const { page, close } = await openPage({ '/': out }, '/index.html');
    const missing: string[] = [];
    page.on('response', (response) => {
      if (response.status() >= 400) missing.push(response.url());
    });
    try {
      await page.reload({ waitUntil: 'networkidle' });
      for (const epochs of ['0', '', '-1', '1.5', '99']) {
        await page.fill('#epochs', epochs);
        await page.click('#train');
        expect(await text(page, 'status'), `${epochs} epochs`).toBe('untrained');
        expect(await page.isEnabled('#train')).toBe(true);
      }
      expect(missing).toEqual([]);
    } finally {
      await close();
    }
  });

  it('trains, stops, and starts again', { timeout: 120_000 }, async () => {
    const out = join(directory, 'page');
    await bundle(out);
    const { page, close } = await openPage({ '/': out }, '/index.html');
    try {
      await page.click('#train');
      await says(page, 'speed', /images\/s/);
      await page.click('#stop');
      await says(page, 'status', /trained for/);
      expect(await page.isEnabled('#train')).toBe(true);
      await page.click('#train');
      await says(page, 'status', /training on wasm/);
    } finally {
      await close();
    }
  });
});

/**
 * The API reference: every public name has a docstring, every link in the reference and in the guide leads somewhere,
 * and its pages fit a phone.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openPage } from '../../scripts/page.mjs';
import { output } from '../package/project.js';

const TYPEDOC = 'docs/reference/node_modules/.bin/typedoc';
const SITE = 'build/docs-tested';
const PHONE = { width: 390, height: 844 };

it('documents every public name, without a broken link', { timeout: 240_000 }, async () => {
  const settings = ['--options', 'docs/reference/typedoc.json', '--out', SITE, '--logLevel', 'Warn'];
  await expect(output(TYPEDOC, settings)).resolves.toBe('');
});

it('has a page for each text that README links to', () => {
  const links = [...readFileSync(`${SITE}/index.html`, 'utf8').matchAll(/href="([^"]*\.md)"/g)].map(([, link]) => link);
  expect(links).toEqual([]);
});

it('has no page that is wider than a phone, and finds all files', { timeout: 120_000 }, async () => {
  const { page, close } = await openPage({ '/': SITE }, '/index.html');
  const missing: string[] = [];
  page.on('response', (response) => {
    if (response.status() >= 400) missing.push(response.url());
  });
  try {
    await page.setViewportSize(PHONE);
    const documents = readdirSync(`${SITE}/documents`).map((name) => `documents/${encodeURIComponent(name)}`);
    for (const path of ['index.html', 'modules/index.F.html', 'classes/index.L.Convolution2D.html', ...documents]) {
      await page.goto(new URL(`/${path}`, page.url()).href, { waitUntil: 'load' });
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(PHONE.width);
    }
    expect(missing).toEqual([]);
  } finally {
    await close();
  }
});

/**
 * A page's bundle of the package, made without configuration. Oracle: the bundler, which refuses modules that browsers
 * lack.
 */
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test('a bundle for browsers needs nothing of Node', async () => {
  const { metafile, warnings } = await build({
    entryPoints: ['src/index.ts'],
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    outdir: 'build/browser-bundle',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  expect(warnings).toEqual([]);
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  expect(imports.filter(({ external }) => external)).toEqual([]);
});

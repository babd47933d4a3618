/** The API reference can be written: every public name has a docstring, and every link in them and in the guide leads somewhere. */
import { expect, it } from 'vitest';
import { output } from '../package/project.js';

const TYPEDOC = 'docs/reference/node_modules/.bin/typedoc';

it('documents every public name, without a broken link', { timeout: 240_000 }, async () => {
  await expect(output(TYPEDOC, ['--options', 'docs/reference/typedoc.json', '--emit', 'none'])).resolves.toBe('');
});

/** A custom formatter for the consoles of browsers (Chromium's and Firefox's DevTools): it shows arrays, variables and links. */
import { NDArray } from '../ndarray/np.js';
import { Described } from '../printing.js';
import { Variable } from './variable.js';

/** An element as DevTools take it: its tag, its attributes, and text or elements in it. */
type Markup = readonly [tag: string, attributes: object, ...content: unknown[]];

/** The functions that DevTools call for each logged value. */
interface Formatter {
  header(value: unknown, config?: { readonly raw?: boolean }): Markup | null;
  hasBody(value: unknown): boolean;
  body(value: unknown): Markup | null;
}

const FORMATTER: Formatter = {
  header(value, config) {
    const isOurs = value instanceof NDArray || value instanceof Variable || value instanceof Described;
    return isOurs && !config?.raw
      ? ['div', { style: 'font-family: monospace; white-space: pre' }, String(value)]
      : null;
  },
  hasBody: () => true,
  // The body shows the fields, as DevTools do without a formatter.
  body: (value) => ['div', {}, ['object', { object: value, config: { raw: true } }]],
};

/**
 * Lets the DevTools of a page show arrays with their values, and links as trees, once "Custom formatters" are enabled in their
 * settings. A second call does nothing. The library does not do this by itself, since the list belongs to the page.
 */
export function installFormatters(): void {
  const there: unknown = Reflect.get(globalThis, 'devtoolsFormatters');
  const formatters: unknown[] = Array.isArray(there) ? there : [];
  if (!formatters.includes(FORMATTER)) formatters.push(FORMATTER);
  Reflect.set(globalThis, 'devtoolsFormatters', formatters);
}

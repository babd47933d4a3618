// @ts-check
/**
 * Restores the names of the sources in bundles. esbuild puts all modules of a bundle into one scope, so it writes
 * `var NDArray = class _NDArray` if a class refers to itself, and `Linear2` or `add2` if two modules declare the same name. Messages, stack
 * traces, profiles and heap snapshots show these names. esbuild's `keepNames` costs a call for every function that a program makes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { root } from './stages.mjs';

const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
const STRINGS = /"(?:[^"\\\n]|\\.)*"/g;

/** A class at the top level of an unminified bundle: its variable, its own name, the rest of its head, its body. */
const CLASS = /^var (\w+) = class( \w+)?( extends \w+)? \{([\s\S]*?^)?\};$/gm;

/** A function at the top level of a bundle, whose name may end in a number from esbuild. */
const NUMBERED = /^(?:async )?(?:function\*? |var )(\w+\d)(?:\(| = (?:async )?(?:\([^)]*\)|\w+) =>)/gm;

/** The names of classes, functions and variables at the top level of the sources and of the bundled packages. */
export function namesInSources() {
  const sources = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const texts = sources.map((name) => readFileSync(`${root}/src/${name}`, 'utf8'));
  const declared = /\b(?:class|function\*?|const|let|var) (\w+)/g;
  return new Set(texts.flatMap((text) => [...text.matchAll(declared)].map(([, name]) => name)));
}

/**
 * The bundle with the sources' names of classes and functions. Blanks make up for shorter names, so that columns, and with them the
 * source map, stay right.
 * @param {string} bundle
 * @param {Set<string>} names the names that the sources declare
 * @throws Error if a class uses another class of the same name: with that name it would use itself
 */
export function restoreNames(bundle, names) {
  const ownName = (/** @type {string} */ name) => {
    let own = name;
    while (!names.has(own) && /\d$/.test(own)) own = own.slice(0, -1);
    return own;
  };
  const text = bundle.replace(CLASS, (whole, variable, inner = '', heritage = '', body = '') => {
    const name = ownName(variable);
    const alias = inner.trim();
    if (alias === name) return whole;
    const code = body.replace(COMMENTS, '').replace(STRINGS, '');
    if (name !== variable && new RegExp(`(?<![.#\\w$])${name}\\b(?!:)`).test(code))
      throw new Error(`the class ${name} (${variable} in its bundle) refers to another ${name}: rename one of them`);
    const members = alias ? body.replace(new RegExp(`\\b${alias}\\b`, 'g'), name.padStart(alias.length)) : body;
    return `var ${variable} = class ${name}${heritage} {${members}};`;
  });
  const renamed = [...text.matchAll(NUMBERED)].map(([, name]) => name).filter((name) => !names.has(name));
  if (renamed.length === 0) return text;
  const pairs = renamed.map((name) => `[${name}, "${ownName(name)}"]`).join(', ');
  // Before the line of the source map, if there is one.
  const [code, map = ''] = text.split(/(?=\/\/# sourceMappingURL=.*\s*$)/);
  return `${code}for (const [own, value] of [${pairs}]) Object.defineProperty(own, "name", { value, configurable: true });\n${map}`;
}

/**
 * The module with a static getter `name` in each class, for bundlers: a minifier renames classes, but messages, the labels of graphs and
 * the files of trainings use `constructor.name`. Bundlers drop unused classes with a static getter, but not with a static field.
 * @param {string} module
 */
export function sayNames(module) {
  return module.replace(
    /^class (\w+)( extends [\w.]+)? \{(\})?$/gm,
    (_, name, heritage = '', end = '') =>
      `class ${name}${heritage} {\n  static get name() {\n    return "${name}";\n  }${end && '\n}'}`,
  );
}

// @ts-check
/**
 * The lint rule for English: phrases that must not stand in comments, docstrings, messages and documents. Each phrase is
 * one that makes a reader stop and decode. CONTRIBUTING.md ("How we write") has the rules behind the list.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { root } from './stages.mjs';

/**
 * @typedef {{ pattern: RegExp, advice: string }} Rule
 * @typedef {{ file: string, line: number, text: string, advice: string }} Violation
 */

/** Where a sentence starts: after another one, or at the beginning of a comment or a paragraph ('¶', see {@link flowed}). */
const START = '(?<=[.:;!?] |- |/\\*\\*? ?|// ?|^|¶)';

/**
 * What each phrase should have been.
 * @type {readonly Rule[]}
 */
export const RULES = [
  { pattern: /\bknown (?:elsewhere|here)\b/g, advice: "name the file: 'see x.ts'" },
  {
    pattern: /\b(?:its|their|his|whose|another's|others'|\w+'s) (?:own )?(?:business|affairs?)\b/g,
    advice: "say who does it: 'x.ts does …'",
  },
  { pattern: /\bwhat there is of\b/gi, advice: 'name the thing and its unit' },
  {
    pattern: /\b(?:for|of|and|with|but|by|from|to|are|is|than) such as\b/g,
    advice: "'such as' needs a noun before it: 'kernels that …'",
  },
  { pattern: /(?<!\bknow[sn]? |\bout )\bof nothing\b/g, advice: "name it: 'an empty sum', 'an empty array'" },
  {
    pattern: new RegExp(`${START}Of (?!course\\b)`, 'g'),
    advice: "put the subject first; in a field's docstring name the quantity",
  },
  {
    pattern: /\b[Ww]hat (?:is|are|has|have|had) no\b/g,
    advice: "name the noun: 'a value that is not …', 'an object without …'",
  },
  {
    pattern: new RegExp(
      `${START}What (?:is|are|was|were|has|have|cannot|can|may|must|does|stands|comes|lies)\\b(?![^.¶|]{0,200}\\?)`,
      'g',
    ),
    advice: 'a sentence that begins with a noun clause is hard to read: begin with the noun',
  },
  {
    pattern: /\b(?:of|from) (?:before|then|now)(?=[,;:)]|[.](?: |¶|$)| \*\/)/g,
    advice: "'earlier', 'current', 'at that time'",
  },
  { pattern: /\b(?:need|want|know|take|make|ask)s? (?:it|them) not\b/g, advice: "'does not need it'" },
  { pattern: /\bwhat (?:it|they) (?:is|are) called for\b/g, advice: "'its work', or name the call" },
  { pattern: /\b(?:is|are) said\b/g, advice: "say who says it: 'see x.ts', 'where the table names two'" },
  {
    pattern: /\bfrom (?:an?|one|the|its) \w+ on(?= that\b|[.,;:]| of\b| and\b)/g,
    advice: "'from this byte onwards', or name an offset",
  },
  { pattern: /\b(?:to|from|near|by) who\b|(?<=[.] )Who (?=\w+s\b)/g, advice: "'to the caller that …'" },
  { pattern: /\b(?:has|have|had) not(?=[.,;:)])/g, advice: "'lacks'" },
];

/** Folders with prose; the documents in the root have some too. */
const FOLDERS = ['src', 'assembly', 'docs', 'scripts', 'bench', 'examples', 'test'];

/** Files that hold no prose of ours, and those that quote the phrases. */
const EXCEPT = /(?:^|\/)(?:node_modules|generated|dist|build)\/|^test\/fixtures\/|^bench\/results\/|check-prose/;

const KINDS = /\.(?:[cm]?[jt]s|md|html|css)$/;

/**
 * The source on one line, so that a phrase is found across line breaks. A line break, with the marks of a comment around it,
 * becomes a blank; the end of a paragraph becomes '¶'. `offsets[i]` is the place in the source of character i.
 * @param {string} source
 */
function flowed(source) {
  const BREAK = /[ \t]*(?:\n[ \t]*(?:\*(?!\/)|\/\/|>)?[ \t]*)+/g;
  let text = '';
  /** @type {number[]} */
  const offsets = [];
  let from = 0;
  /** @param {number} to */
  const take = (to) => {
    for (let i = from; i < to; i++) offsets.push(i);
    text += source.slice(from, to);
  };
  for (const { 0: gap, index } of source.matchAll(BREAK)) {
    take(index);
    const isParagraph = (gap.match(/\n/g) ?? []).length > 1;
    text += isParagraph ? '¶' : ' ';
    offsets.push(index);
    from = index + gap.length;
  }
  take(source.length);
  return { text, offsets };
}

/**
 * @param {string} file
 * @param {string} source
 * @returns {Violation[]} in the order of the file
 */
export function checkProse(file, source) {
  const { text, offsets } = flowed(source);
  return RULES.flatMap(({ pattern, advice }) =>
    [...text.matchAll(pattern)].map(({ 0: found, index }) => ({
      file,
      line: source.slice(0, offsets[index]).split('\n').length,
      text: text.slice(Math.max(0, index - 20), index + found.length + 30).trim(),
      advice,
    })),
  ).sort((a, b) => a.line - b.line);
}

/** The files with prose, by path from the root. */
function filesWithProse() {
  const below = FOLDERS.flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
  );
  return [...readdirSync(root), ...below.map((path) => path.replaceAll('\\', '/'))]
    .filter((file) => KINDS.test(file) && !EXCEPT.test(file))
    .filter((file) => file.includes('/') || file.endsWith('.md'))
    .sort();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const violations = filesWithProse().flatMap((file) => checkProse(file, readFileSync(`${root}/${file}`, 'utf8')));
  for (const { file, line, text, advice } of violations) console.error(`${file}:${line}: "${text}": ${advice}`);
  if (violations.length > 0) {
    console.error(`${violations.length} phrases; CONTRIBUTING.md, "How we write", has the rules`);
    process.exit(1);
  }
}
